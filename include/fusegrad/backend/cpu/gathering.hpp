// What the elements of a vector come to in a reduction: lane by lane within a block, then block by block.
#pragma once

#include "../../core/math.hpp"
#include "layout.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// Does a reduction gather several numbers for each element: the moments of what it is given?
template <class Op>
inline constexpr bool gathers_moments = requires { typename Op::template moments<double>; };

/// Is NaN gathered apart from numbers? Where masks are cheap that is quicker than to look for it in each result.
template <class Op, dtype Type>
inline constexpr bool gathers_nan_apart =
    simd::has_avx512 && is_floating(Type) && requires(simd::pack<float, 16> x) { Op::combine_numbers(x, x); };

/// Which lanes have been numbers until now, and are again?
template <class M, class V>
FUSEGRAD_INLINE M numbers_still(M numbers, V x) {
  if constexpr (simd::has_avx512 && sizeof(V) == 64) {
    return M::of_bits(simd::detail::numbers_among(static_cast<unsigned>(numbers.bits), x.v));
  } else {
    return numbers && x == x;
  }
}

/// What elements have come to, lane by lane; for reductions that gather NaN apart, in which lanes there was none.
template <template <dtype> class Lane, const auto& Totals, const auto& Apart>
struct gathered_file : file_for<Lane, Totals> {
  file_for<Lane, Apart> numbers;
};

/// Combines the lanes of a vector in a fixed order.
template <class Op, class V>
FUSEGRAD_INLINE auto across_lanes(V x) {
  if constexpr (V::width == 1) return x[0];
  else return across_lanes<Op>(Op::combine(lower(x), upper(x)));
}
/// What the lanes up to each come to.
template <class Op, int Known = 1, class V>
FUSEGRAD_INLINE V along_lanes(V x) {
  using T = typename V::value_type;
  if constexpr (Known >= V::width) return x;
  else return along_lanes<Op, 2 * Known>(Op::combine(simd::moved_up<Known>(V(Op::template identity<T>()), x), x));
}
/// A reduction of numbers alone.
template <class Op>
struct of_numbers {
  FUSEGRAD_INLINE static auto combine(auto x, auto y) { return Op::combine_numbers(x, y); }
};

/// A reduction in a gathered_file: its total and its numbers are in these slots.
template <class Op, dtype Type, int TotalAt, int NumbersAt>
struct gathering {
  static constexpr bool apart = gathers_nan_apart<Op, Type>;

  FUSEGRAD_INLINE static auto& total(auto& file) { return file.template at<Type, TotalAt>(); }
  FUSEGRAD_INLINE static auto& numbers(auto& file) { return file.numbers.template at<dtype::boolean, NumbersAt>(); }

  FUSEGRAD_INLINE static void reset(auto& file) {
    using vector = std::remove_cvref_t<decltype(total(file))>;
    total(file) = vector(Op::template identity<type_of<Type>>());
    if constexpr (apart) numbers(file) = true;
  }
  FUSEGRAD_INLINE static void add(auto& file, auto x) {
    if constexpr (apart) {
      numbers(file) = numbers_still(numbers(file), x);
      total(file) = Op::combine_numbers(total(file), x);
    } else {
      total(file) = Op::combine(total(file), x);
    }
  }
  /// Adds what the same reduction has come to elsewhere.
  template <class Theirs = gathering>
  FUSEGRAD_INLINE static void merge(auto& file, const auto& other) {
    if constexpr (apart) {
      numbers(file) = numbers(file) && Theirs::numbers(other);
      total(file) = Op::combine_numbers(total(file), Theirs::total(other));
    } else {
      total(file) = Op::combine(total(file), Theirs::total(other));
    }
  }
  FUSEGRAD_INLINE static auto result(const auto& file) {
    using math::where;
    const auto all = total(file);
    if constexpr (apart) return where(numbers(file), all, decltype(all)(__builtin_nanf("")));
    else return all;
  }
  /// The result of all lanes.
  FUSEGRAD_INLINE static auto across(const auto& file) {
    if constexpr (apart) {
      const auto x = across_lanes<of_numbers<Op>>(total(file));
      return simd::any_lane(!numbers(file)) ? decltype(x)(__builtin_nanf("")) : x;
    } else {
      return across_lanes<Op>(total(file));
    }
  }
};

/// A sum that carries its own rounding error (Neumaier's), for adding up blocks.
template <class T>
struct compensated {
  double sum = 0;
  double error = 0;

  constexpr compensated() = default;
  FUSEGRAD_INLINE void add(double x) {
    const double total = sum + x;
    const bool exact = !(total - total == 0);  // infinities and NaN carry no error
    error += exact ? 0.0 : math::abs(sum) >= math::abs(x) ? (sum - total) + x : (x - total) + sum;
    sum = total;
  }
  FUSEGRAD_INLINE void add(compensated other) {
    add(other.sum);
    error += other.error;
  }
  FUSEGRAD_INLINE T value() const { return static_cast<T>(sum + error); }
};

/// Any other reduction of blocks.
template <class Op, class T>
struct combined {
  T total = Op::template identity<T>();

  FUSEGRAD_INLINE void add(T x) { total = Op::combine(total, x); }
  FUSEGRAD_INLINE void add(combined other) { add(other.total); }
  FUSEGRAD_INLINE T value() const { return total; }
};

template <class Op, class T>
using block_total = std::conditional_t<std::is_floating_point_v<T>&& requires { requires Op::additive; },
                                       compensated<T>, combined<Op, T>>;

/// What vectors come to one after another: sums of floats, and what rounds as they do, in double, which has bits enough
/// to spare.
template <class Op, class T>
using running_total = std::conditional_t<std::is_same_v<T, float> && (
                                                                         requires { requires Op::additive; } ||
                                                                         requires { requires Op::carries_wide; }),
                                         combined<Op, double>, block_total<Op, T>>;

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
