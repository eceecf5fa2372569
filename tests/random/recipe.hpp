// Random programs as recipes: arguments and steps, from which the program is built in any builder. Every change of a
// recipe is a recipe again, so that one that fails can be shrunk: a step whose operands do not fit passes its first
// one.
#pragma once

#include <fusegrad/ops/list.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace random_programs {

namespace fg = fusegrad;
namespace ir = fusegrad::ir;
using fg::dtype;
using ir::symbol;

/// xorshift64*: the same everywhere.
class generator {
 public:
  explicit generator(std::uint64_t seed) : state_((seed + 1) * 0x9e3779b97f4a7c15u) {
    for (int k = 0; k < 4; ++k) next();
  }
  std::uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1du;
  }
  int below(int n) { return static_cast<int>((next() >> 33) % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  double uniform(double low, double high) { return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// A value under construction, and how many elements it has along each dimension, counted from the last.
struct shaped {
  symbol s;
  int rank = 0;
  std::ptrdiff_t n[ir::max_axes]{1, 1, 1, 1, 1, 1, 1, 1};

  bool varies(int d) const { return d < rank && s.dimensions().map[d] >= 0; }
  dtype type() const { return (*s.owner())[s.value()].type; }
};

inline bool fit(const shaped& x, const shaped& y) {
  for (int d = 0; d < ir::max_axes; ++d)
    if (x.varies(d) && y.varies(d) && x.n[d] != y.n[d]) return false;
  return true;
}

// --- operations by number -------------------------------------------------------------------------------------------

/// Which dimensions a reduction removes: what templates say in calls is said here while the program runs.
struct chosen_dimensions {
  static inline unsigned named = 0;
  static inline bool keep = false;
};
template <class Op>
struct along_chosen : fg::operation<along_chosen<Op>, Op::arity> {
  static ir::layout dimensions(ir::builder&, const ir::layout& at, ir::axis_set& over) {
    const unsigned named = chosen_dimensions::named & ((1u << at.rank) - 1);
    over = fg::detail::axes_named(at, named);
    if constexpr (Op::keeps_all) return at;
    if (!chosen_dimensions::keep) return fg::detail::without(at, named);
    ir::layout kept = at;
    for (int d = 0; d < at.rank; ++d)
      if ((named >> d & 1u) != 0) kept.map.set(d, -1);
    return kept;
  }
  static int trace(ir::builder& b, const int* x, ir::axis_set over) { return Op::trace(b, x, over); }
};

template <int By>
struct rolled_along_chosen : fg::operation<rolled_along_chosen<By>, 1> {
  static ir::layout dimensions(ir::builder&, const ir::layout& at, ir::axis_set& over) {
    over = fg::detail::axes_named(at, chosen_dimensions::named);
    return at;
  }
  static int trace(ir::builder& b, const int* x, ir::axis_set over) {
    return fg::parts::rolled_along<0, By>::trace(b, x, over);
  }
};

/// What makes an axis longer, or makes one, along the dimension that is chosen.
template <class Op, int Arity>
struct longer_along_chosen : fg::operation<longer_along_chosen<Op, Arity>, Arity> {
  static ir::layout dimensions(ir::builder&, const ir::layout& at, ir::axis_set& over) {
    return fg::parts::with_axis(at, std::countr_zero(chosen_dimensions::named), over);
  }
  static int trace(ir::builder& b, const int* x, ir::axis_set over) { return Op::trace(b, x, over); }
};
template <class Op, class... X>
symbol longer(int dimension, const X&... x) {
  chosen_dimensions::named = 1u << dimension;
  return fg::adl::apply<longer_along_chosen<Op, sizeof...(X)>>(x...);
}

struct operation {
  std::string_view name;
  int arity;
  bool keeps_all;  ///< of functions of rows and reductions
  bool needs_elements;
  symbol (*call)(const symbol* x);
};

template <class Op>
symbol call_elementwise(const symbol* x) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Op{}(x[K]...);
  }(std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}
template <class Op>
symbol call_along(const symbol* x) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return fg::adl::apply<along_chosen<Op>>(x[K]...);
  }(std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}

template <class... Op>
std::vector<operation> elementwise_of(fg::type_list<Op...>) {
  return {operation{Op::name, Op::arity, false, false, &call_elementwise<Op>}...};
}
template <class... Op>
std::vector<operation> along_of(fg::type_list<Op...>) {
  return {operation{Op::name, Op::arity, Op::keeps_all, true, &call_along<Op>}...};
}
inline const std::vector<operation>& elementwise_operations() {
  static const std::vector<operation> all = elementwise_of(fg::ops::elementwise{});
  return all;
}
/// Reductions and functions of rows, over any dimensions. (A cumulative sum has its own.)
inline const std::vector<operation>& row_operations() {
  static const std::vector<operation> all = [] {
    std::vector<operation> made = along_of(fg::ops::reductions{});
    for (const operation& o : along_of(fg::type_list<fg::largest_t, fg::smallest_t, fg::softmax_t, fg::log_softmax_t,
                                                     fg::normalize_t, fg::cosine_similarity_t>{}))
      made.push_back(o);
    return made;
  }();
  return all;
}

inline int number_of(std::string_view name) {
  int k = 0;
  for (const operation& o : elementwise_operations()) {
    if (o.name == name) break;
    ++k;
  }
  return k;
}

// --- recipes
// ----------------------------------------------------------------------------------------------------------

enum class step_kind {
  pass,         ///< the operand itself: what is left of a step that was dropped
  literal,      ///< a number, `value`
  elementwise,  ///< operation `which`
  rows,         ///< reduction or function of rows `which`, along the dimensions whose bits are in `how`
  domain,       ///< the operand brought into a domain, `which`
  cumsum,
  sort,         ///< or argsort, along dimension `which`
  index,        ///< along dimension `how`
  slice,        ///< along dimension `which`; `how` says where
  flip,         ///< along dimension `which`
  roll,         ///< the same, by one element or two
  unsqueeze,    ///< a new dimension before dimension `which`
  permute,      ///< exchanges dimensions `which` and `how`
  broadcast,    ///< along the axes of the second operand as well
  labels,       ///< the cross-entropy of the operand's rows against the largest of the second's
  concatenate,  ///< of two operands, or of both and the first again, along dimension `which`
  stack,        ///< of two operands along a new dimension before dimension `which`
  pad,          ///< along dimension `which`
  repeat        ///< along dimension `which`
};

enum domain_kind { positive, unit, above_one, bounded, fraction, domains };

struct step {
  step_kind kind = step_kind::pass;
  int which = 0, how = 0;
  bool keep = false;
  double value = 0;
  int x[3]{};  ///< earlier values: arguments, then steps
};

struct argument {
  dtype type = dtype::f64;
  int rank = 0;
  int extent[4]{};  ///< numbers of extents, by dimension from the last
};

struct recipe {
  std::uint64_t seed = 0;
  std::vector<argument> arguments;
  std::vector<int> extents;
  std::vector<step> steps;
  std::vector<int> results;
  bool inner = false;    ///< is it differentiated as a function within a function?
  bool special = false;  ///< do its arguments hold infinities, NaN and subnormal numbers?
};

inline shaped shape_like(symbol s, const shaped& x) {
  shaped y = x;
  y.s = s;
  return y;
}

inline shaped in_domain(int domain, const shaped& x) {
  switch (domain) {
    case positive: return shape_like(fg::abs(x.s) + 0.3, x);
    case unit: return shape_like(fg::tanh(x.s) * 0.9, x);
    case above_one: return shape_like(fg::abs(x.s) + 1.1, x);
    case bounded: return shape_like(3.0 * fg::tanh(x.s), x);
    default: return shape_like(fg::sigmoid(x.s) * 0.9 + 0.05, x);
  }
}

/// The value of a step, whose operands are given; its first operand where they do not fit.
inline shaped apply(ir::builder& b, const step& s, const shaped& x, const shaped& y, const shaped& z) {
  const symbol operands[]{x.s, y.s, z.s};
  const ir::layout at = x.s.dimensions();
  auto relaid_of = [&](const shaped& of, int rank, auto map) {
    shaped made;
    ir::layout to{{}, rank};
    made.rank = rank;
    for (int d = 0; d < rank; ++d)
      if (const int from = map(d); from >= 0) {
        to.map.set(d, of.s.dimensions().map[from]);
        made.n[d] = of.n[from];
      }
    made.s = symbol(&b, of.s.value(), to);
    return made;
  };
  auto relaid = [&](int rank, auto map) { return relaid_of(x, rank, map); };
  auto unsqueezed = [&](const shaped& of) {
    return relaid_of(of, of.rank + 1, [&](int d) { return d < s.which ? d : d == s.which ? -1 : d - 1; });
  };
  switch (s.kind) {
    case step_kind::literal: {
      shaped made;
      made.s = symbol(&b, b.constant(s.value), ir::layout{{}, 0});
      return made;
    }
    case step_kind::domain: return x.type() == dtype::boolean ? x : in_domain(s.which, x);
    case step_kind::elementwise: {
      const operation& o = elementwise_operations()[static_cast<std::size_t>(s.which)];
      if (o.arity > 1 && !fit(x, y)) return x;
      if (o.arity > 2 && (!fit(x, z) || !fit(y, z))) return x;
      shaped made = x;
      for (const shaped* other : {&y, &z})
        if ((other == &y && o.arity > 1) || o.arity > 2) {
          if (other->rank > made.rank) made.rank = other->rank;
          for (int d = 0; d < other->rank; ++d)
            if (other->varies(d)) made.n[d] = other->n[d];
        }
      if (o.name == "polygamma") {
        const symbol order(&b, b.constant(1 + s.how % 3), ir::layout{{}, 0});
        return shape_like(fg::polygamma(order, x.s), x);
      }
      made.s = o.call(operands);
      return made;
    }
    case step_kind::rows: {
      const operation& o = row_operations()[static_cast<std::size_t>(s.which)];
      const unsigned named = static_cast<unsigned>(s.how) & ((1u << x.rank) - 1);
      if (x.rank == 0 || named == 0) return x;
      const bool second_is_array = o.arity == 2 && o.name != "var" && o.name != "std" && o.name != "quantile";
      if (second_is_array && (y.rank != x.rank || !fit(x, y))) return x;
      if ((o.name == "var" || o.name == "std") && !fg::is_floating(x.type())) return x;
      std::ptrdiff_t elements = 1;
      for (int d = 0; d < x.rank; ++d) {
        if ((named >> d & 1u) != 0) elements *= x.n[d];
        if (second_is_array && x.varies(d) != y.varies(d)) return x;
      }
      if (elements == 0) return x;
      chosen_dimensions::named = named;
      chosen_dimensions::keep = s.keep;
      shaped made;
      if (o.arity == 2 && !second_is_array) {
        const fg::number parameter =
            o.name == "quantile" ? fg::number(s.how / 16 % 11 * 0.1) : fg::number(elements > 1 ? s.how / 16 % 2 : 0);
        const symbol both[]{x.s, symbol(&b, b.constant(parameter), ir::layout{{}, 0})};
        made.s = o.call(both);
      } else {
        made.s = o.call(operands);
      }
      for (int d = 0; d < x.rank; ++d)
        if (const bool removed = (named >> d & 1u) != 0; o.keeps_all || s.keep || !removed)
          made.n[made.rank++] = removed && !o.keeps_all ? 1 : x.n[d];
      return made;
    }
    case step_kind::cumsum:
      if (x.rank == 0 || !fg::is_floating(x.type())) return x;
      switch (x.n[0] > 0 ? s.how % 6 : 3) {  // extrema have no gradient where there is nothing
        case 0: return shape_like(fg::logcumsumexp(x.s), x);
        case 1: return shape_like(fg::cummax(x.s), x);
        case 2: return shape_like(fg::cummin(x.s), x);
        default: return shape_like(fg::cumsum(x.s), x);
      }
    case step_kind::sort:
      if (s.which >= x.rank) return x;
      chosen_dimensions::named = 1u << s.which;
      return shape_like(s.how % 4 > 0 ? fg::adl::apply<along_chosen<fg::sort_t>>(x.s)
                                      : fg::adl::apply<along_chosen<fg::argsort_t>>(x.s),
                        x);
    case step_kind::index: {
      if (!x.varies(s.how)) return x;
      shaped made;
      made.rank = x.rank;
      made.n[s.how] = x.n[s.how];
      ir::layout to{{}, x.rank};
      to.map.set(s.how, at.map[s.how]);
      made.s = symbol(&b, b.index(x.s.value(), at.map[s.how]), to);
      return made;
    }
    case step_kind::slice:
    case step_kind::flip: {
      if (!x.varies(s.which)) return x;
      const int n = static_cast<int>(x.n[s.which]);
      ir::cut where = ir::cut::flipped();
      shaped made = x;
      if (s.kind == step_kind::slice) {
        const int start = s.how % 4 % (n + 1), step = 1 + s.how / 4 % 2,
                  stop = start + (n - start) * (1 + s.how / 8 % 2) / 2;
        where = {start, s.how / 16 % 2 == 0 && stop == n ? fg::end : stop, step};
        if (start > 0 && s.how / 32 % 2 == 0 && start < n) where.start = start - n;  // the same, from the end
        made.n[s.which] = (stop - start + step - 1) / step;
      }
      ir::layout to = at;
      if (where.single()) to.map.set(s.which, -1);
      made.s = symbol(&b, b.sliced(x.s.value(), at.map[s.which], where), to);
      return made;
    }
    case step_kind::roll:
      if (!x.varies(s.which) || x.n[s.which] < 2) return x;
      chosen_dimensions::named = 1u << s.which;
      return shape_like(s.how % 3 == 0   ? fg::adl::apply<rolled_along_chosen<1>>(x.s)
                        : s.how % 3 == 1 ? fg::adl::apply<rolled_along_chosen<-1>>(x.s)
                                         : fg::adl::apply<rolled_along_chosen<2>>(x.s),
                        x);
    case step_kind::unsqueeze:
      if (x.rank >= 4 || s.which > x.rank) return x;
      return unsqueezed(x);
    case step_kind::permute:
      if (s.which >= x.rank || s.how >= x.rank) return x;
      return relaid(x.rank, [&](int d) { return d == s.which ? s.how : d == s.how ? s.which : d; });
    case step_kind::broadcast: {
      if (!fit(x, y)) return x;
      shaped made = x;
      if (y.rank > made.rank) made.rank = y.rank;
      for (int d = 0; d < y.rank; ++d)
        if (y.varies(d)) made.n[d] = y.n[d];
      made.s = fg::broadcast_to(x.s, y.s);
      return made;
    }
    case step_kind::labels: {
      if (x.rank != 2 || y.rank != 2 || !x.varies(0) || !x.varies(1) || !y.varies(0) || !y.varies(1)) return x;
      if (!fit(x, y) || x.n[0] * x.n[1] == 0 || !fg::is_floating(x.type())) return x;
      shaped made;
      made.s = fg::cross_entropy(x.s, fg::argmax(y.s, fg::axis<-1>));
      return made;
    }
    case step_kind::concatenate: {
      const int d = s.which;
      if (d >= x.rank) return x;
      shaped made = x, other = y;
      if (y.rank > made.rank) made.rank = y.rank;
      other.n[d] = made.n[d];
      if (!fit(x, other)) return x;
      for (int k = 0; k < y.rank; ++k)
        if (k != d && y.varies(k)) made.n[k] = y.n[k];
      made.n[d] = x.n[d] + y.n[d];
      made.s = longer<fg::parts::joined_along<0>>(d, x.s, y.s);
      if (s.how % 3 == 0) {
        made.n[d] += x.n[d];
        made.s = longer<fg::parts::joined_along<0>>(d, made.s, x.s);
      }
      return made;
    }
    case step_kind::stack: {
      if (x.rank >= 4 || s.which > x.rank || y.rank != x.rank || !fit(x, y)) return x;
      const shaped one = unsqueezed(x), other = unsqueezed(y);
      shaped made = one;
      for (int k = 0; k < other.rank; ++k)
        if (other.varies(k)) made.n[k] = other.n[k];
      made.n[s.which] = 2;
      made.s = longer<fg::parts::stacked_along<0, 0, 2>>(s.which, one.s, other.s);
      return made;
    }
    case step_kind::pad: {
      if (s.which >= x.rank) return x;
      const symbol around(&b, b.constant(s.how % 3 == 0 ? 0.0 : 1.5), ir::layout{{}, 0});
      shaped made = x;
      made.n[s.which] += s.how % 2 == 0 ? 3 : 1;
      made.s = s.how % 2 == 0 ? longer<fg::parts::padded_along<0, 2, 1>>(s.which, x.s, around)
                              : longer<fg::parts::padded_along<0, 1, 0>>(s.which, x.s, around);
      return made;
    }
    case step_kind::repeat: {
      if (s.which >= x.rank) return x;
      shaped made = x;
      made.n[s.which] *= 2;
      made.s = longer<fg::parts::repeated_along<0, 2>>(s.which, x.s);
      return made;
    }
    default: return x;
  }
}

/// Builds the values of a recipe: its arguments, which are given, then its steps.
inline std::vector<shaped> built(ir::builder& b, const recipe& r, std::vector<shaped> values) {
  for (const step& s : r.steps) {
    auto operand = [&](int k) -> const shaped& { return values[static_cast<std::size_t>(s.x[k])]; };
    values.push_back(apply(b, s, operand(0), operand(1), operand(2)));
  }
  return values;
}

/// The arguments as inputs of a builder, from input `first` on.
inline shaped input_of(ir::builder& b, const recipe& r, const argument& a, int index) {
  shaped made;
  made.rank = a.rank;
  for (int d = 0; d < a.rank; ++d) made.n[d] = r.extents[static_cast<std::size_t>(a.extent[d])];
  const ir::axis_set axes = (ir::axis_set{1} << a.rank) - 1;
  const int value = b.input(index, a.type, axes, a.rank > 0 ? fg::strength::array : fg::strength::scalar);
  made.s = symbol(&b, value, ir::layout{ir::axis_map::identity(axes), a.rank});
  return made;
}

// --- drawing one
// ------------------------------------------------------------------------------------------------------

/// The domain of operand k of an elementwise operation; -1: all numbers, or a moderate range will do.
inline int domain_of(std::string_view name, int k) {
  auto among = [name](std::initializer_list<std::string_view> names) {
    for (std::string_view n : names)
      if (n == name) return true;
    return false;
  };
  if (among({"log", "log2", "log10", "sqrt", "rsqrt", "reciprocal", "lgamma", "digamma", "polygamma", "log1p", "cbrt"}))
    return positive;
  if (among({"lbeta", "gammainc", "gammaincc"}) || (name == "betainc" && k < 2)) return positive;
  if (name == "acosh") return above_one;
  if (among({"asin", "acos", "atanh", "tan"})) return unit;
  if (name == "logit" || name == "betainc") return fraction;
  if (among({"exp", "exp2", "expm1", "sinh", "cosh"})) return bounded;
  if (name == "pow") return k == 0 ? positive : bounded;
  if (k == 1 && among({"div", "xlogy", "fmod", "remainder", "elu", "celu", "squareplus", "hypot"})) return positive;
  return -1;
}

inline recipe drawn(std::uint64_t seed) {
  generator g(seed);
  recipe r;
  r.seed = seed;
  r.inner = g.chance(40);
  r.special = g.chance(8);
  for (int k = 0; k < 3; ++k) r.extents.push_back(g.chance(2) ? 17 : g.chance(2) ? 0 : 1 + g.below(5));
  const int arguments = 1 + g.below(4);
  for (int k = 0; k < arguments; ++k) {
    argument a;
    const int t = g.below(20);
    a.type = k == 0 || t < 12 ? dtype::f64
             : t < 16         ? dtype::f32
             : t == 16        ? dtype::i32
             : t == 17        ? dtype::i64
             : t == 18        ? dtype::boolean
                              : dtype::f64;
    a.rank = g.chance(4) ? 4 : g.below(4);
    for (int d = 0; d < a.rank; ++d) a.extent[d] = g.chance(70) ? (d + 1) % 3 : g.below(3);
    auto elements = [&] {
      int n = 1;
      for (int d = 0; d < a.rank; ++d) n *= r.extents[static_cast<std::size_t>(a.extent[d])];
      return n;
    };
    while (elements() > 100) --a.rank;
    r.arguments.push_back(a);
  }
  auto b = std::make_unique<ir::builder>();
  std::vector<shaped> values;
  auto begin = [&] {
    b = std::make_unique<ir::builder>();
    b->expect_arguments(arguments);
    values.clear();
    for (int k = 0; k < arguments; ++k) values.push_back(input_of(*b, r, r.arguments[static_cast<std::size_t>(k)], k));
    values = built(*b, r, values);
  };
  begin();
  auto any = [&] {  // late values more often, so that programs are deep
    const int n = static_cast<int>(values.size());
    return g.chance(50) ? n - 1 - g.below(n < 3 ? n : 3) : g.below(n);
  };
  auto add = [&](step s) {
    auto operand = [&](int k) -> const shaped& { return values[static_cast<std::size_t>(s.x[k])]; };
    const shaped made = apply(*b, s, operand(0), operand(1), operand(2));
    std::ptrdiff_t elements = 1;
    for (int d = 0; d < made.rank; ++d) elements *= made.n[d];
    if (b->error() != ir::trace_error::none) begin();  // it cannot be said in a program: slices of indices, for example
    else if (elements <= 200 && made.rank <= 4 && b->size() <= 120) {
      r.steps.push_back(s);
      values.push_back(made);
    }
    return static_cast<int>(values.size()) - 1;
  };
  auto companion = [&](int x) {  // a value that fits, or a number
    for (int tries = 0; tries < 6; ++tries)
      if (const int y = any(); fit(values[static_cast<std::size_t>(x)], values[static_cast<std::size_t>(y)])) return y;
    step s{.kind = step_kind::literal, .value = g.chance(30) ? g.below(7) - 3 : g.uniform(-2, 2)};
    return add(s);
  };
  const int steps = 2 + g.below(12);
  for (int k = 0; k < steps && b->size() < 90; ++k) {
    step s;
    s.x[0] = s.x[1] = s.x[2] = any();
    s.how = g.below(1 << 16);
    s.keep = g.chance(30);
    const int rank = values[static_cast<std::size_t>(s.x[0])].rank;
    const int choice = g.below(100);
    if (choice < 50) {
      s.kind = step_kind::elementwise;
      const auto& all = elementwise_operations();
      s.which = g.below(static_cast<int>(all.size()));
      if (g.chance(25)) s.which = 1 + g.below(3);  // sums, differences and products, as they are in real programs
      const operation& o = all[static_cast<std::size_t>(s.which)];
      for (int o_k = 1; o_k < o.arity; ++o_k) s.x[o_k] = companion(s.x[0]);
      for (int o_k = 0; o_k < o.arity; ++o_k)
        if (const int domain = domain_of(o.name, o_k); domain >= 0 && g.chance(90))
          s.x[o_k] = add({.kind = step_kind::domain, .which = domain, .x = {s.x[o_k], s.x[o_k], s.x[o_k]}});
      if (o.name == "where" && g.chance(80))
        s.x[0] = add({.kind = step_kind::elementwise, .which = number_of("less"), .x = {s.x[1], companion(s.x[1]), 0}});
    } else if (choice < 72) {
      s.kind = step_kind::rows;
      s.which = g.below(static_cast<int>(row_operations().size()));
      s.how = rank > 1 && g.chance(60) ? 1 << g.below(rank) : g.chance(50) ? 15 : 1 + g.below(15);
      s.how += 16 * g.below(2);
      s.x[1] = companion(s.x[0]);
    } else if (choice < 76) {
      s.kind = g.chance(60) ? step_kind::cumsum : step_kind::sort;
      s.which = rank > 0 ? g.below(rank) : 0;
    } else if (choice < 79) {
      s.kind = step_kind::index;
      s.how = rank > 0 ? g.below(rank) : 0;
    } else if (choice < 86) {
      s.kind = g.chance(60) ? step_kind::slice : g.chance(50) ? step_kind::flip : step_kind::roll;
      s.which = rank > 0 ? g.below(rank) : 0;
    } else if (choice < 89) {
      const step_kind kinds[]{step_kind::concatenate, step_kind::concatenate, step_kind::stack, step_kind::pad,
                              step_kind::repeat};
      s.kind = kinds[g.below(5)];
      s.which = g.below(s.kind == step_kind::stack ? rank + 1 : rank > 0 ? rank : 1);
      s.x[1] = g.chance(70) ? companion(s.x[0]) : any();
    } else if (choice < 91) {
      s.kind = step_kind::unsqueeze;
      s.which = g.below(rank + 1);
    } else if (choice < 95) {
      s.kind = step_kind::permute;
      s.which = rank > 0 ? g.below(rank) : 0;
      s.how = rank > 0 ? g.below(rank) : 0;
    } else if (choice < 98) {
      s.kind = step_kind::broadcast;
      s.x[1] = companion(s.x[0]);
    } else {
      s.kind = step_kind::labels;
      s.x[1] = companion(s.x[0]);
    }
    add(s);
  }
  const int last = static_cast<int>(values.size()) - 1;
  r.results.push_back(last);
  for (int k = g.below(3); k > 0; --k) r.results.push_back(any());
  return r;
}

// --- as text
// ----------------------------------------------------------------------------------------------------------

inline std::string name_of(const step& s) {
  switch (s.kind) {
    case step_kind::pass: return "pass";
    case step_kind::literal: return std::to_string(s.value);
    case step_kind::elementwise: return std::string(elementwise_operations()[static_cast<std::size_t>(s.which)].name);
    case step_kind::rows: return std::string(row_operations()[static_cast<std::size_t>(s.which)].name);
    case step_kind::domain: {
      static const char* const names[]{"abs + 0.3", "0.9 tanh", "abs + 1.1", "3 tanh", "0.9 sigmoid + 0.05"};
      return names[s.which];
    }
    default: break;
  }
  static const char* const names[]{"cumsum",      "sort",      "index",   "slice",        "flip",
                                   "roll",        "unsqueeze", "permute", "broadcast_to", "cross_entropy of argmax",
                                   "concatenate", "stack",     "pad",     "repeat"};
  return names[static_cast<int>(s.kind) - static_cast<int>(step_kind::cumsum)];
}
inline int arity_of(const step& s) {
  switch (s.kind) {
    case step_kind::literal: return 0;
    case step_kind::elementwise: {
      const operation& o = elementwise_operations()[static_cast<std::size_t>(s.which)];
      return o.name == "polygamma" ? 1 : o.arity;
    }
    case step_kind::rows:
      return row_operations()[static_cast<std::size_t>(s.which)].name == "cosine_similarity" ? 2 : 1;
    case step_kind::broadcast:
    case step_kind::labels:
    case step_kind::concatenate:
    case step_kind::stack: return 2;
    default: return 1;
  }
}
/// The values that the results need.
inline std::vector<bool> needed_by_results(const recipe& r) {
  const std::size_t arguments = r.arguments.size();
  std::vector<bool> needed(arguments + r.steps.size(), false);
  for (int v : r.results) needed[static_cast<std::size_t>(v)] = true;
  for (std::size_t v = needed.size(); v-- > arguments;)
    for (int k = 0; needed[v] && k < arity_of(r.steps[v - arguments]); ++k)
      needed[static_cast<std::size_t>(r.steps[v - arguments].x[k])] = true;
  return needed;
}

inline std::string to_string(const recipe& r) {
  std::string text = "seed " + std::to_string(r.seed) + (r.inner ? ", within a function" : "") +
                     (r.special ? ", special values" : "") + "\n";
  const std::vector<bool> needed = needed_by_results(r);
  for (std::size_t v = 0; v < needed.size(); ++v) {
    if (!needed[v]) continue;
    text += "  v" + std::to_string(v) + " = ";
    if (v < r.arguments.size()) {
      const argument& a = r.arguments[v];
      text += "argument " + std::to_string(v) + ": " + std::string(fg::to_string(a.type)) + " [";
      for (int d = a.rank; d-- > 0;)
        text += std::to_string(r.extents[static_cast<std::size_t>(a.extent[d])]) + (d > 0 ? ", " : "");
      text += "]\n";
      continue;
    }
    const step& s = r.steps[v - r.arguments.size()];
    text += name_of(s) + "(";
    for (int k = 0; k < arity_of(s); ++k) text += (k > 0 ? ", v" : "v") + std::to_string(s.x[k]);
    text += ")";
    if (s.kind != step_kind::elementwise && s.kind != step_kind::domain && s.kind != step_kind::literal &&
        s.kind != step_kind::pass)
      text += " by " + std::to_string(s.which) + ", " + std::to_string(s.how) + (s.keep ? ", keeping dimensions" : "");
    text += "\n";
  }
  text += "  results:";
  for (int v : r.results) text += " v" + std::to_string(v);
  return text + "\n";
}

}  // namespace random_programs
