// What operations do, callable without knowing at compile time which: from an operation's descriptor to its own `value`
// or `combine`, on float, double, long double and 64-bit integers. Knows nothing of programs.
#pragma once

#include <utility>

#include "../../ops/list.hpp"
#include "array.hpp"

namespace fusegrad::reference {

/// The C++ type in which something is computed: integers of 64 bits, with a sign or (`natural`) without, or
/// floating-point numbers. Conditions count as integers.
enum class arithmetic : std::uint8_t { whole, natural, narrow, wide, extended };

namespace detail {

template <class T>
constexpr arithmetic arithmetic_of = std::is_same_v<T, std::uint64_t> ? arithmetic::natural
                                     : std::is_integral_v<T>          ? arithmetic::whole
                                     : std::is_same_v<T, float>       ? arithmetic::narrow
                                     : std::is_same_v<T, double>      ? arithmetic::wide
                                                                      : arithmetic::extended;

/// A sum whose rounding errors are summed up beside it (Neumaier 1974).
template <class T>
class compensated {
 public:
  void add(T x) {
    const T next = sum_ + x;
    error_ += math::abs(sum_) >= math::abs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  T value() const { return sum_ - sum_ == 0 ? sum_ + error_ : sum_; }

 private:
  T sum_ = 0, error_ = 0;
};

// What an operation makes of its operands, or of n elements: one function for each arithmetic.
using function = void (*)(const number* x, std::ptrdiff_t n, number* y);

/// Elements gathered one by one: compensated where they are added, in the operation's own way otherwise.
template <class Op, class T>
class gatherer {
 public:
  T add(T x) {
    if constexpr (requires { typename Op::template moments<T>; }) {
      if (state_.count++ == 0) state_.pivot = x;
      state_.add(x, 1 / state_.count);
      return state_.deviations;
    } else if constexpr (compensates) {
      state_.add(x);
      return state_.value();
    } else {
      return state_ = static_cast<T>(Op::combine(state_, x));
    }
  }
  static T of_none() { return Op::template identity<T>(); }

 private:
  static constexpr bool compensates = std::is_floating_point_v<T> && requires { requires Op::additive; };
  static auto initial() {
    if constexpr (requires { typename Op::template moments<T>; }) return typename Op::template moments<T>{0, 0, 0, 0};
    else if constexpr (compensates) return compensated<T>();
    else return of_none();
  }
  decltype(initial()) state_ = initial();
};

template <class Op, class T>
void reduce(const number* x, std::ptrdiff_t n, number* y) {
  gatherer<Op, T> gathered;
  T result = gatherer<Op, T>::of_none();
  for (std::ptrdiff_t k = 0; k < n; ++k) result = gathered.add(x[k].as<T>());
  y->become<T>(result);
}
template <class Op, class T>
void scan(const number* x, std::ptrdiff_t n, number* y) {
  gatherer<Op, T> gathered;
  for (std::ptrdiff_t k = 0; k < n; ++k) y[k].become<T>(gathered.add(x[k].as<T>()));
}

template <class Op, class T>
constexpr function function_of() {
  constexpr op_kind kind = ir::info<Op>.kind;
  constexpr operand_rule rule = ir::info<Op>.operands;
  if constexpr (rule == operand_rule::real && std::is_integral_v<T>) return nullptr;
  else if constexpr (rule == operand_rule::logical && !std::is_integral_v<T>) return nullptr;
  else if constexpr (kind == op_kind::elementwise) return &fusegrad::detail::description<Op, Op::arity>::template of_numbers<T>;
  else if constexpr (kind == op_kind::scan) return &scan<Op, T>;
  else if constexpr (rule == operand_rule::logical) return &reduce<Op, bool>;
  else return &reduce<Op, T>;
}

}  // namespace detail

/// A set of operations.
class operations {
 public:
  /// What executes an instruction of this operation; null if it was not added, or cannot. Operations that are not the
  /// library's say it themselves: what is asked for in long double they do in double.
  detail::function find(ir::op_ref op, arithmetic in) const {
    for (int slot = slot_of(op);; slot = (slot + 1) % slots) {
      const int k = table_[slot] - 1;
      if (k < 0) break;
      if (known_[k].op == op && known_[k].run[static_cast<int>(in)] != nullptr)
        return known_[k].run[static_cast<int>(in)];
    }
    switch (in) {
      case arithmetic::narrow: return op->of_floats.get();
      case arithmetic::wide:
      case arithmetic::extended: return op->of_doubles.get();
      case arithmetic::whole: return op->of_integers.get();
      case arithmetic::natural: break;
    }
    return nullptr;
  }

  template <class Op>
  void add() {
    if constexpr (executed<Op>) {
      using namespace detail;
      known_.push_back({&ir::info<Op>,
                        {function_of<Op, std::int64_t>(), function_of<Op, std::uint64_t>(), function_of<Op, float>(),
                         function_of<Op, double>(), function_of<Op, long double>()}});
      int slot = slot_of(&ir::info<Op>);
      while (table_[slot] != 0) slot = (slot + 1) % slots;
      table_[slot] = known_.size();
    }
  }
  template <class... Op>
  void add(type_list<Op...>) {
    (add<Op>(), ...);
  }

  /// All operations of the library.
  static const operations& of_library() {
    static const operations all = [] {
      operations made;
      made.add(ops::elementwise{});
      made.add(ops::reductions{});
      made.add(type_list<largest_t, smallest_t>{});
      made.add(ops::row_functions{});
      made.add(ops::parts{});
      return made;
    }();
    return all;
  }

 private:
  /// Has the operation instructions that are not composed of others?
  template <class Op>
  static constexpr bool executed = [] {
    if constexpr (!requires { Op::describe(); }) return false;
    else return ir::info<Op>.kind != op_kind::elementwise || ir::info<Op>.expand == nullptr;
  }();
  struct entry {
    ir::op_ref op;
    detail::function run[5];
  };
  static constexpr int slots = 1024;
  static int slot_of(ir::op_ref op) { return static_cast<int>(op->hash % slots); }

  ir::buffer<entry> known_;
  int table_[slots]{};
};

}  // namespace fusegrad::reference
