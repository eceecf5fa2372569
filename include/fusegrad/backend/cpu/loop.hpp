// One loop of a scheduled program over contiguous arrays: every input is read once, every output written once, all
// reductions are accumulated on the way. Sees a program, its schedule and the operations' values; no expression.
#pragma once

#include "loop_body.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// What loop L does with one vector if all its elements are decided: returns whether they are, does nothing otherwise.
template <class X, int L>
struct decided_body {
  using body = loop_body<X, L, extent_of_vector::whole>;
  FUSEGRAD_INLINE static bool run(const number_file<X>& numbers, const pointers<X>& arrays,
                                  typename body::accumulators& totals, std::ptrdiff_t at, bool stream) {
    typename body::registers values;
    body::compute_all(numbers, arrays, values, at);
    if (simd::any_lane(values.template at<dtype::boolean, body::types::value_slots.of[X::undecided]>())) [[unlikely]]
      return false;
    body::finish(numbers, arrays, values, totals, at, stream);
    return true;
  }
};

/// The numbers that loop L uses.
template <class X, int L>
struct loop_numbers {
  static constexpr int size = X::program.size();
  static constexpr bool selects(int v) {
    const instruction& number = X::program[v];
    if ((number.axes & X::schedule.inner_of(L)) != 0 || number.is(op_kind::constant)) return false;
    for (int user = v + 1; user < size; ++user)
      if (X::schedule.in_loop[L][user] != presence::absent)
        for (int k = 0; k < X::program[user].arity(); ++k)
          if (X::program[user].x[k] == v) return true;
    return false;
  }
};
template <class X>
struct copy_number {
  template <int V>
  FUSEGRAD_INLINE static void run(number_file<X>& to, const number_file<X>& from) {
    to.template at<X::program[V].type, number_slots<X>.of[V]>() =
        from.template at<X::program[V].type, number_slots<X>.of[V]>();
  }
};

/// For each number of the executable `To` that loop L uses, the same number of `From`; -1 where there is none.
template <class To, class From, int L>
inline constexpr auto same_numbers = [] {
  constexpr auto& to = To::program;
  constexpr auto& from = From::program;
  struct {
    int of[to.size() + 1]{};
    bool complete = true;
  } found;
  for (int v = 0; v < to.size(); ++v) {
    found.of[v] = -1;
    for (int w = 0; w < from.size() && to[v].axes == 0 && found.of[v] < 0; ++w) {
      bool same = to[v].op == from[w].op && to[v].type == from[w].type && to[v].index == from[w].index &&
                  to[v].over == from[w].over && from[w].axes == 0 && !to[v].is(op_kind::reduction) &&
                  to[v].immediate == from[w].immediate;
      for (int k = 0; k < to[v].arity() && same; ++k) same = found.of[to[v].x[k]] == from[w].x[k];
      if (same) found.of[v] = w;
    }
    found.complete = found.complete && (!loop_numbers<To, L>::selects(v) || found.of[v] >= 0);
  }
  return found;
}();
template <class To, class From, int L>
struct copy_same_number {
  template <int V>
  FUSEGRAD_INLINE static void run(number_file<To>& to, const number_file<From>& from) {
    to.template at<To::program[V].type, number_slots<To>.of[V]>() = number<From, same_numbers<To, From, L>.of[V]>(from);
  }
};

/// Can loop L of X be that of its executable for decided elements, D, vector by vector?
template <class X, class D, int L>
constexpr bool may_decide() {
  if (D::schedule.loops != X::schedule.loops || D::program.output_count != X::program.output_count + 1) return false;
  if (loop_plan<D, L>::lanes != loop_plan<X, L>::lanes || D::program[D::undecided].axes == 0) return false;
  for (int k = 0; k < X::program.output_count; ++k)
    if (D::program[D::program.outputs[k]].axes != X::program[X::program.outputs[k]].axes) return false;
  using mine = typename loop_plan<X, L>::totals;
  using theirs = typename loop_plan<D, L>::totals;
  if (mine::size != theirs::size) return false;
  for (int k = 0; k < mine::size; ++k) {
    const auto &a = X::program[mine::at[k]], &b = D::program[theirs::at[k]];
    if (a.op != b.op || a.type != b.type) return false;
  }
  return same_numbers<D, X, L>.complete;
}
template <class X, int L>
constexpr bool decides() {
  if constexpr (requires { typename X::decided; })
    if constexpr (!std::is_void_v<typename X::decided>) return may_decide<X, typename X::decided, L>();
  return false;
}

/// What happens to the accumulators of loop L around its body.
template <class X, int L>
struct accumulation {
  using accumulators = typename vectors<X, L>::accumulators;
  using totals = typename loop_plan<X, L>::totals;
  template <int V>
  using reduction = typename vectors<X, L>::template reduction<V>;

  struct reset {
    template <int V>
    FUSEGRAD_INLINE static void run(accumulators& a) {
      reduction<V>::reset(a);
    }
  };
  struct merge {
    template <int V>
    FUSEGRAD_INLINE static void run(accumulators& to, const accumulators& from) {
      reduction<V>::merge(to, from);
    }
  };
  struct close {
    template <int V>
    FUSEGRAD_INLINE static void run(const accumulators& a, block_values<X, L>& values) {
      values.template of<V>() = reduction<V>::across(a);
    }
  };
};

/// Adds the totals of an executable's decided vectors to those of the others.
template <class X, class D, int L, int... V, int... W>
FUSEGRAD_INLINE void merge_decided(typename accumulation<X, L>::accumulators& to,
                                   const typename accumulation<D, L>::accumulators& from, ir::list<V...>,
                                   ir::list<W...>) {
  (accumulation<X, L>::template reduction<V>::template merge<typename accumulation<D, L>::template reduction<W>>(to,
                                                                                                                 from),
   ...);
}

