// pack<T, W>: W numbers that one instruction treats alike, and mask<W, Bytes>: the truth of W comparisons.
// Assumes W is a power of two. A pack larger than a register is a pair of packs of half the width, so every width
// works; one smaller than 16 bytes is the compiler's own small vector.
// Must not know of expressions, programs or loops.
#pragma once

#include <utility>

#include "intrinsics.hpp"

namespace fusegrad::simd {
inline namespace FUSEGRAD_ISA {

template <class T, int W>
struct pack;

/// W truth values that select among elements of `Bytes` bytes. Masks of equal W convert into one another.
template <int W, int Bytes>
struct mask;

// A number is a pack of one lane. These overloads also let unqualified calls in this namespace find functions, and so
// what argument-dependent lookup adds, where operations of the same names are objects in the namespace around it.
constexpr bool any(bool b) { return b; }
constexpr bool all(bool b) { return b; }
constexpr int count(bool b) { return b; }
template <class T>
  requires std::is_arithmetic_v<T>
constexpr T where(bool condition, T a, T b) {
  return condition ? a : b;
}
template <class T>
  requires std::is_arithmetic_v<T>
constexpr T fma(T a, T b, T c) {
  return a * b + c;
}

namespace detail {

template <int W, int Bytes>
inline constexpr bool is_wide = W * Bytes > native_bytes&& W > 1;

/// The lanes of two vectors that the indices name, counted through both; -1 is any lane.
#if defined(__CUDACC__)  // nvcc hands the built-in function's expanded packs to the host compiler unexpanded
template <int... I, class V>
FUSEGRAD_INLINE auto shuffled(V a, V b) {
  vec<element<V>, sizeof...(I)> picked{};
  int lane = 0;
  ((picked[lane++] = I < 0          ? element<V>{}
                     : I < lanes<V> ? a[I < lanes<V> && I >= 0 ? I : 0]
                                    : b[I >= lanes<V> ? I - lanes<V> : 0]),
   ...);
  return picked;
}
#else
template <int... I, class V>
FUSEGRAD_INLINE auto shuffled(V a, V b) {
  return __builtin_shufflevector(a, b, I...);
}
#endif

template <int First, class V, int... I>
FUSEGRAD_INLINE auto lanes_from(V v, std::integer_sequence<int, I...>) {
  return shuffled<(First + I)...>(v, v);
}
template <class V, int... I>
FUSEGRAD_INLINE auto lanes_of_both(V a, V b, std::integer_sequence<int, I...>) {
  return shuffled<I...>(a, b);
}
/// Lane numbers that begin with First.
template <int First, int... I>
constexpr std::integer_sequence<int, (First + I)...> lanes_after(std::integer_sequence<int, I...>) {
  return {};
}
template <class V, int... I>
FUSEGRAD_INLINE auto lanes_padded(V v, std::integer_sequence<int, I...>) {
  return shuffled<(I < lanes<V> ? I : -1)...>(v, v);
}

/// A vector of one lane that counts, set as nvcc takes it, too.
template <class T, int W = 1>
FUSEGRAD_INLINE vec<T, W> first_lane(T x) {
  vec<T, W> v{};
  v[0] = x;
  return v;
}

template <class V>
FUSEGRAD_INLINE auto low_half(V v) {
  if constexpr (lanes<V> == 2) return first_lane<element<V>>(v[0]);
  else return lanes_from<0>(v, std::make_integer_sequence<int, lanes<V> / 2>{});
}
template <class V>
FUSEGRAD_INLINE auto high_half(V v) {
  if constexpr (lanes<V> == 2) return first_lane<element<V>>(v[1]);
  else return lanes_from<lanes<V> / 2>(v, std::make_integer_sequence<int, lanes<V> / 2>{});
}
template <class V>
FUSEGRAD_INLINE auto both_halves(V a, V b) {
  if constexpr (lanes<V> == 1) return vec<element<V>, 2>{a[0], b[0]};
  else return lanes_of_both(a, b, std::make_integer_sequence<int, 2 * lanes<V>>{});
}

/// The same lanes at the front of a vector of `Bytes` bytes; the other lanes are anything.
template <int Bytes, class V>
FUSEGRAD_INLINE auto padded(V v) {
  if constexpr (sizeof(V) == Bytes) return v;
  else if constexpr (lanes<V> == 1) return first_lane<element<V>, Bytes / static_cast<int>(sizeof(element<V>))>(v[0]);
  else return lanes_padded(v, std::make_integer_sequence<int, Bytes / static_cast<int>(sizeof(element<V>))>{});
}
/// The first W lanes.
template <int W, class V>
FUSEGRAD_INLINE auto shortened(V v) {
  if constexpr (W == lanes<V>) return v;
  else if constexpr (W == 1) return first_lane<element<V>>(v[0]);
  else return lanes_from<0>(v, std::make_integer_sequence<int, W>{});
}

inline constexpr int at_least_16(int bytes) { return bytes < 16 ? 16 : bytes; }

template <class T, int... I>
FUSEGRAD_INLINE vec<T, sizeof...(I)> counting(std::integer_sequence<int, I...>) {
  return vec<T, sizeof...(I)>{static_cast<T>(I)...};
}

/// The smallest unsigned type of at least that many bits.
template <int Bits>
using bits_of = std::conditional_t<
    Bits <= 8, std::uint8_t,
    std::conditional_t<Bits <= 16, std::uint16_t, std::conditional_t<Bits <= 32, std::uint32_t, std::uint64_t>>>;

template <int W>
FUSEGRAD_INLINE bits_of<W> first_bits(int count) {
  if (count >= W) return static_cast<bits_of<W>>(~std::uint64_t{0} >> (64 - W));
  return static_cast<bits_of<W>>(count <= 0 ? 0 : (std::uint64_t{1} << count) - 1);
}

/// W bytes of memory as a vector of W elements T.
template <class T, int W, class S>
FUSEGRAD_INLINE vec<T, W> load_converted(const S* p);

}  // namespace detail

// ------------------------------------------------------------------------------------------------------------- masks

#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)

template <int W, int Bytes>
struct mask {
  static_assert(W >= 1 && W <= 64 && (W & (W - 1)) == 0, "fusegrad: a mask has 1, 2, 4, ... or 64 lanes");
  using bits_type = detail::bits_of<W>;
  static constexpr int width = W;
  static constexpr bits_type every = static_cast<bits_type>(~std::uint64_t{0} >> (64 - W));

  bits_type bits;  // those above W are 0

  mask() = default;
  FUSEGRAD_INLINE mask(bool b) : bits(b ? every : bits_type{0}) {}
  template <int Other>
  FUSEGRAD_INLINE mask(mask<W, Other> m) : bits(m.bits) {}
  FUSEGRAD_INLINE static mask of_bits(std::uint64_t b) {
    mask m;
    m.bits = static_cast<bits_type>(b & every);
    return m;
  }

  FUSEGRAD_INLINE static mask of_exact_bits(bits_type b) {
    mask m;
    m.bits = b;
    return m;
  }

  /// The first `count` lanes are true.
  FUSEGRAD_INLINE static mask first(int count) { return of_bits(detail::first_bits<W>(count)); }

  template <class S>
    requires(sizeof(S) == 1)
  FUSEGRAD_INLINE static mask load(const S* p) {
    return load(p, W);
  }
  /// Lanes from `count` on are false and their memory is not read.
  template <class S>
    requires(sizeof(S) == 1)
  FUSEGRAD_INLINE static mask load(const S* p, int count) {
    constexpr int chunk = W < 16 ? W : 16;
    std::uint64_t b = 0;
    for (int i = 0; i < W; i += chunk) {
      detail::vec<char, 16> bytes{};
      const int n = count - i < chunk ? count - i : chunk;
      if (n == chunk) __builtin_memcpy(&bytes, p + i, chunk);
      else if (n > 0) __builtin_memcpy(&bytes, p + i, static_cast<std::size_t>(n));
      b |= std::uint64_t{__builtin_ia32_cmpb128_mask(bytes, detail::vec<char, 16>{}, 4, 0xffff)} << i;
    }
    return of_bits(b);
  }
  FUSEGRAD_INLINE void store(bool* p) const { store(p, W); }
  FUSEGRAD_INLINE void store(bool* p, int count) const {
    constexpr int chunk = W < 16 ? W : 16;
    for (int i = 0; i < W; i += chunk) {
      auto bytes = __builtin_ia32_cvtmask2b128(static_cast<unsigned short>(std::uint64_t{bits} >> i));
      bytes &= bytes & 1;
      const int n = count - i < chunk ? count - i : chunk;
      if (n == chunk) __builtin_memcpy(p + i, &bytes, chunk);
      else if (n > 0) __builtin_memcpy(p + i, &bytes, static_cast<std::size_t>(n));
    }
  }
  FUSEGRAD_INLINE bool operator[](int i) const { return (std::uint64_t{bits} >> i) & 1; }

  FUSEGRAD_INLINE friend mask operator&&(mask a, mask b) { return of_exact_bits(detail::and_bits(a.bits, b.bits)); }
  FUSEGRAD_INLINE friend mask operator||(mask a, mask b) { return of_exact_bits(detail::or_bits(a.bits, b.bits)); }
  FUSEGRAD_INLINE friend mask operator^(mask a, mask b) { return of_bits(std::uint64_t{a.bits} ^ b.bits); }
  FUSEGRAD_INLINE friend mask operator!(mask a) { return of_bits(~std::uint64_t{a.bits}); }
  FUSEGRAD_INLINE friend mask operator==(mask a, mask b) { return !(a ^ b); }
  FUSEGRAD_INLINE friend mask operator!=(mask a, mask b) { return a ^ b; }
  FUSEGRAD_INLINE friend bool any(mask m) { return m.bits != 0; }
  FUSEGRAD_INLINE friend bool all(mask m) { return m.bits == every; }
  FUSEGRAD_INLINE friend int count(mask m) {
    // g++ 12 counts eight bytes where it has put a mask of one or two bytes on the stack
    std::uint64_t b = m.bits;
    __asm__("" : "+r"(b));
    return __builtin_popcountll(b & (~std::uint64_t{0} >> (64 - W)));
  }
  FUSEGRAD_INLINE friend auto lower(mask m) { return mask<W / 2, Bytes>::of_bits(m.bits); }
  FUSEGRAD_INLINE friend auto upper(mask m) { return mask<W / 2, Bytes>::of_bits(std::uint64_t{m.bits} >> (W / 2)); }
  FUSEGRAD_INLINE friend auto join(mask a, mask b) {
    return mask<2 * W, Bytes>::of_bits(std::uint64_t{a.bits} | (std::uint64_t{b.bits} << W));
  }
};

namespace detail {

template <predicate P, class T, int W, class V>
FUSEGRAD_INLINE mask<W, sizeof(T)> compare(V a, V b) {
  constexpr int bytes = at_least_16(sizeof(V));
  return mask<W, sizeof(T)>::of_bits(compare_bits<P>(padded<bytes>(a), padded<bytes>(b)));
}
template <class M, class V>
FUSEGRAD_INLINE V select(M m, V a, V b) {
  constexpr int bytes = at_least_16(sizeof(V));
  return shortened<lanes<V>>(select_bits(static_cast<unsigned>(m.bits), padded<bytes>(a), padded<bytes>(b)));
}

}  // namespace detail

#else

template <int W, int Bytes>
struct mask {
  static_assert(W >= 1 && (W & (W - 1)) == 0, "fusegrad: the width of a mask is a power of two");
  using lane_type = detail::int_of_size<Bytes>;
  using vector = detail::vec<lane_type, W>;
  static constexpr int width = W;

  vector v;  // 0 or -1

  mask() = default;
  FUSEGRAD_INLINE mask(bool b) : v(static_cast<lane_type>(b ? -1 : 0) - vector{}) {}
  template <int Other>
    requires(!detail::is_wide<W, Other>)
  FUSEGRAD_INLINE mask(mask<W, Other> m) : v(__builtin_convertvector(m.v, vector)) {}
  template <int Other>
    requires(detail::is_wide<W, Other>)
  FUSEGRAD_INLINE mask(mask<W, Other> m)
      : v(detail::both_halves(mask<W / 2, Bytes>(m.lo).v, mask<W / 2, Bytes>(m.hi).v)) {}
  FUSEGRAD_INLINE static mask of_lanes(vector lanes) {
    mask m;
    m.v = lanes;
    return m;
  }

  /// The first `count` lanes are true.
  FUSEGRAD_INLINE static mask first(int count) {
    return of_lanes(detail::counting<lane_type>(std::make_integer_sequence<int, W>{}) < static_cast<lane_type>(count));
  }
  template <class S>
    requires(sizeof(S) == 1)
  FUSEGRAD_INLINE static mask load(const S* p) {
    return of_lanes(detail::load_converted<lane_type, W>(reinterpret_cast<const std::uint8_t*>(p)) != 0);
  }
  /// Lanes from `count` on are false and their memory is not read.
  template <class S>
    requires(sizeof(S) == 1)
  FUSEGRAD_INLINE static mask load(const S* p, int count) {
    std::uint8_t bytes[W] = {};
    for (int i = 0; i < W && i < count; ++i) bytes[i] = p[i] ? 1 : 0;
    return load(bytes);
  }
  FUSEGRAD_INLINE void store(bool* p) const { store(p, W); }
  FUSEGRAD_INLINE void store(bool* p, int count) const {
    for (int i = 0; i < W && i < count; ++i) p[i] = v[i] != 0;
  }
  FUSEGRAD_INLINE bool operator[](int i) const { return v[i] != 0; }

  FUSEGRAD_INLINE friend mask operator&&(mask a, mask b) { return of_lanes(a.v & b.v); }
  FUSEGRAD_INLINE friend mask operator||(mask a, mask b) { return of_lanes(a.v | b.v); }
  FUSEGRAD_INLINE friend mask operator^(mask a, mask b) { return of_lanes(a.v ^ b.v); }
  FUSEGRAD_INLINE friend mask operator!(mask a) { return of_lanes(~a.v); }
  FUSEGRAD_INLINE friend mask operator==(mask a, mask b) { return of_lanes(~(a.v ^ b.v)); }
  FUSEGRAD_INLINE friend mask operator!=(mask a, mask b) { return a ^ b; }
  FUSEGRAD_INLINE friend bool any(mask m) { return detail::any_bit(m.v); }
  FUSEGRAD_INLINE friend bool all(mask m) { return !any(!m); }
  FUSEGRAD_INLINE friend int count(mask m) {
    if constexpr (W == 1) return -static_cast<int>(m.v[0]);
    else return count(lower(m)) + count(upper(m));
  }
  FUSEGRAD_INLINE friend auto lower(mask m) { return mask<W / 2, Bytes>::of_lanes(detail::low_half(m.v)); }
  FUSEGRAD_INLINE friend auto upper(mask m) { return mask<W / 2, Bytes>::of_lanes(detail::high_half(m.v)); }
  FUSEGRAD_INLINE friend auto join(mask a, mask b) {
    if constexpr (detail::is_wide<2 * W, Bytes>) return mask<2 * W, Bytes>(a, b);
    else return mask<2 * W, Bytes>::of_lanes(detail::both_halves(a.v, b.v));
  }
};

template <int W, int Bytes>
  requires detail::is_wide<W, Bytes>
struct mask<W, Bytes> {
  using half = mask<W / 2, Bytes>;
  static constexpr int width = W;

  half lo, hi;

  mask() = default;
  FUSEGRAD_INLINE mask(bool b) : lo(b), hi(b) {}
  FUSEGRAD_INLINE mask(half low, half high) : lo(low), hi(high) {}
  template <int Other>
  FUSEGRAD_INLINE mask(mask<W, Other> m) : lo(lower(m)), hi(upper(m)) {}

  FUSEGRAD_INLINE static mask first(int count) { return {half::first(count), half::first(count - W / 2)}; }
  template <class S>
    requires(sizeof(S) == 1)
  FUSEGRAD_INLINE static mask load(const S* p) {
    return {half::load(p), half::load(p + W / 2)};
  }
  template <class S>
    requires(sizeof(S) == 1)
  FUSEGRAD_INLINE static mask load(const S* p, int count) {
    return {half::load(p, count), count > W / 2 ? half::load(p + W / 2, count - W / 2) : half(false)};
  }
  FUSEGRAD_INLINE void store(bool* p) const { store(p, W); }
  FUSEGRAD_INLINE void store(bool* p, int count) const {
    lo.store(p, count);
    if (count > W / 2) hi.store(p + W / 2, count - W / 2);
  }
  FUSEGRAD_INLINE bool operator[](int i) const { return i < W / 2 ? lo[i] : hi[i - W / 2]; }

  FUSEGRAD_INLINE friend mask operator&&(mask a, mask b) { return {a.lo && b.lo, a.hi && b.hi}; }
  FUSEGRAD_INLINE friend mask operator||(mask a, mask b) { return {a.lo || b.lo, a.hi || b.hi}; }
  FUSEGRAD_INLINE friend mask operator^(mask a, mask b) { return {a.lo ^ b.lo, a.hi ^ b.hi}; }
  FUSEGRAD_INLINE friend mask operator!(mask a) { return {!a.lo, !a.hi}; }
  FUSEGRAD_INLINE friend mask operator==(mask a, mask b) { return {a.lo == b.lo, a.hi == b.hi}; }
  FUSEGRAD_INLINE friend mask operator!=(mask a, mask b) { return a ^ b; }
  FUSEGRAD_INLINE friend bool any(mask m) { return any(m.lo || m.hi); }
  FUSEGRAD_INLINE friend bool all(mask m) { return all(m.lo && m.hi); }
  FUSEGRAD_INLINE friend int count(mask m) { return count(m.lo) + count(m.hi); }
  FUSEGRAD_INLINE friend half lower(mask m) { return m.lo; }
  FUSEGRAD_INLINE friend half upper(mask m) { return m.hi; }
  FUSEGRAD_INLINE friend auto join(mask a, mask b) { return mask<2 * W, Bytes>(a, b); }
};

namespace detail {

template <predicate P, class T, int W, class V>
FUSEGRAD_INLINE mask<W, sizeof(T)> compare(V a, V b) {
  using M = mask<W, sizeof(T)>;
  using L = typename M::vector;
  if constexpr (P == predicate::eq) return M::of_lanes((L)(a == b));
  else if constexpr (P == predicate::ne_or_nan) return M::of_lanes((L)(a != b));
  else if constexpr (P == predicate::lt) return M::of_lanes((L)(a < b));
  else if constexpr (P == predicate::le) return M::of_lanes((L)(a <= b));
  else if constexpr (P == predicate::eq_or_nan) return M::of_lanes((L)equal_or_nan(a, b));
  else return M::of_lanes((L)((a != a) | (b != b)));
}
template <class M, class V>
FUSEGRAD_INLINE V select(M m, V a, V b) {
  return m.v ? a : b;
}

}  // namespace detail

#endif

/// The extrema of truth values, false being the smaller.
template <int W, int Bytes>
FUSEGRAD_INLINE mask<W, Bytes> max(mask<W, Bytes> a, mask<W, Bytes> b) {
  return a || b;
}
template <int W, int Bytes>
FUSEGRAD_INLINE mask<W, Bytes> min(mask<W, Bytes> a, mask<W, Bytes> b) {
  return a && b;
}

/// any(m), where another `any` hides it.
template <int W, int Bytes>
FUSEGRAD_INLINE bool any_lane(mask<W, Bytes> m) {
  return any(m);
}

// ------------------------------------------------------------------------------------------------------------- packs

namespace detail {

template <class T, int W, class S>
FUSEGRAD_INLINE vec<T, W> load_converted(const S* p) {
  if constexpr (std::is_same_v<S, bool>) {
    return load_converted<T, W>(reinterpret_cast<const std::uint8_t*>(p));
  } else if constexpr (is_wide<W, sizeof(S)>) {
    return both_halves(load_converted<T, W / 2>(p), load_converted<T, W / 2>(p + W / 2));
  } else {
    vec<S, W> v;
    __builtin_memcpy(&v, p, sizeof(v));
    if constexpr (std::is_same_v<S, T>) {
      return v;
    } else if constexpr (std::is_integral_v<S> && sizeof(S) < 4 && !std::is_integral_v<T>) {
      return converted<T>(converted<std::int32_t>(v));
    } else {
      return converted<T>(v);
    }
  }
}

template <class T, int W>
FUSEGRAD_INLINE vec<T, W> load_first(const T* p, int count) {
  using V = vec<T, W>;
  if constexpr (has_avx512 && sizeof(V) >= 16) {
    return load_bits<V>(static_cast<unsigned>(first_bits<W>(count)), p);
  } else if constexpr (has_avx2 && sizeof(V) >= 16) {
    return load_lanes<V>(mask<W, sizeof(T)>::first(count).v, p);
  } else {
    if (count >= W) return load_converted<T, W>(p);
    V v{};
    if (count > 0) __builtin_memcpy(&v, p, static_cast<std::size_t>(count) * sizeof(T));
    return v;
  }
}

template <class T, int W, class V>
FUSEGRAD_INLINE void store_first(T* p, int count, V v) {
  if constexpr (has_avx512 && sizeof(V) >= 16) {
    store_bits(static_cast<unsigned>(first_bits<W>(count)), p, v);
  } else if constexpr (has_avx2 && sizeof(V) >= 16) {
    store_lanes(mask<W, sizeof(T)>::first(count).v, p, v);
  } else {
    if (count >= W) __builtin_memcpy(p, &v, sizeof(V));
    else if (count > 0) __builtin_memcpy(p, &v, static_cast<std::size_t>(count) * sizeof(T));
  }
}

// Integers wrap round, as the instructions do; on signed elements the compiler may take that for an error.
template <class T, int W>
struct wrapping {
  using type = vec<T, W>;
};
template <class T, int W>
  requires std::is_integral_v<T>
struct wrapping<T, W> {
  using type = vec<std::make_unsigned_t<T>, W>;
};

}  // namespace detail

/// W elements of T: float, double, std::int32_t, std::int64_t or std::uint64_t. Uninitialised unless given a value.
template <class T, int W>
struct pack {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t> ||
                    std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint64_t>,
                "fusegrad: packs hold float, double, std::int32_t, std::int64_t or std::uint64_t");
  static_assert(W >= 1 && (W & (W - 1)) == 0, "fusegrad: the width of a pack is a power of two");
  using value_type = T;
  using vector = detail::vec<T, W>;
  using mask_type = mask<W, sizeof(T)>;
  static constexpr int width = W;
  using wrap = typename detail::wrapping<T, W>::type;

  vector v;

  pack() = default;
  // s - 0, not s + 0, which would lose the sign of a zero
  FUSEGRAD_INLINE pack(T s) : v(s - vector{}) {}
  FUSEGRAD_INLINE explicit pack(vector lanes) : v(lanes) {}

  FUSEGRAD_INLINE static pack load(const T* p) { return pack(detail::load_converted<T, W>(p)); }
  /// Lanes from `count` on are 0 and their memory is not read.
  FUSEGRAD_INLINE static pack load(const T* p, int count) { return pack(detail::load_first<T, W>(p, count)); }
  /// W elements of another arithmetic type, converted.
  template <class S>
  FUSEGRAD_INLINE static pack load_as(const S* p) {
    return pack(detail::load_converted<T, W>(p));
  }
  template <class S>
  FUSEGRAD_INLINE static pack load_as(const S* p, int count) {
    if constexpr (std::is_same_v<S, T>) {
      return load(p, count);
    } else {
      S few[W] = {};
      if (count > W) count = W;
      if (count > 0) __builtin_memcpy(few, p, static_cast<std::size_t>(count) * sizeof(S));
      return load_as(few);
    }
  }
  FUSEGRAD_INLINE void store(T* p) const { __builtin_memcpy(p, &v, sizeof(v)); }
  /// Writes the first `count` lanes and touches nothing after them.
  FUSEGRAD_INLINE void store(T* p, int count) const { detail::store_first<T, W>(p, count, v); }
  /// Stores around the caches; `p` is aligned to the pack's size. End with `stream_fence()`.
  FUSEGRAD_INLINE void stream(T* p) const { detail::stream(p, v); }
  FUSEGRAD_INLINE T operator[](int i) const { return v[i]; }

  FUSEGRAD_INLINE friend pack operator+(pack a, pack b) { return pack((vector)((wrap)a.v + (wrap)b.v)); }
  FUSEGRAD_INLINE friend pack operator-(pack a, pack b) { return pack((vector)((wrap)a.v - (wrap)b.v)); }
  FUSEGRAD_INLINE friend pack operator*(pack a, pack b) { return pack((vector)((wrap)a.v * (wrap)b.v)); }
  FUSEGRAD_INLINE friend pack operator/(pack a, pack b) { return pack(a.v / b.v); }
  FUSEGRAD_INLINE friend pack operator-(pack a) { return pack((vector) - (wrap)a.v); }
  FUSEGRAD_INLINE friend pack operator+(pack a) { return a; }
  FUSEGRAD_INLINE pack& operator+=(pack b) { return *this = *this + b; }
  FUSEGRAD_INLINE pack& operator-=(pack b) { return *this = *this - b; }
  FUSEGRAD_INLINE pack& operator*=(pack b) { return *this = *this * b; }
  FUSEGRAD_INLINE pack& operator/=(pack b) { return *this = *this / b; }

  FUSEGRAD_INLINE friend pack operator&(pack a, pack b)
    requires std::is_integral_v<T>
  {
    return pack(a.v & b.v);
  }
  FUSEGRAD_INLINE friend pack operator|(pack a, pack b)
    requires std::is_integral_v<T>
  {
    return pack(a.v | b.v);
  }
  FUSEGRAD_INLINE friend pack operator^(pack a, pack b)
    requires std::is_integral_v<T>
  {
    return pack(a.v ^ b.v);
  }
  FUSEGRAD_INLINE friend pack operator<<(pack a, int n)
    requires std::is_integral_v<T>
  {
    return pack(a.v << n);
  }
  FUSEGRAD_INLINE friend pack operator>>(pack a, int n)
    requires std::is_integral_v<T>
  {
    return pack(a.v >> n);
  }

  FUSEGRAD_INLINE friend mask_type operator==(pack a, pack b) {
    return detail::compare<detail::predicate::eq, T, W>(a.v, b.v);
  }
  FUSEGRAD_INLINE friend mask_type operator!=(pack a, pack b) {
    return detail::compare<detail::predicate::ne_or_nan, T, W>(a.v, b.v);
  }
  FUSEGRAD_INLINE friend mask_type operator<(pack a, pack b) {
    return detail::compare<detail::predicate::lt, T, W>(a.v, b.v);
  }
  FUSEGRAD_INLINE friend mask_type operator<=(pack a, pack b) {
    return detail::compare<detail::predicate::le, T, W>(a.v, b.v);
  }
  FUSEGRAD_INLINE friend mask_type operator>(pack a, pack b) { return b < a; }
  FUSEGRAD_INLINE friend mask_type operator>=(pack a, pack b) { return b <= a; }
  FUSEGRAD_INLINE friend mask_type equal_or_unordered(pack a, pack b)
    requires std::is_floating_point_v<T>
  {
    return detail::compare<detail::predicate::eq_or_nan, T, W>(a.v, b.v);
  }
  /// True where either is NaN.
  FUSEGRAD_INLINE friend mask_type unordered(pack a, pack b)
    requires std::is_floating_point_v<T>
  {
    return detail::compare<detail::predicate::nan, T, W>(a.v, b.v);
  }

  /// a * b + c, rounded once where `has_fma`.
  FUSEGRAD_INLINE friend pack fma(pack a, pack b, pack c) {
    if constexpr (std::is_integral_v<T>) return a * b + c;
    else if constexpr (!has_fma || W == 1 || sizeof(v) >= 16) return pack(detail::fma(a.v, b.v, c.v));
    else
      return pack(
          detail::shortened<W>(detail::fma(detail::padded<16>(a.v), detail::padded<16>(b.v), detail::padded<16>(c.v))));
  }
  /// a where m, else b.
  FUSEGRAD_INLINE friend pack where(mask_type m, pack a, pack b) { return pack(detail::select(m, a.v, b.v)); }

  FUSEGRAD_INLINE friend auto lower(pack p) { return pack<T, W / 2>(detail::low_half(p.v)); }
  FUSEGRAD_INLINE friend auto upper(pack p) { return pack<T, W / 2>(detail::high_half(p.v)); }
  FUSEGRAD_INLINE friend auto join(pack a, pack b) {
    if constexpr (detail::is_wide<2 * W, sizeof(T)>) return pack<T, 2 * W>(a, b);
    else return pack<T, 2 * W>(detail::both_halves(a.v, b.v));
  }
};

template <class T, int W>
  requires detail::is_wide<W, sizeof(T)>
struct pack<T, W> {
  using value_type = T;
  using half = pack<T, W / 2>;
  using mask_type = mask<W, sizeof(T)>;
  static constexpr int width = W;

