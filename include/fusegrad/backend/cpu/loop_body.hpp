// What a loop does with one vector of elements: loads, computes, stores, and gathers for reductions.
#pragma once

#include "../../ops/comparison.hpp"
#include "arrays.hpp"
#include "loop_plan.hpp"
#include "numbers.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {
template <class T, int W>
FUSEGRAD_INLINE pack<T, W> multiply_add(pack<T, W> x, pack<T, W> y, pack<T, W> z) {
  using math::fma;
  return fma(x, y, z);
}
}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// 0, 1, 2, ... in the lanes of a vector.
template <class V>
FUSEGRAD_INLINE V first_numbers() {
  typename V::value_type numbers[static_cast<std::size_t>(V::width)];
  for (int lane = 0; lane < V::width; ++lane) numbers[lane] = static_cast<typename V::value_type>(lane);
  return V::load(numbers);
}

/// How many lanes of a vector a loop's body processes: all of them, the first `count`, or as many as `count` says,
/// which may be all.
enum class extent_of_vector { whole, partial, either };

/// The condition of loop L of X that holds for one element of a row at most, the marked one: its position equals a
/// number of the row. The loop runs as if there were no such element; the vector that holds it is computed by itself.
template <class X, int L>
struct marked_element {
  static constexpr auto& program = X::program;
  static constexpr auto& schedule = X::schedule;
  using plan = loop_plan<X, L>;

  struct mark {
    int condition = -1, position = -1;
    bool depends[X::program.size() > 0 ? X::program.size() : 1]{};  ///< on the condition, within the loop
  };
  static constexpr mark found = [] {
    mark m;
    for (int v = 0; v < program.size(); ++v) {
      if (schedule.in_loop[L][v] == presence::absent || schedule.in_loop[L][v] == presence::loaded) continue;
      if (program[v].is(op_kind::scan)) return mark{};  // it must not see an element twice
      for (int k = 0; k < program[v].arity(); ++k) m.depends[v] = m.depends[v] || m.depends[program[v].x[k]];
      if (m.condition >= 0 || program[v].op != &ir::info<equal_t>) continue;
      for (int k = 0; k < 2; ++k) {
        int index = program[v].x[k];
        if (is_floating(program[index].type)) continue;
        while (program[index].is(op_kind::convert)) index = program[index].x[0];
        if (!program[index].is(op_kind::index) || program[index].axes != plan::inner) continue;
        if ((program[program[v].x[1 - k]].axes & plan::inner) != 0) continue;
        m.condition = v;
        m.position = program[v].x[1 - k];
        m.depends[v] = true;
      }
    }
    return m;
  }();

  /// Is v one of two values, by the condition?
  static constexpr bool selects(int v) {
    return program[v].op == &ir::info<where_t> && program[v].x[0] == found.condition;
  }
  /// Does reduction V take nothing from other elements than the marked one?
  template <int V>
  static constexpr bool takes_marked_only() {
    constexpr int x = program[V].x[0];
    if constexpr (selects(x) && program[V].type == program[x].type && program[program[x].x[2]].is(op_kind::constant)) {
      using T = type_of<program[V].type>;
      using op = ir::op_type<program[V].op>;
      if constexpr (requires { op::template identity<T>(); })
        return program[program[x].x[2]].value().template as<T>() == op::template identity<T>();
    }
    return false;
  }
  static constexpr bool exists = [] {
    if (found.condition < 0) return false;
    for (int v = 0; v < program.size(); ++v) {
      if (found.depends[v] && program[v].is(op_kind::scan)) return false;
      if (plan::column_reductions::selects(v) && found.depends[program[v].x[0]]) return false;
    }
    return [&]<int... V>(ir::list<V...>) {
      return (true && ... && (!found.depends[program[V].x[0]] || takes_marked_only<V>()));
    }(typename plan::totals{});
  }();
};

/// The elements of a row that a loop's body is for.
enum class elements_of_row {
  all,
  alike,     ///< all, where the conditions that are numbers of the row hold
  unmarked,  ///< all, as if none were marked
  marked     ///< the vector with the marked element: what differs there
};

/// What a vector of a loop costs to compute, roughly: functions more than arithmetic.
template <class X>
constexpr int cost_of_loop(int loop) {
  int cost = 0;
  for (int v = 0; v < X::program.size(); ++v) {
    const presence here = X::schedule.in_loop[loop][v];
    if (here != presence::computed && here != presence::kept_for_row) continue;
    const ir::op_info& op = *X::program[v].op;
    cost += op.kind == op_kind::elementwise && op.fold == nullptr && op.operands == ir::operand_rule::real ? 8 : 1;
  }
  return cost;
}