/// Runs loop L over elements [begin, end) and returns what they contribute to its reductions.
template <class X, int L, int... U>
FUSEGRAD_INLINE block_values<X, L> run_block_here(const number_file<X>& caller_numbers,
                                                  const pointers<X>& caller_arrays, std::ptrdiff_t begin,
                                                  std::ptrdiff_t end, bool stream, std::integer_sequence<int, U...>) {
  using types = vectors<X, L>;
  using reductions = accumulation<X, L>;
  constexpr int lanes = loop_plan<X, L>::lanes, in_flight = sizeof...(U);
  // copies that no store can change
  const pointers<X> arrays(caller_arrays);
  number_file<X> numbers;
  for_each_value<copy_number<X>>(list_of<loop_numbers<X, L>>{}, numbers, caller_numbers);
  typename types::accumulators accumulators[in_flight];
  (for_each_value<typename reductions::reset>(typename reductions::totals{}, accumulators[U]), ...);

  if (begin + arrays.origin == 0)
    for_each_value<typename loop_body<X, L, extent_of_vector::whole>::clear_carry>(typename loop_plan<X, L>::scans{},
                                                                                   arrays);
  constexpr bool one_body = loop_plan<X, L>::one_body;
  constexpr extent_of_vector last =
      one_body || loop_plan<X, L>::outputs::size > 0 ? extent_of_vector::either : extent_of_vector::partial;
  constexpr elements_of_row elements =
      marked_element<X, L>::exists && !decides<X, L>() ? elements_of_row::unmarked : elements_of_row::all;
  // the vector of the marked element, computed before the loop overwrites what it may be computed from
  using at_mark = loop_body<X, L, extent_of_vector::either, elements_of_row::marked>;
  [[maybe_unused]] typename types::values marked_values;
  [[maybe_unused]] std::ptrdiff_t marked = begin;
  [[maybe_unused]] int marked_count = 0;
  [[maybe_unused]] bool has_mark = false;
  if constexpr (elements == elements_of_row::unmarked) {
    const auto position = static_cast<std::int64_t>(number<X, marked_element<X, L>::found.position>(numbers));
    has_mark = position >= begin + arrays.origin && position < end + arrays.origin;
    if (has_mark) marked += (static_cast<std::ptrdiff_t>(position) - arrays.origin - begin) / lanes * lanes;
    marked_count = end - marked < lanes ? static_cast<int>(end - marked) : lanes;
    at_mark::compute_all(numbers, arrays, marked_values, marked, marked_count);
    at_mark::reduce(numbers, marked_values, accumulators[0], marked_count);
  }
  std::ptrdiff_t at = begin;
  if constexpr (decides<X, L>()) {
    using decided = typename X::decided;
    const pointers<decided> same_arrays(arrays);
    number_file<decided> same;
    for_each_value<copy_same_number<decided, X, L>>(list_of<loop_numbers<decided, L>>{}, same, numbers);
    using theirs = accumulation<decided, L>;
    typename theirs::accumulators totals;
    for_each_value<typename theirs::reset>(typename theirs::totals{}, totals);
    for (; at + lanes <= end; at += lanes) {
      if (decided_body<decided, L>::run(same, same_arrays, totals, at, stream)) continue;
      typename types::values values;
      loop_body<X, L, last>::run(numbers, arrays, values, accumulators[0], at, lanes, one_body && stream);
    }
    merge_decided<X, decided, L>(accumulators[0], totals, typename accumulation<X, L>::totals{},
                                 typename theirs::totals{});
  } else if constexpr (!one_body)
    for (; at + lanes * in_flight <= end; at += lanes * in_flight) {
      typename types::values values[in_flight];
      (loop_body<X, L, extent_of_vector::whole, elements>::run(numbers, arrays, values[U], accumulators[U],
                                                               at + U * lanes, lanes, stream),
       ...);
    }
  for (; at < end; at += lanes) {
    typename types::values values;
    const int count = end - at < lanes ? static_cast<int>(end - at) : lanes;
    loop_body<X, L, last, elements>::run(numbers, arrays, values, accumulators[0], at, count, stream);
  }
  if constexpr (elements == elements_of_row::unmarked)
    if (has_mark) at_mark::write(numbers, arrays, marked_values, marked, stream, marked_count);

  merge_pairwise<typename reductions::merge, typename reductions::totals>(accumulators);
  block_values<X, L> values{};
  for_each_value<typename reductions::close>(typename reductions::totals{}, accumulators[0], values);
  return values;
}

template <class X, int L>
[[gnu::noinline]] block_values<X, L> run_block(const number_file<X>& numbers, const pointers<X>& arrays,
                                               std::ptrdiff_t begin, std::ptrdiff_t end, bool stream) {
  return run_block_here<X, L>(numbers, arrays, begin, end, stream,
                              std::make_integer_sequence<int, loop_plan<X, L>::in_flight>{});
}
/// For the one block of a call: without a call of its own where the loop is short.
template <class X, int L>
FUSEGRAD_INLINE block_values<X, L> run_only_block(const number_file<X>& numbers, const pointers<X>& arrays,
                                                  std::ptrdiff_t elements) {
  if constexpr (loop_plan<X, L>::values::size <= inlined_body) {
    pointers<X> anywhere(arrays);
    anywhere.forget_sizes();
    return run_block_here<X, L>(numbers, anywhere, 0, elements, false,
                                std::make_integer_sequence<int, loop_plan<X, L>::in_flight>{});
  } else {
    return run_block<X, L>(numbers, arrays, 0, elements, false);
  }
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