  half lo, hi;

  pack() = default;
  FUSEGRAD_INLINE pack(T s) : lo(s), hi(s) {}
  FUSEGRAD_INLINE pack(half low, half high) : lo(low), hi(high) {}

  FUSEGRAD_INLINE static pack load(const T* p) { return {half::load(p), half::load(p + W / 2)}; }
  FUSEGRAD_INLINE static pack load(const T* p, int count) {
    return {half::load(p, count), count > W / 2 ? half::load(p + W / 2, count - W / 2) : half(T(0))};
  }
  template <class S>
  FUSEGRAD_INLINE static pack load_as(const S* p) {
    return {half::load_as(p), half::load_as(p + W / 2)};
  }
  template <class S>
  FUSEGRAD_INLINE static pack load_as(const S* p, int count) {
    return {half::load_as(p, count), count > W / 2 ? half::load_as(p + W / 2, count - W / 2) : half(T(0))};
  }
  FUSEGRAD_INLINE void store(T* p) const {
    lo.store(p);
    hi.store(p + W / 2);
  }
  FUSEGRAD_INLINE void store(T* p, int count) const {
    lo.store(p, count);
    if (count > W / 2) hi.store(p + W / 2, count - W / 2);
  }
  FUSEGRAD_INLINE void stream(T* p) const {
    lo.stream(p);
    hi.stream(p + W / 2);
  }
  FUSEGRAD_INLINE T operator[](int i) const { return i < W / 2 ? lo[i] : hi[i - W / 2]; }