/// The arrays of which one of several loops over a row fetches the next row: the processor does so late, for it sees a
/// row again and again before the next one. That is the loop after the first that computes most, and so leaves memory
/// alone the longest.
template <class X, int L>
struct fetched_ahead {
  static constexpr auto& schedule = X::schedule;
  static constexpr auto& kernel = X::schedule.kernels[X::schedule.kernel_of[L]];
  static constexpr int last_loop = kernel.first_loop + kernel.phases - 1;
  static constexpr bool fetches = [] {
    if (L == kernel.first_loop) return false;
    for (int loop = kernel.first_loop + 1; loop <= last_loop; ++loop)
      if (cost_of_loop<X>(loop) > cost_of_loop<X>(L) || (loop > L && cost_of_loop<X>(loop) == cost_of_loop<X>(L)))
        return false;
    return true;
  }();
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    if (!fetches || !X::program[v].is(op_kind::input) || X::program[v].axes != kernel.domain()) return false;
    for (int loop = kernel.first_loop; loop <= last_loop; ++loop)
      if (schedule.in_loop[loop][v] == presence::loaded) return true;
    return false;
  }
};

/// The arrays of which a loop that is not over rows fetches what comes next, where its outputs bypass the caches.
template <class X, int L>
struct fetched_from_streams {
  static constexpr bool fetches = [] {
    if (X::schedule.kernels[X::schedule.kernel_of[L]].outer != 0) return false;
    for (int k = 0; k < X::program.output_count; ++k)
      if (X::schedule.store_loop[k] == L) return true;
    return false;
  }();
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) { return fetches && X::schedule.in_loop[L][v] == presence::loaded; }
};

/// Is value v one of two by a condition that is a number of the row? What is loaded was chosen elsewhere.
template <class X, int L>
constexpr bool selects_by_row(int v) {
  const instruction& i = X::program[v];
  if (i.op != &ir::info<where_t> || loop_plan<X, L>::loads(v)) return false;
  const ir::axis_set axes = X::program[i.x[0]].axes;
  return axes != 0 && (axes & loop_plan<X, L>::inner) == 0;
}

/// What loop L does with one vector of elements, those from `at` on.
template <class X, int L, extent_of_vector Extent, elements_of_row Elements = elements_of_row::all>
struct loop_body {
  static constexpr bool whole = Extent == extent_of_vector::whole;
  static constexpr bool unmarked = Elements == elements_of_row::unmarked;
  static constexpr bool marked = Elements == elements_of_row::marked;
  static constexpr bool alike = Elements == elements_of_row::alike;

  using plan = loop_plan<X, L>;
  using mark = marked_element<X, L>;
  using types = vectors<X, L>;
  using registers = typename types::values;
  using accumulators = typename types::accumulators;
  template <dtype Type>
  using vector_of = typename types::template of<Type>;

  FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                  accumulators& totals, std::ptrdiff_t at, int count, bool stream) {
    if constexpr (whole) {
      const std::ptrdiff_t in_next_row = at + arrays.ahead, beyond = 0;
      for_each_value<fetch>(list_of<fetched_ahead<X, L>>{}, arrays, in_next_row, beyond);
    }
    compute_all(numbers, arrays, values, at, count);
    finish(numbers, arrays, values, totals, at, stream, count);
  }
  FUSEGRAD_INLINE static void compute_all(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                          std::ptrdiff_t at, int count = plan::lanes) {
    for_each_value<compute>(typename plan::values{}, numbers, arrays, values, at, count);
  }
  FUSEGRAD_INLINE static void finish(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                     accumulators& totals, std::ptrdiff_t at, bool stream, int count = plan::lanes) {
    write(numbers, arrays, values, at, stream, count);
    reduce(numbers, values, totals, count);
    for_each_value<add_to_column>(typename plan::columns{}, numbers, arrays, values, at, count);
  }
  FUSEGRAD_INLINE static void write(const number_file<X>& numbers, const pointers<X>& arrays, const registers& values,
                                    std::ptrdiff_t at, bool stream, int count = plan::lanes) {
    if constexpr (Extent != extent_of_vector::partial && fetched_from_streams<X, L>::fetches)
      if (stream) {
        const std::ptrdiff_t here = apart(at);
        for_each_value<fetch>(list_of<fetched_from_streams<X, L>>{}, arrays, here, streams_ahead_bytes);
      }
    for_each_value<store>(typename plan::outputs{}, numbers, arrays, values, at, count, stream);
    for_each_value<keep_value>(typename plan::keeps{}, arrays, values, at, count);
  }
  FUSEGRAD_INLINE static void reduce(const number_file<X>& numbers, const registers& values, accumulators& totals,
                                     int count = plan::lanes) {
    for_each_value<accumulate>(typename plan::totals{}, numbers, values, totals, count);
  }

  /// What reduction V takes.
  template <int V>
  FUSEGRAD_INLINE static auto operand(const number_file<X>& numbers, const registers& values) {
    return accumulate::template as<X::program[V].type>(vector<X::program[V].x[0]>(numbers, values));
  }

  struct clear_carry {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& arrays) {
      carry<V>(arrays) = {};
    }
  };

 private:
  /// A position where outputs bypass the caches. g++ would compute addresses for both kinds of stores ahead of the
  /// branch between them, and run out of registers.
  FUSEGRAD_INLINE static std::ptrdiff_t apart(std::ptrdiff_t at) {
    asm("" : "+r"(at));
    return at;
  }

  /// Value V as a vector of its type.
  template <int V>
  FUSEGRAD_INLINE static auto vector(const number_file<X>& numbers, const registers& values) {
    constexpr dtype type = X::program[V].type;
    if constexpr ((X::program[V].axes & plan::inner) == 0) return vector_of<type>(number<X, V>(numbers));
    else return values.template at<type, types::value_slots.of[V]>();
  }

  struct fetch {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& arrays, std::ptrdiff_t at, std::ptrdiff_t bytes) {
      using stored = typename stored_type<X, V>::type;
      const auto* const row = static_cast<const unsigned char*>(arrays.in[position_in<array_list<X>>(V)]);
      __builtin_prefetch(row + at * static_cast<std::ptrdiff_t>(sizeof(stored)) + bytes);
    }
  };

  /// What scan V has come to before this vector.
  template <int V>
  FUSEGRAD_INLINE static auto& carry(const pointers<X>& arrays) {
    using total = running_total<ir::op_type<X::program[V].op>, type_of<X::program[V].type>>;
    return *static_cast<total*>(arrays.carry[position_in<scan_list<X>>(V)]);
  }
  template <int V, class Vector>
  FUSEGRAD_INLINE static Vector scan(Vector x, const pointers<X>& arrays) {
    using op = ir::op_type<X::program[V].op>;
    const Vector within = along_lanes<op>(x);
    const Vector before(static_cast<typename Vector::value_type>(carry<V>(arrays).value()));
    carry<V>(arrays).add(within[Vector::width - 1]);
    return op::combine(before, within);
  }

 public:
  struct compute {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, registers& values,
                                    std::ptrdiff_t at, int count) {
      constexpr dtype type = X::program[V].type;
      using result = vector_of<type>;
      constexpr op_kind kind = X::program[V].op->kind;
      auto& value = values.template at<type, types::value_slots.of[V]>();
      if constexpr (alike && selects_by_row<X, L>(V)) {
        value = vector<X::program[V].x[1]>(numbers, values);
      } else if constexpr (unmarked && V == mark::found.condition) {
        value = result(false);
      } else if constexpr (unmarked && mark::selects(V)) {
        value = vector<X::program[V].x[2]>(numbers, values);
      } else if constexpr (plan::loads(V)) {
        using stored = typename stored_type<X, V>::type;
        const auto* const p = static_cast<const stored*>(arrays.in[position_in<array_list<X>>(V)]) + at;
        if constexpr (type == dtype::boolean || std::is_same_v<stored, type_of<type>>)
          value = whole ? result::load(p) : result::load(p, count);
        else value = whole ? result::load_as(p) : result::load_as(p, count);
      } else if constexpr (kind == op_kind::index) {
        value = result(static_cast<type_of<type>>(arrays.origin + at)) + first_numbers<result>();
      } else if constexpr (kind == op_kind::scan) {
        value = scan<V>(vector<X::program[V].x[0]>(numbers, values), arrays);
      } else if constexpr (kind == op_kind::broadcast) {
        value = vector<X::program[V].x[0]>(numbers, values);
      } else if constexpr (kind == op_kind::convert) {
        const auto x = vector<X::program[V].x[0]>(numbers, values);
        if constexpr (type == dtype::boolean) value = result(x != decltype(x)(0));
        else value = simd::convert<type_of<type>>(x);
      } else {
        value = apply<V, result>(numbers, values,
                                 std::make_index_sequence<static_cast<std::size_t>(X::program[V].arity())>{});
      }
    }

    template <int V, class Result, std::size_t... K>
    FUSEGRAD_INLINE static Result apply(const number_file<X>& numbers, const registers& values,
                                        std::index_sequence<K...>) {
      using op = ir::op_type<X::program[V].op>;
      if constexpr (requires { op::value(vector<X::program[V].x[K]>(numbers, values)...); })
        return Result(op::value(vector<X::program[V].x[K]>(numbers, values)...));
      else
        return simd::per_lane([](auto... x) { return op::value(x...); },
                              vector<X::program[V].x[K]>(numbers, values)...);
    }
  };

 private:
  /// Adds a row, which is a part of those until now, to moments of which each number but their count has an array.
  template <class Moments, class T, class V>
  FUSEGRAD_INLINE static void add_to_moments(T* p, V x, std::ptrdiff_t size, T part, int count) {
    auto load = [&](const T* from) __attribute__((always_inline)) {
      return whole ? V::load(from) : V::load(from, count);
    };
    auto store = [&](T * to, V v) __attribute__((always_inline)) {
      if constexpr (whole) v.store(to);
      else v.store(to, count);
    };
    if (part == T(1)) store(p, x);
    Moments m{V(T(0)), load(p), load(p + size), load(p + 2 * size)};
    m.add(x, V(part));
    store(p + size, m.offset);
    store(p + 2 * size, m.deviations);
  }

  struct keep_value {
    template <int V>
    FUSEGRAD_INLINE static void run(const pointers<X>& arrays, const registers& values, std::ptrdiff_t at, int count) {
      if constexpr (marked && !mark::found.depends[V]) return;
      constexpr dtype type = X::program[V].type;
      auto* const p = static_cast<type_of<type>*>(const_cast<void*>(arrays.in[position_in<array_list<X>>(V)])) + at;
      const auto x = values.template at<type, types::value_slots.of[V]>();
      if constexpr (whole) x.store(p);
      else x.store(p, count);
    }
  };

  struct add_to_column {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, const registers& values,
                                    std::ptrdiff_t at, int count) {
      constexpr dtype type = X::program[V].type;
      using op = ir::op_type<X::program[V].op>;
      using vector_type = vector_of<type>;
      auto* const p = static_cast<type_of<type>*>(arrays.sum[position_in<sum_list<X>>(V)]) + at;
      const vector_type x = accumulate::template as<type>(vector<X::program[V].x[0]>(numbers, values));
      if constexpr (gathers_moments<op>) {
        const auto& of = arrays.moments[position_in<sum_list<X>>(V)];
        return add_to_moments<typename op::template moments<vector_type>>(p, x, of.size,
                                                                          static_cast<type_of<type>>(of.part), count);
      }
      const vector_type before = whole ? vector_type::load(p) : vector_type::load(p, count);
      const vector_type after = op::combine(before, x);
      if constexpr (whole) after.store(p);
      else after.store(p, count);
    }
  };

  struct store {
    template <int K>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const pointers<X>& arrays, const registers& values,
                                    std::ptrdiff_t at, int count, bool stream) {
      constexpr int v = X::program.outputs[K];
      if constexpr (marked && !mark::found.depends[v]) return;
      constexpr dtype type = X::program[v].type;
      auto* const p = static_cast<type_of<type>*>(arrays.out[K]) + at;
      const auto x = vector<v>(numbers, values);
      if constexpr (type != dtype::boolean && Extent != extent_of_vector::partial)
        if (stream && (whole || count == plan::lanes))
          return x.stream(static_cast<type_of<type>*>(arrays.out[K]) + apart(at));
      if constexpr (whole) x.store(p);
      else x.store(p, count);
    }
  };

  struct accumulate {
    template <int V>
    FUSEGRAD_INLINE static void run(const number_file<X>& numbers, const registers& values, accumulators& totals,
                                    int count) {
      constexpr dtype type = X::program[V].type;
      using op = ir::op_type<X::program[V].op>;
      if constexpr (marked || unmarked)
        if (marked != mark::found.depends[X::program[V].x[0]]) return;
      vector_of<type> x = as<type>(vector<X::program[V].x[0]>(numbers, values));
      if constexpr (!whole) {
        using math::where;
        constexpr auto identity = op::template identity<type_of<type>>();
        using condition = vector_of<dtype::boolean>;
        const condition valid = condition::first(count);
        if constexpr (type == dtype::boolean) x = identity ? (x || !valid) : (x && valid);
        else x = where(valid, x, vector_of<type>(identity));
      }
      types::template reduction<V>::add(totals, x);
    }
    template <dtype Type, class V>
    FUSEGRAD_INLINE static auto as(V x) {
      if constexpr (std::is_same_v<V, vector_of<Type>>) return x;
      else return simd::convert<type_of<Type>>(x);
    }
  };
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
