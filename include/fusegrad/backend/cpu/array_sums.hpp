// Arrays of sums: what the rows of a kernel add up to where they vary along a row, or from some rows to others. Rows
// are dealt to groups; each has the elements that its rows reach, and what several have is added up in their order.
#pragma once

#include "walk.hpp"
#include "workspace.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// The pointer, of which the compiler forgets where it comes from: g++ 12 reaches two arrays of different types by one
/// address where it can, believes that a function that does nothing else has no effect, and drops its calls
/// (findings/gcc-12-drops-calls.sh).
template <class T>
T* apart(T* p) {
  asm("" : "+r"(p));
  return p;
}

/// How the sums of an operation lie in memory and grow: a number of rows are added in the type of the result, such sums
/// in double. `flush` does that for some elements. Its functions are called, so that they are compiled once for all
/// programs.
template <class Op, class Narrow>
struct array_sum {
  using op = Op;
  using narrow = Narrow;
  static constexpr bool widens = std::is_floating_point_v<narrow> && requires { requires op::additive; };
  using wide = std::conditional_t<widens, double, narrow>;

  static std::size_t bytes(std::size_t elements) {
    return aligned_bytes(elements * sizeof(narrow)) + (widens ? aligned_bytes(elements * sizeof(double)) : 0);
  }
  static wide* wide_part(narrow* sums, std::size_t elements) {
    if constexpr (widens)
      return apart(
          reinterpret_cast<double*>(reinterpret_cast<unsigned char*>(sums) + aligned_bytes(elements * sizeof(narrow))));
    else return sums;
  }
  [[gnu::noinline]] static void clear(narrow* sums, std::size_t elements) {
    for (std::size_t i = 0; i < elements; ++i) sums[i] = op::template identity<narrow>();
    if constexpr (widens)
      for (std::size_t i = 0; i < elements; ++i) wide_part(sums, elements)[i] = 0;
  }
  static void merge(wide& to, const wide& from) { to = op::combine(to, from); }
  static narrow result(const wide& sum) { return static_cast<narrow>(sum); }
  [[gnu::noinline]] static void flush(narrow* sums, std::size_t elements, std::size_t first, std::size_t last,
                                      std::size_t) {
    if constexpr (widens) {
      double* const to = wide_part(sums, elements);
      for (std::size_t i = first; i < last; ++i) {
        to[i] += static_cast<double>(sums[i]);
        sums[i] = 0;
      }
    }
  }
};

/// The same where moments are gathered: pivots, offsets and deviations, array after array, and for each row of these
/// how many rows were added to it.
template <class Op, class Narrow>
  requires gathers_moments<Op>
struct array_sum<Op, Narrow> {
  using op = Op;
  using narrow = Narrow;
  using moments = typename op::template moments<double>;

  static std::size_t narrow_bytes(std::size_t elements) { return aligned_bytes(3 * elements * sizeof(narrow)); }
  static std::size_t bytes(std::size_t elements) {
    return narrow_bytes(elements) + aligned_bytes(elements * (sizeof(moments) + sizeof(std::ptrdiff_t)));
  }
  static moments* wide_part(narrow* sums, std::size_t elements) {
    return apart(reinterpret_cast<moments*>(reinterpret_cast<unsigned char*>(sums) + narrow_bytes(elements)));
  }
  static std::ptrdiff_t* rows_added(narrow* sums, std::size_t elements) {
    return reinterpret_cast<std::ptrdiff_t*>(wide_part(sums, elements) + elements);
  }
  [[gnu::noinline]] static void clear(narrow* sums, std::size_t elements) {
    for (std::size_t i = 0; i < 3 * elements; ++i) sums[i] = 0;
    for (std::size_t i = 0; i < elements; ++i) wide_part(sums, elements)[i] = {0, 0, 0, 0};
    for (std::size_t i = 0; i < elements; ++i) rows_added(sums, elements)[i] = 0;
  }
  [[gnu::noinline]] static void flush(narrow* sums, std::size_t elements, std::size_t first, std::size_t last,
                                      std::size_t of_row) {
    if (first == last) return;
    std::ptrdiff_t* rows = rows_added(sums, elements) + first / of_row;
    for (std::size_t start = first; start < last; start += of_row, *rows++ = 0)
      for (std::size_t i = start; i < start + of_row; ++i) {
        narrow *const pivot = sums + i, *const offset = pivot + elements, *const squares = offset + elements;
        wide_part(sums, elements)[i].add(moments{static_cast<double>(*rows), *pivot, *offset, *squares});
        *offset = *squares = 0;
      }
  }
  static void merge(moments& to, const moments& from) { to.add(from); }
  static narrow result(const moments& m) { return static_cast<narrow>(m.deviations); }
};

/// Elements from `begin` to before `end`.
struct element_range {
  std::ptrdiff_t begin, end;
  std::size_t size() const { return static_cast<std::size_t>(end - begin); }
};