  FUSEGRAD_INLINE friend pack operator+(pack a, pack b) { return {a.lo + b.lo, a.hi + b.hi}; }
  FUSEGRAD_INLINE friend pack operator-(pack a, pack b) { return {a.lo - b.lo, a.hi - b.hi}; }
  FUSEGRAD_INLINE friend pack operator*(pack a, pack b) { return {a.lo * b.lo, a.hi * b.hi}; }
  FUSEGRAD_INLINE friend pack operator/(pack a, pack b) { return {a.lo / b.lo, a.hi / b.hi}; }
  FUSEGRAD_INLINE friend pack operator-(pack a) { return {-a.lo, -a.hi}; }
  FUSEGRAD_INLINE friend pack operator+(pack a) { return a; }
  FUSEGRAD_INLINE pack& operator+=(pack b) { return *this = *this + b; }
  FUSEGRAD_INLINE pack& operator-=(pack b) { return *this = *this - b; }
  FUSEGRAD_INLINE pack& operator*=(pack b) { return *this = *this * b; }
  FUSEGRAD_INLINE pack& operator/=(pack b) { return *this = *this / b; }

  FUSEGRAD_INLINE friend pack operator&(pack a, pack b)
    requires std::is_integral_v<T>
  {
    return {a.lo & b.lo, a.hi & b.hi};
  }
  FUSEGRAD_INLINE friend pack operator|(pack a, pack b)
    requires std::is_integral_v<T>
  {
    return {a.lo | b.lo, a.hi | b.hi};
  }
  FUSEGRAD_INLINE friend pack operator^(pack a, pack b)
    requires std::is_integral_v<T>
  {
    return {a.lo ^ b.lo, a.hi ^ b.hi};
  }
  FUSEGRAD_INLINE friend pack operator<<(pack a, int n)
    requires std::is_integral_v<T>
  {
    return {a.lo << n, a.hi << n};
  }
  FUSEGRAD_INLINE friend pack operator>>(pack a, int n)
    requires std::is_integral_v<T>
  {
    return {a.lo >> n, a.hi >> n};
  }

