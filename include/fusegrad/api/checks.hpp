// What is checked of a call's arrays before anything is written: that shapes go together, that operations have the
// elements that they need, that outputs have their shapes and destroy nothing that is needed. A program says what it
// asks as data, and functions that know no program walk that and the table of arrays.
#pragma once

#include "executable.hpp"

namespace fusegrad::detail {

/// Two extents that must be equal, by their places in the table; or one that must be 1.
struct equal_extents {
  static constexpr int one_element = -1;
  int first = 0, second = 0;
  std::string_view operation{};
};
/// An extent that must not be 0.
struct needed_extent {
  int place = 0;
  std::string_view operation{};
};

/// What a program asks of the arrays of its calls: of arguments, parts of these, and results, in this order.
struct call_rules {
  const array_entry* entries;
  int inputs, outputs;
  const int* number_of;  ///< of each array: the argument that it is or is a part of (-1: an extent), or which result
  const bool* is_part;   ///< of each input
  const equal_extents* equal;
  int equal_count;
  const needed_extent* needed;
  int needed_count;
  const int* extents_of_outputs;  ///< of each dimension of results: the place of its extent; -1: it has one element
  const bool* may_share;          ///< outputs x inputs: may they share all elements?
};

template <int Arrays, int Dimensions, int Equal, int Needed>
struct rule_tables {
  int number_of[Arrays + 1]{};
  bool is_part[Arrays + 1]{};
  equal_extents equal[Equal + 1]{};
  needed_extent needed[Needed + 1]{};
  int extents_of_outputs[Dimensions + 1]{};
};

/// Where the extents of output k are found in the table, for each of its dimensions, the first one first.
template <class X>
constexpr int place_of_extent(int k, int dimension) {
  const ir::layout& at = X::program.layouts[k];
  const int axis = at.map[at.rank - 1 - dimension];
  const int source = axis < 0 ? -1 : X::program.extents_of(X::program.outputs[k])[axis];
  return source < 0 ? -1 : X::place_of(source);
}

template <class X>
struct rules_of {
  static constexpr int needed_count = [] {
    int n = 0;
    for (int r = 0; r < X::traced.requirement_count; ++r)
      n += std::popcount(X::traced.requirement_list[r].over.known());
    return n;
  }();
  using tables_type = rule_tables<X::entries.inputs + X::entries.outputs, X::entries.dimensions,
                                  X::traced.constraint_count, needed_count>;
  static constexpr tables_type tables = [] {
    constexpr auto& traced = X::traced;
    tables_type made{};
    for (int i = 0; i < X::first_window; ++i)
      if (const int entry = X::entries.of_input[i]; entry >= 0) {
        made.number_of[entry] = X::argument_of(i);
        made.is_part[entry] = i >= X::argument_count;
      }
    for (int c = 0; c < traced.constraint_count; ++c) {
      const ir::constraint& met = traced.constraint_list[c];
      made.equal[c] = {X::place_of(met.first),
                       met.second == ir::constraint::one_element ? equal_extents::one_element : X::place_of(met.second),
                       met.op->name};
    }
    int n = 0;
    for (int r = 0; r < traced.requirement_count; ++r)
      for (ir::axis_set axes = traced.requirement_list[r].over.known(); axes != 0; axes &= axes - 1)
        made.needed[n++] = {X::place_of(traced.requirement_list[r].over[ir::lowest_axis(axes)]),
                            traced.requirement_list[r].op->name};
    n = 0;
    for (int k = 0; k < X::result_count; ++k) {
      if (const int entry = X::entries.of_output[k]; entry >= 0) made.number_of[entry] = k;
      for (int d = 0; d < X::program.layouts[k].rank; ++d) made.extents_of_outputs[n++] = place_of_extent<X>(k, d);
    }
    return made;
  }();
  static constexpr call_rules value{.entries = X::entries.of,
                                    .inputs = X::entries.inputs,
                                    .outputs = X::entries.outputs,
                                    .number_of = tables.number_of,
                                    .is_part = tables.is_part,
                                    .equal = tables.equal,
                                    .equal_count = X::traced.constraint_count,
                                    .needed = tables.needed,
                                    .needed_count = needed_count,
                                    .extents_of_outputs = tables.extents_of_outputs,
                                    .may_share = nullptr};
};

// --- arguments ------------------------------------------------------------------------------------------------------

/// Is it no argument, nor a slice of one, but an extent that none has?
inline bool is_extent(const call_rules& rules, int input) { return rules.number_of[input] < 0; }
/// An argument, or a slice of it, as errors name it.
[[gnu::cold]] inline std::string argument_text(const call_rules& rules, int input, const std::ptrdiff_t* extents) {
  const array_entry& entry = rules.entries[input];
  if (is_extent(rules, input)) return "an axis of joined, padded or repeated elements";
  return text_of(rules.is_part[input] ? "a slice of " : "", rules.number_of[input], " ",
                 text_of_extents(extents + entry.first, entry.rank));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void do_not_broadcast(const call_rules& rules, const equal_extents& rule,
                                                                    const std::ptrdiff_t* extents) {
  const auto input_of = [&](int place) {
    int i = 0;
    while (place < rules.entries[i].first || place >= rules.entries[i].first + rules.entries[i].rank) ++i;
    return i;
  };
  const auto axis_of = [&](int place) {
    const array_entry& entry = rules.entries[input_of(place)];
    return place - entry.first - entry.rank;
  };
  const int i = input_of(rule.first), axis = axis_of(rule.first);
  const std::ptrdiff_t n = extents[rule.first];
  if (rule.second == equal_extents::one_element)
    raise(std::invalid_argument(text_of("fusegrad: argument ", rules.number_of[i], " has ", n, " elements along axis ",
                                        axis,
                                        ", where what it belongs to has one; pass an array with one element there")));
  const std::ptrdiff_t m = extents[rule.second];
  const int j = input_of(rule.second);
  const char* const who = is_extent(rules, i) ? "" : i == j || is_extent(rules, j) ? "argument " : "arguments ";
  std::string text = text_of("fusegrad: ", who, argument_text(rules, i, extents), " and ",
                             i == j ? "itself" : argument_text(rules, j, extents), " do not broadcast in '",
                             rule.operation, "' (axis ", axis);
  if (axis_of(rule.second) != axis && !is_extent(rules, j)) text += text_of(" and axis ", axis_of(rule.second));
  text += text_of(": ", n, " vs ", m, "); ");
  text += n == 1 || m == 1
              ? "an axis of one element broadcasts only where its type says so: pass an array of fewer axes, "
                "and fg::unsqueeze it in the function"
          : i == j ? "its axes must be of one length"
                   : "reshape one of them";
  raise(std::invalid_argument(text));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void no_elements(const needed_extent& rule) {
  raise(std::invalid_argument(
      text_of("fusegrad: '", rule.operation, "' of an empty array has no value; pass at least one element")));
}

/// Throws std::invalid_argument where arguments have extents that do not go together, or fewer elements than needed.
[[gnu::noinline]] inline void require_extents(const call_rules& rules, const std::ptrdiff_t* extents) {
  for (int c = 0; c < rules.equal_count; ++c) {
    const equal_extents& rule = rules.equal[c];
    if (extents[rule.first] != (rule.second == equal_extents::one_element ? 1 : extents[rule.second])) [[unlikely]]
      do_not_broadcast(rules, rule, extents);
  }
  for (int r = 0; r < rules.needed_count; ++r)
    if (extents[rules.needed[r].place] == 0) [[unlikely]]
      no_elements(rules.needed[r]);
}

// --- outputs --------------------------------------------------------------------------------------------------------

[[noreturn, gnu::cold, gnu::noinline]] inline void output_shape_differs(const call_rules& rules,
                                                                        const array_list& arrays, int k,
                                                                        const int* places) {
  const array_entry& entry = rules.entries[rules.inputs + k];
  std::ptrdiff_t wanted[max_rank];
  for (int d = 0; d < entry.rank; ++d) wanted[d] = places[d] < 0 ? 1 : arrays.extents[places[d]];
  raise(
      std::invalid_argument(text_of("fusegrad: output ", rules.number_of[rules.inputs + k], " has shape ",
                                    text_of_extents(arrays.extents + entry.first, entry.rank), " where the result has ",
                                    text_of_extents(wanted, entry.rank), "; resize it before the call")));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void output_overlaps(int k, const char* what, int other) {
  raise(std::invalid_argument(text_of("fusegrad: output ", k, " overlaps ", what, " ", other,
                                      ", which would be overwritten while it is needed; give it memory of its own")));
}
/// Throws std::invalid_argument where elements of output k share memory.
[[gnu::cold, gnu::noinline]] inline void require_own_memory(const call_rules& rules, const array_list& arrays, int k) {
  const array_entry& entry = rules.entries[rules.inputs + k];
  if (arrays.empty(rules.inputs + k)) return;
  for (int d = 0; d < entry.rank; ++d)
    if (arrays.strides[entry.first + d] == 0 && arrays.extents[entry.first + d] > 1)
      raise(std::invalid_argument(text_of("fusegrad: output ", rules.number_of[rules.inputs + k],
                                          " has stride 0 along axis ", d,
                                          ", so that its elements share memory; give each its own")));
}
/// Throws std::invalid_argument where output k has bytes in common with arrays before it, unless output and input may
/// share their elements.
[[gnu::noinline]] inline void require_apart(const call_rules& rules, const array_list& arrays, const byte_range* ranges,
                                            int k) {
  const int out = rules.inputs + k;
  for (int j = 0; j < out; ++j) {
    if (ranges[j].begin >= ranges[out].end || ranges[out].begin >= ranges[j].end) continue;
    const bool is_input = j < rules.inputs;
    if (is_input && rules.may_share[k * rules.inputs + j] && same_elements(arrays, out, j)) continue;
    if (!arrays.empty(out) && !arrays.empty(j) && share_bytes(arrays, out, j))
      output_overlaps(rules.number_of[out], is_input ? "argument" : "output", rules.number_of[j]);
  }
}

/// Throws std::invalid_argument where arguments do not go together, where outputs have other shapes than results, or
/// where writing to them would destroy what is still needed.
/// There is room for the range of each array.
[[gnu::noinline]] inline void require_arrays(const call_rules& rules, const array_list& arrays, byte_range* ranges,
                                             bool contiguous) {
  require_extents(rules, arrays.extents);
  const int* places = rules.extents_of_outputs;
  // most outputs lie before or behind all that comes before them
  byte_range all{INTPTR_MAX, INTPTR_MIN};
  const auto widen = [&](const byte_range& range) {
    all.begin = range.begin < all.begin ? range.begin : all.begin;
    all.end = range.end > all.end ? range.end : all.end;
  };
  for (int i = 0; i < rules.inputs; ++i) widen(ranges[i] = range_of(arrays, i));
  for (int k = 0; k < rules.outputs; ++k) {
    const int out = rules.inputs + k;
    const array_entry& entry = rules.entries[out];
    for (int d = 0; d < entry.rank; ++d)
      if (arrays.extents[entry.first + d] != (places[d] < 0 ? 1 : arrays.extents[places[d]])) [[unlikely]]
        output_shape_differs(rules, arrays, k, places);
    places += entry.rank;
    if (!contiguous) [[unlikely]]
      require_own_memory(rules, arrays, k);
    const byte_range own = ranges[out] = range_of(arrays, out);
    if (own.begin < all.end && all.begin < own.end) {
      bool meets = false;
      for (int j = 0; j < out; ++j) meets = meets | ((ranges[j].begin < own.end) & (own.begin < ranges[j].end));
      if (meets) require_apart(rules, arrays, ranges, k);
    }
    widen(own);
  }
}

/// May an output share all its elements with an input where Y runs? Yes, if it is written, element by element, in the
/// only loop that reads that input. The arrays are those of X, which is Y elsewhere.
template <class X, class Y = X>
struct sharing {
  struct table {
    bool may[X::entries.outputs * X::entries.inputs + 1]{};
  };
  static constexpr table value = [] {
    int last_reader[X::entries.inputs + 1]{};
    ir::axis_map map[X::entries.inputs + 1]{};
    bool seen[X::entries.inputs + 1]{}, several[X::entries.inputs + 1]{};
    for (int v = 0; v < Y::program.size(); ++v) {
      const ir::instruction& input = Y::program[v];
      if (!input.is(ir::op_kind::input)) continue;
      const int i = X::entries.of_input[input.index];
      if (i < 0 || i >= X::entries.inputs) continue;
      const int reader = input.axes == 0 ? -1 : Y::last_reader_of(v);
      last_reader[i] = seen[i] && last_reader[i] > reader ? last_reader[i] : reader;
      several[i] = several[i] || (seen[i] && !(map[i] == input.map));
      map[i] = input.map;
      seen[i] = true;
    }
    table made;
    for (int k = 0; k < X::result_count; ++k) {
      const int writer = Y::writer_of(k);
      if (writer < 0) continue;
      // in a row, what is written may be read once more by the loops of the rows that follow, but not elsewhere
      const ir::kernel& kernel = Y::schedule.kernels[writer];
      const bool in_last_loop = kernel.outer == 0 || Y::schedule.store_loop[k] == kernel.first_loop + kernel.phases - 1;
      bool* const may = made.may + (X::entries.of_output[k] - X::entries.inputs) * X::entries.inputs;
      for (int i = 0; i < X::entries.inputs; ++i)
        may[i] = !seen[i] || last_reader[i] < writer ||
                 (last_reader[i] == writer && in_last_loop && !several[i] && map[i] == Y::program.layouts[k].map);
    }
    return made;
  }();
};
/// The rules of calls that write to the caller's memory.
template <class X>
struct rules_into {
  static constexpr call_rules value = [] {
    call_rules made = rules_of<X>::value;
    made.may_share = sharing<X>::value.may;
    return made;
  }();
};

// --- short calls ----------------------------------------------------------------------------------------------------

// With few arrays most calls are seen to be right by a few comparisons of what registers hold. Only where these do not
// say so, tables are walked.

/// An output and an array before it, and whether they may share elements of equal size.
struct array_pair {
  int output, other;
  bool may_share;
};
template <class X, class Rules>
struct pairs_of {
  static constexpr int inputs = X::entries.inputs, outputs = X::entries.outputs;
  static constexpr int count = outputs * inputs + outputs * (outputs - 1) / 2;
  struct table {
    array_pair of[count + 1]{};
  };
  static constexpr table value = [] {
    const call_rules& rules = Rules::value;
    table made{};
    int n = 0;
    for (int k = 0; k < outputs; ++k)
      for (int j = 0; j < inputs + k; ++j) {
        const array_entry &out = rules.entries[inputs + k], &other = rules.entries[j];
        made.of[n++] = {
            inputs + k, j,
            j < inputs && rules.may_share[k * inputs + j] && out.rank == other.rank && out.bytes == other.bytes};
      }
    return made;
  }();
};

/// How many comparisons are made in the call itself.
inline constexpr int comparisons_made_here = 64;

template <class X>
inline constexpr int dimensions_of_outputs = [] {
  int n = 0;
  for (int k = 0; k < X::result_count; ++k) n += X::program.layouts[k].rank;
  return n;
}();

/// Do a call's arguments go together?
template <class X>
FUSEGRAD_INLINE bool inputs_fit(const typename X::table& arrays) {
  constexpr auto& rules = rules_of<X>::tables;
  return [&]<int... C, int... R>(std::integer_sequence<int, C...>, std::integer_sequence<int, R...>)
      __attribute__((always_inline)) {
    return ((arrays.extents[rules.equal[C].first] ==
             (rules.equal[C].second == equal_extents::one_element ? 1 : arrays.extents[rules.equal[C].second])) &&
            ...) &&
           ((arrays.extents[rules.needed[R].place] != 0) && ...);
  }
  (std::make_integer_sequence<int, X::traced.constraint_count>{},
   std::make_integer_sequence<int, rules_of<X>::needed_count>{});
}

/// The extents of a table where some are known to be equal, these read at one place: what is made of them is then made
/// but once.
template <class X>
struct known_extents {
  std::ptrdiff_t of[X::table::dimensions];

  static constexpr auto place = [] {
    struct {
      int of[X::table::dimensions]{};
    } found;
    for (int d = 0; d < X::table::dimensions; ++d) found.of[d] = d;
    const auto meet = [&found](int first, int second) {
      if (second < 0) return;
      const int from = found.of[first], to = found.of[second];
      for (int& at : found.of)
        if (at == from) at = to;
    };
    const auto& rules = rules_of<X>::tables;
    for (int c = 0; c < X::traced.constraint_count; ++c) meet(rules.equal[c].first, rules.equal[c].second);
    for (int d = 0; d < dimensions_of_outputs<X>; ++d)
      meet(X::entries.of[X::entries.inputs].first + d, rules.extents_of_outputs[d]);
    return found;
  }();
  template <int... D>
  FUSEGRAD_INLINE known_extents(const typename X::table& arrays, std::integer_sequence<int, D...>)
      : of{arrays.extents[place.of[D]]...} {}
};

/// Do the outputs among some arrays, which come after `Inputs` others, lie before or behind all that comes before them?
/// Most do; if this says no, they still may.
template <int Inputs, int Arrays, int... K>
FUSEGRAD_INLINE bool lie_beside(const byte_range (&ranges)[Arrays], std::integer_sequence<int, K...>) {
  std::ptrdiff_t longest = 0;
  const auto lengthen = [&](std::ptrdiff_t n) __attribute__((always_inline)) { longest = n > longest ? n : longest; };
  (lengthen(ranges[K].end - ranges[K].begin), ...);
  std::intptr_t first = ranges[0].begin, last = first;  // where they begin
  const auto passes = [&](const byte_range& range, bool output) __attribute__((always_inline)) {
    if (output && range.begin < last + longest && range.end > first) return false;
    first = range.begin < first ? range.begin : first;
    last = range.begin > last ? range.begin : last;
    return true;
  };
  return (passes(ranges[K], K >= Inputs) && ...);
}

/// Is it plain that outputs have their shapes, and memory of their own or that of arguments that they may overwrite?
template <class X, class Rules>
FUSEGRAD_INLINE bool outputs_plainly_fit(const typename X::table& arrays) {
  constexpr auto& extents = rules_of<X>::tables.extents_of_outputs;
  constexpr auto& pairs = pairs_of<X, Rules>::value.of;
  constexpr int arrays_checked = X::entries.inputs + X::entries.outputs;
  constexpr int first = X::entries.outputs > 0 ? X::entries.of[X::entries.inputs].first : 0;
  byte_range ranges[arrays_checked];
  const auto distance = [](std::intptr_t a, std::intptr_t b) __attribute__((always_inline)) {
    return static_cast<std::uintptr_t>(b) - static_cast<std::uintptr_t>(a);
  };
  const auto apart = [&](array_pair pair) __attribute__((always_inline)) {
    const byte_range &x = ranges[pair.output], &y = ranges[pair.other];
    // of what is empty this says anything
    const bool meet = distance(x.begin, y.end) - 1 < distance(x.begin, x.end) + distance(y.begin, y.end) - 1;
    return __builtin_expect(!meet, true) ||
           (pair.may_share && arrays.contiguous && arrays.data[pair.output] == arrays.data[pair.other]);
  };
  // of many arrays the quicker question comes first
  constexpr bool many = pairs_of<X, Rules>::count > 2 * arrays_checked;
  const auto has_shape = [&](int place, int wanted) __attribute__((always_inline)) {
    return arrays.extents[place] == (wanted < 0 ? 1 : arrays.extents[wanted]) &&
           (arrays.contiguous || arrays.strides[place] != 0 || arrays.extents[place] <= 1);
  };
  return [&]<int... K, int... D, int... P>(std::integer_sequence<int, K...>, std::integer_sequence<int, D...>,
                                           std::integer_sequence<int, P...>) __attribute__((always_inline)) {
    if (!(has_shape(first + D, extents[D]) && ...)) return false;
    const known_extents<X> known(arrays, std::make_integer_sequence<int, X::table::dimensions>{});
    ((ranges[K] = range_of(Rules::value.entries[K], arrays.data[K], known.of, arrays.strides)), ...);
    return (many && lie_beside<X::entries.inputs>(ranges, std::integer_sequence<int, K...>{})) ||
           (apart(pairs[P]) && ...);
  }
  (std::make_integer_sequence<int, arrays_checked>{}, std::make_integer_sequence<int, dimensions_of_outputs<X>>{},
   std::make_integer_sequence<int, pairs_of<X, Rules>::count>{});
}

template <class X>
[[noreturn, gnu::cold, gnu::noinline]] void refuse_inputs(const typename X::table& arrays) {
  require_extents(rules_of<X>::value, arrays.extents);
  __builtin_unreachable();
}
template <class X, class Rules>
[[gnu::noinline]] void walk_arrays(typename X::table& arrays) {
  byte_range ranges[X::table::arrays];
  require_arrays(Rules::value, list_of(Rules::value.entries, arrays), ranges, arrays.contiguous);
}

/// Checks a call that returns its results.
template <class X>
FUSEGRAD_INLINE constexpr void check_inputs(const typename X::table& arrays) {
  constexpr int comparisons = X::traced.constraint_count + rules_of<X>::needed_count;
  if constexpr (comparisons == 0) {
    return;
  } else if constexpr (comparisons <= comparisons_made_here) {
    if (!inputs_fit<X>(arrays)) [[unlikely]]
      refuse_inputs<X>(arrays.copy());
  } else {
    require_extents(rules_of<X>::value, arrays.extents);
  }
}
/// Checks a call that writes to the caller's memory.
template <class X, class Rules>
FUSEGRAD_INLINE constexpr void check_call(typename X::table& arrays) {
  constexpr int comparisons =
      X::traced.constraint_count + rules_of<X>::needed_count + dimensions_of_outputs<X> + pairs_of<X, Rules>::count;
  if constexpr (X::entries.count == 0) {
    return;
  } else if constexpr (comparisons <= comparisons_made_here) {
    if (inputs_fit<X>(arrays) && outputs_plainly_fit<X, Rules>(arrays)) [[likely]]
      return;
    typename X::table copy = arrays.copy();
    walk_arrays<X, Rules>(copy);
    // read again: what lives across a function has to be in registers that are saved and restored for that
    arrays.take(copy);
  } else {
    walk_arrays<X, Rules>(arrays);
  }
}

}  // namespace fusegrad::detail