/// The array of sums of reduction V in kernel K.
template <class X, int K, int V>
struct array_of_sums : array_sum<ir::op_type<X::program[V].op>, type_of<X::program[V].type>> {
  using way_type = walk<X, K>;
  using row_index = typename way_type::row_index;
  static constexpr axis_set axes = X::program[V].axes, outer = axes & way_type::kernel.outer;
  static constexpr std::size_t slot = static_cast<std::size_t>(position_in<sum_list<X>>(V));
  /// Do rows that follow one another reach elements that do?
  static constexpr bool in_order = outer == 0 || (axes & ~outer) < (outer & (~outer + 1));

  static std::ptrdiff_t size(const way_type& way) {
    std::ptrdiff_t all = 1;
    for (int a = 0; a < ir::max_axes; ++a)
      if (ir::has_axis(axes, a)) all *= way.extent(a);
    return all;
  }
  static std::ptrdiff_t stride(const way_type& way, std::size_t k) {
    return packed_stride<axes>(way.extents, way_type::outer_axes::value[k]);
  }
  static bool varies_along(std::size_t k) { return ir::has_axis(axes, way_type::outer_axes::value[k]); }

  /// Where a row's elements begin.
  FUSEGRAD_INLINE static std::ptrdiff_t offset(const way_type& way, const row_index& index) {
    std::ptrdiff_t made = 0;
    for (std::size_t k = 0; k < way_type::outer_count; ++k) made += index[k] * stride(way, k);
    return made;
  }

  /// What the rows from `first` to `last` reach, and perhaps some elements more.
  static element_range reached(const way_type& way, const row_index& first, const row_index& last) {
    std::ptrdiff_t begin = 0, span = size(way);
    for (std::size_t k = 0; k < way_type::outer_count && in_order; ++k) {
      if (varies_along(k)) {
        span = stride(way, k);
        begin += first[k] * span;
        if (first[k] != last[k]) return {begin, begin + (last[k] - first[k] + 1) * span};
      } else if (first[k] != last[k]) {
        break;
      }
    }
    return {begin, begin + span};
  }

  /// The outermost axis along which there is more than one row: along that groups share out the array, if it varies.
  static std::size_t outermost(const way_type& way) {
    std::size_t k = 0;
    while (k + 1 < way_type::outer_count && way.outer_extents[k] == 1) ++k;
    return k;
  }
  static bool is_shared_out(const way_type& way) {
    return in_order && way_type::outer_count > 0 && varies_along(outermost(way));
  }
  /// Elements that two groups both have, at most.
  static std::ptrdiff_t in_common(const way_type& way) {
    return is_shared_out(way) ? stride(way, outermost(way)) : size(way);
  }
  /// What a group has of the array: groups that follow one another have parts that do.
  static element_range part_of_group(const way_type& way, const row_index& first, const row_index& last) {
    if (!is_shared_out(way)) return {0, size(way)};
    const std::size_t k = outermost(way);
    return {first[k] * stride(way, k), (last[k] + 1) * stride(way, k)};
  }
};

/// The sums of one group of rows.
template <class X, int K>
class group_sums {
  using way_type = walk<X, K>;
  using row_index = typename way_type::row_index;
  using sums = typename kernel_arrays<X, K>::sums;
  static constexpr std::size_t slots = pointers<X>::sums > 0 ? pointers<X>::sums : 1;
  template <int V>
  using array = array_of_sums<X, K, V>;

 public:
  explicit group_sums(const way_type& way) : way_(&way) {}

  /// What the group has of the array of reduction V.
  template <int V>
  element_range part() const {
    return part_[array<V>::slot];
  }
  template <int V>
  auto* begin() const {
    return static_cast<typename array<V>::narrow*>(begin_[array<V>::slot]);
  }
  template <int V>
  auto* wide() const {
    return array<V>::wide_part(begin<V>(), part<V>().size());
  }

  template <int V>
  void place(element_range part, void* memory) {
    part_[array<V>::slot] = part;
    begin_[array<V>::slot] = memory;
  }
  void clear() const { for_each_value<clear_one>(sums{}, *this); }
  /// Points at the sums to which a row adds.
  FUSEGRAD_INLINE void point_at(pointers<X>& arrays, const row_index& index) const {
    for_each_value<point_at_one>(sums{}, *this, arrays, index);
  }
  /// Adds what the rows from `first` to `last` have come to in the type of the result to the sums in double.
  void flush(const row_index& first, const row_index& last) const {
    for_each_value<flush_one>(sums{}, *this, first, last);
  }

 private:
  struct clear_one {
    template <int V>
    static void run(const group_sums& g) {
      array<V>::clear(g.begin<V>(), g.part<V>().size());
    }
  };
  struct point_at_one {
    template <int V>
    FUSEGRAD_INLINE static void run(const group_sums& g, pointers<X>& arrays, const row_index& index) {
      const std::ptrdiff_t at = array<V>::offset(*g.way_, index) - g.part_[array<V>::slot].begin;
      arrays.sum[array<V>::slot] = g.template begin<V>() + at;
      if constexpr (gathers_moments<typename array<V>::op>) {
        const std::size_t size = g.template part<V>().size();
        auto& of = arrays.moments[array<V>::slot];
        of.size = static_cast<std::ptrdiff_t>(size);
        of.rows = array<V>::rows_added(g.template begin<V>(), size) + (size == 0 ? 0 : at / g.way_->elements);
      }
    }
  };
  struct flush_one {
    template <int V>
    static void run(const group_sums& g, const row_index& first, const row_index& last) {
      const element_range part = g.part<V>(), some = array<V>::reached(*g.way_, first, last);
      array<V>::flush(g.begin<V>(), part.size(), static_cast<std::size_t>(some.begin - part.begin),
                      static_cast<std::size_t>(some.end - part.begin), static_cast<std::size_t>(g.way_->elements));
    }
  };