  FUSEGRAD_INLINE friend mask_type operator==(pack a, pack b) { return join(a.lo == b.lo, a.hi == b.hi); }
  FUSEGRAD_INLINE friend mask_type operator!=(pack a, pack b) { return join(a.lo != b.lo, a.hi != b.hi); }
  FUSEGRAD_INLINE friend mask_type operator<(pack a, pack b) { return join(a.lo < b.lo, a.hi < b.hi); }
  FUSEGRAD_INLINE friend mask_type operator<=(pack a, pack b) { return join(a.lo <= b.lo, a.hi <= b.hi); }
  FUSEGRAD_INLINE friend mask_type operator>(pack a, pack b) { return b < a; }
  FUSEGRAD_INLINE friend mask_type operator>=(pack a, pack b) { return b <= a; }
  FUSEGRAD_INLINE friend mask_type equal_or_unordered(pack a, pack b)
    requires std::is_floating_point_v<T>
  {
    return join(equal_or_unordered(a.lo, b.lo), equal_or_unordered(a.hi, b.hi));
  }
  FUSEGRAD_INLINE friend mask_type unordered(pack a, pack b)
    requires std::is_floating_point_v<T>
  {
    return join(unordered(a.lo, b.lo), unordered(a.hi, b.hi));
  }

  FUSEGRAD_INLINE friend pack fma(pack a, pack b, pack c) { return {fma(a.lo, b.lo, c.lo), fma(a.hi, b.hi, c.hi)}; }
  FUSEGRAD_INLINE friend pack where(mask_type m, pack a, pack b) {
    return {where(lower(m), a.lo, b.lo), where(upper(m), a.hi, b.hi)};
  }

