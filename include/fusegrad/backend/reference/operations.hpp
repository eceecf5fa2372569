// What operations do, callable without knowing at compile time which: from an operation's descriptor to its own `value`
// or `combine`, on float, double, long double and 64-bit integers. Knows nothing of programs.
#pragma once

#include <utility>

#include "../../config.hpp"
#include "../../ops/list.hpp"
#include "array.hpp"

FUSEGRAD_HARDLY_RUN

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
  else if constexpr (kind == op_kind::elementwise) return &fusegrad::detail::description<Op>::template of_numbers<T>;
  else if constexpr (kind == op_kind::scan) return &scan<Op, T>;
  else if constexpr (rule == operand_rule::logical) return &reduce<Op, bool>;
  else return &reduce<Op, T>;
}

/// What executes the instructions of one operation, in each arithmetic.
struct executed {
  std::string_view name;
  std::uint32_t hash = 0;
  op_kind kind = op_kind::elementwise;
  function run[5]{};

  constexpr bool is(const ir::op_info& op) const { return hash == op.hash && kind == op.kind && name == op.name; }
};
template <class Op>
constexpr executed executed_of() {
  constexpr const ir::op_info& op = ir::info<Op>;
  return {op.name,
          op.hash,
          op.kind,
          {function_of<Op, std::int64_t>(), function_of<Op, std::uint64_t>(), function_of<Op, float>(),
           function_of<Op, double>(), function_of<Op, long double>()}};
}

/// The operations of lists by name: their descriptors would bring all that passes ask of them into the object file.
template <class... Lists>
class executed_by_name {
 public:
  constexpr executed_by_name() {
    for (short& slot : taken_) slot = -1;
    (add(Lists{}), ...);
  }

  constexpr const executed* find(const ir::op_info& op) const {
    int slot = slot_of(op.hash);
    while (taken_[slot] >= 0 && !all_[taken_[slot]].is(op)) slot = (slot + 1) % slots;
    return taken_[slot] < 0 ? nullptr : &all_[taken_[slot]];
  }

 private:
  template <class... Op>
  constexpr void add(type_list<Op...>) {
    (add<Op>(), ...);
  }
  template <class Op>
  constexpr void add() {
    // what is composed of others has no instructions of its own
    if constexpr (requires { Op::describe(); })
      if constexpr (ir::info<Op>.kind != op_kind::elementwise || ir::info<Op>.expand == nullptr) {
        all_[count_] = executed_of<Op>();
        int slot = slot_of(all_[count_].hash);
        while (taken_[slot] >= 0) slot = (slot + 1) % slots;
        taken_[slot] = static_cast<short>(count_++);
      }
  }
  static constexpr int slots = 1024;
  static constexpr int slot_of(std::uint32_t hash) { return static_cast<int>(hash % slots); }

  executed all_[(Lists::size + ...)]{};
  short taken_[slots]{};
  int count_ = 0;
};

using of_library = executed_by_name<ops::elementwise, ops::reductions, type_list<largest_t, smallest_t>,
                                    ops::row_functions, ops::parts>;
template <class All>
inline constexpr All all_executed{};

}  // namespace detail

/// What executes an instruction of an operation in some arithmetic; null if nothing can. Operations that are not the
/// library's say it themselves: what is asked for in long double they do in double.
inline detail::function function_of(const ir::op_info& op, arithmetic in) {
  if (op.of_doubles != nullptr || op.of_integers != nullptr)
    return in == arithmetic::narrow    ? op.of_floats.get()
           : in == arithmetic::whole   ? op.of_integers.get()
           : in == arithmetic::natural ? nullptr
                                       : op.of_doubles.get();
  const detail::executed* const found = detail::all_executed<detail::of_library>.find(op);
  return found == nullptr ? nullptr : found->run[static_cast<int>(in)];
}

}  // namespace fusegrad::reference

FUSEGRAD_HARDLY_RUN_END
