// The symbol: what a traced function sees in place of a number. One type for every value, so that traced code may
// reassign it, loop over it and keep it in arrays. It names a value of a builder and lives only while that one does.
#pragma once

#include "builder.hpp"

namespace fusegrad {

/// Argument-dependent lookup finds the operators and functions of this namespace for everything that is traced.
namespace adl {
struct enable {};
}  // namespace adl

/// Symbols and expressions: what stands for a value that is not known yet.
template <class T>
concept traced = std::derived_from<T, adl::enable>;

namespace ir {

class symbol : public adl::enable {
 public:
  constexpr symbol() = default;
  constexpr symbol(builder* owner, int value) : owner_(owner), value_(value) {}

  constexpr builder* owner() const { return owner_; }
  constexpr int value() const { return value_; }

  template <class T = void>
  constexpr explicit operator bool() const {
    static_assert(!std::is_void_v<T>,
                  "fusegrad: an expression has no value yet and cannot steer 'if', '?:' or 'while'; "
                  "use fg::where(condition, a, b)");
    return false;
  }

  template <class Op, class... X>
  using result_of = symbol;

  /// The result of an operation on symbols and numbers, of which at least one is a symbol.
  template <class Op, class... X>
  static constexpr symbol apply(const X&... x) {
    builder* const home = innermost(x...);
    const int operands[]{in(*home, x)...};
    return {home, Op::trace(*home, operands)};
  }

  /// The innermost of the functions that the symbols among these values belong to.
  template <class... X>
  static constexpr builder* innermost(const X&... x) {
    builder* home = nullptr;
    auto visit = [&home](const auto& value) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, symbol>)
        if (home == nullptr || depth(value.owner_) > depth(home)) home = value.owner_;
    };
    (visit(x), ...);
    return home;
  }

  /// A symbol or number as a value of the given builder.
  static constexpr int in(builder& home, const symbol& x) { return home.lift(x.owner_, x.value_); }
  template <element T>
  static constexpr int in(builder& home, T x) {
    return home.constant(static_cast<double>(x), dtype_of<T>);
  }

 private:
  static constexpr int depth(const builder* b) {
    int levels = 0;
    for (; b != nullptr; b = b->parent()) ++levels;
    return levels;
  }

  builder* owner_ = nullptr;
  int value_ = -1;
};

}  // namespace ir
}  // namespace fusegrad