  FUSEGRAD_INLINE friend half lower(pack p) { return p.lo; }
  FUSEGRAD_INLINE friend half upper(pack p) { return p.hi; }
  FUSEGRAD_INLINE friend auto join(pack a, pack b) { return pack<T, 2 * W>(a, b); }
};

/// The last K lanes of `before`, then x without its last K.
template <int K, class T, int W>
FUSEGRAD_INLINE pack<T, W> moved_up(pack<T, W> before, pack<T, W> x) {
  if constexpr (detail::is_wide<W, sizeof(T)>)
    return {moved_up<K>(upper(before), lower(x)), moved_up<K>(lower(x), upper(x))};
  else
    return pack<T, W>(
        detail::lanes_of_both(before.v, x.v, detail::lanes_after<W - K>(std::make_integer_sequence<int, W>{})));
}

// ------------------------------------------------------------------------------------------------------- conversions

/// Each lane converted as C++ converts a T to a U.
template <class U, class T, int W>
FUSEGRAD_INLINE pack<U, W> convert(pack<T, W> x) {
  if constexpr (std::is_same_v<U, T>) return x;
  else if constexpr (detail::is_wide<W, sizeof(U)> || detail::is_wide<W, sizeof(T)>)
    return join(convert<U>(lower(x)), convert<U>(upper(x)));
  else return pack<U, W>(detail::converted<U>(x.v));
}

/// 1 where true, 0 where false.
template <class U, int W, int Bytes>
FUSEGRAD_INLINE pack<U, W> convert(mask<W, Bytes> m) {
  return where(mask<W, sizeof(U)>(m), pack<U, W>(U(1)), pack<U, W>(U(0)));
}

namespace detail {

/// The same bits as another element type of equal size.
template <class U, class T, int W>
FUSEGRAD_INLINE pack<U, W> bit_cast(pack<T, W> x) {
  static_assert(sizeof(U) == sizeof(T));
  return pack<U, W>((vec<U, W>)x.v);
}

template <class T>
using int_like = int_of_size<sizeof(T)>;

/// A sum that is to be computed as it is written, whatever the compiler may do elsewhere.
template <class P>
FUSEGRAD_INLINE P settled(P x) {
  return P(settled_vector(x.v));
}

/// Runs `Kernel::run` on packs of at least so many bytes: the halves of a wide pack, a short one at the front of a
/// longer.
template <class Kernel, int Least, class T, int W, class... More>
FUSEGRAD_INLINE pack<T, W> run_kernel(pack<T, W> x, More... more) {
  constexpr int own_bytes = W * static_cast<int>(sizeof(T));
  if constexpr (is_wide<W, sizeof(T)>) {
    return join(run_kernel<Kernel, Least>(lower(x), lower(more)...),
                run_kernel<Kernel, Least>(upper(x), upper(more)...));
  } else if constexpr (own_bytes >= Least) {
    return Kernel::run(x, more...);
  } else {
    using full = pack<T, Least / static_cast<int>(sizeof(T))>;
    return pack<T, W>(shortened<W>(Kernel::run(full(padded<Least>(x.v)), full(padded<Least>(more.v))...).v));
  }
}

/// For kernels of one or two instructions, which exist from 16 bytes on.
template <class Kernel, class T, int W, class... More>
FUSEGRAD_INLINE pack<T, W> at_register_size(pack<T, W> x, More... more) {
  return run_kernel<Kernel, 16>(x, more...);
}

/// The fewest bytes of a mathematical kernel: AVX-512's are written for whole registers only.
inline constexpr int kernel_bytes = has_avx512 ? 64 : 16;

template <class Kernel, class T, int W, class... More>
FUSEGRAD_INLINE pack<T, W> at_kernel_size(pack<T, W> x, More... more) {
  return run_kernel<Kernel, kernel_bytes>(x, more...);
}

}  // namespace detail

/// `f` on each lane by itself: for functions that no vector version was written for.
template <class F, class T, int W, class... More>
FUSEGRAD_INLINE pack<T, W> per_lane(F f, pack<T, W> x, More... more) {
  if constexpr (detail::is_wide<W, sizeof(T)>) {
    return join(per_lane(f, lower(x), lower(more)...), per_lane(f, upper(x), upper(more)...));
  } else {
    pack<T, W> y = x;
    for (int i = 0; i < W; ++i) y.v[i] = static_cast<T>(f(x[i], more[i]...));
    return y;
  }
}

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::simd