  const way_type* way_;
  element_range part_[slots];
  void* begin_[slots];
};

/// All arrays of sums of kernel K, for so many groups of rows.
template <class X, int K>
class array_sums {
  using way_type = walk<X, K>;
  using sums = typename kernel_arrays<X, K>::sums;
  static constexpr std::size_t slots = pointers<X>::sums > 0 ? pointers<X>::sums : 1;
  template <int V>
  using array = array_of_sums<X, K, V>;

 public:
  /// More groups would spend their time on what they have in common: an eighth of it may be that.
  static std::ptrdiff_t most_groups(const way_type& way) {
    std::ptrdiff_t in_common = 1;
    for_each_value<add_in_common>(sums{}, way, in_common);
    const std::ptrdiff_t worth = way.rows * way.elements / (8 * in_common);
    return worth < 1 ? 1 : worth < max_array_groups ? worth : max_array_groups;
  }

  array_sums(const way_type& way, std::ptrdiff_t groups, std::ptrdiff_t rows_of_group)
      : way_(way), groups_(groups), rows_of_group_(rows_of_group) {
    std::size_t bytes = 0;
    for_each_value<measure>(sums{}, *this, bytes);
    if constexpr (sums::size > 0) memory_ = workspace_.reserve(bytes);
  }

  group_sums<X, K> of(std::ptrdiff_t g) const {
    group_sums<X, K> made(way_);
    for_each_value<place>(sums{}, *this, g, made);
    return made;
  }

  /// Adds up the groups' arrays, and keeps the result for later kernels.
  void finish(void* const* kept) const { for_each_value<finish_one>(sums{}, *this, kept); }

 private:
  template <int V>
  element_range part(std::ptrdiff_t g) const {
    if (groups_ == 1) return {0, array<V>::size(way_)};
    const std::ptrdiff_t first = g * rows_of_group_;
    if (first >= way_.rows) return {array<V>::size(way_), array<V>::size(way_)};
    const std::ptrdiff_t last = (first + rows_of_group_ < way_.rows ? first + rows_of_group_ : way_.rows) - 1;
    return array<V>::part_of_group(way_, way_.row(first), way_.row(last));
  }

  struct add_in_common {
    template <int V>
    static void run(const way_type& way, std::ptrdiff_t& elements) {
      elements += array<V>::in_common(way);
    }
  };
  struct measure {
    template <int V>
    static void run(array_sums& all, std::size_t& bytes) {
      std::size_t most = 0;
      for (std::ptrdiff_t g = 0; g < all.groups_; ++g) {
        const std::size_t size = all.part<V>(g).size();
        most = size > most ? size : most;
      }
      all.offset_[array<V>::slot] = bytes;
      all.bytes_[array<V>::slot] = array<V>::bytes(most);
      bytes += all.bytes_[array<V>::slot] * static_cast<std::size_t>(all.groups_);
    }
  };
  struct place {
    template <int V>
    static void run(const array_sums& all, std::ptrdiff_t g, group_sums<X, K>& made) {
      constexpr std::size_t slot = array<V>::slot;
      made.template place<V>(all.part<V>(g),
                             all.memory_ + all.offset_[slot] + all.bytes_[slot] * static_cast<std::size_t>(g));
    }
  };
  struct finish_one {
    template <int V>
    static void run(const array_sums& all, void* const* kept) {
      auto* const to = static_cast<typename array<V>::narrow*>(kept[position_in<array_list<X>>(V)]);
      group_sums<X, K> here = all.of(0), before = here;
      for (std::ptrdiff_t g = 0; g < all.groups_; ++g, before = here) {
        if (g > 0) here = all.of(g);
        const element_range own = here.template part<V>(), other = before.template part<V>();
        auto *const mine = here.template wide<V>(), *const theirs = before.template wide<V>();
        if (g > 0)
          for (std::ptrdiff_t i = own.begin; i < own.end && i < other.end; ++i) {
            auto sum = theirs[i - other.begin];
            array<V>::merge(sum, mine[i - own.begin]);
            mine[i - own.begin] = sum;
          }
        const std::ptrdiff_t end = g + 1 < all.groups_ ? all.part<V>(g + 1).begin : own.end;
        for (std::ptrdiff_t i = own.begin; i < own.end && i < end; ++i) to[i] = array<V>::result(mine[i - own.begin]);
      }
    }
  };

  const way_type& way_;
  std::ptrdiff_t groups_, rows_of_group_;
  std::size_t offset_[slots]{}, bytes_[slots]{};
  borrowed_workspace workspace_;
  unsigned char* memory_ = nullptr;
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
