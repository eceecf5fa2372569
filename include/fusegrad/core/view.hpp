// Non-owning arrays, and the one customization point that turns a user's container into one.
// Knows nothing of derivatives.
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "dtype.hpp"
#include "shape.hpp"

namespace fusegrad {

/// Where elements lie: in the memory of the program, or in that of a GPU. fg::host and fg::device name them.
enum class space : std::uint8_t { host, device };
struct host_space {
  constexpr operator space() const { return space::host; }
};
struct device_space {
  constexpr operator space() const { return space::device; }
};
inline constexpr host_space host{};
inline constexpr device_space device{};

/// A non-owning array of any strides. `T` may be const. Copying a view copies no element. The elements of one with
/// Space fg::device are where only device code reaches them; calls with such arrays run there.
template <class T, int Rank, space Space = space::host>
  requires storable<std::remove_const_t<T>>
class view {
  static_assert(Rank >= 1 && Rank <= max_rank, "fusegrad: a view has rank 1 to 8");

 public:
  using element_type = T;
  using value_type = std::remove_const_t<T>;
  using shape_type = fusegrad::shape<Rank>;
  static constexpr int rank = Rank;
  static constexpr bool on_device = Space == space::device;

  constexpr view() = default;

  /// The contiguous row-major array of the given extents that starts at `data`.
  /// Throws std::invalid_argument for a negative extent, or a null pointer where there are elements.
  FUSEGRAD_INLINE constexpr view(T* data, const shape_type& extents)
      : view(data, extents, row_major_strides(extents)) {}
  FUSEGRAD_INLINE constexpr view(T* data, std::integral auto extent)
    requires(Rank == 1)
      : view(data, shape_type{static_cast<std::ptrdiff_t>(extent)}) {}

  /// The array whose element (i, j, ...) lies at `data + i * strides[0] + j * strides[1] + ...`.
  FUSEGRAD_INLINE constexpr view(T* data, const shape_type& extents, const shape_type& strides)
      : data_(data), shape_(extents), strides_(strides) {
    for (std::ptrdiff_t extent : extents)
      if (extent < 0) negative_extent(extent);
    if (data == nullptr && element_count(extents) > 0) null_pointer(extents);
  }

  /// A view of constant elements from one of mutable elements.
  template <class U>
    requires(std::is_const_v<T> && std::is_same_v<U, value_type>)
  constexpr view(const view<U, Rank, Space>& other)
      : data_(other.data()), shape_(other.shape()), strides_(other.strides()) {}

  constexpr T* data() const { return data_; }
  constexpr const shape_type& shape() const { return shape_; }
  constexpr const shape_type& strides() const { return strides_; }
  constexpr std::ptrdiff_t extent(int axis) const { return shape_[static_cast<std::size_t>(axis)]; }
  FUSEGRAD_INLINE constexpr std::ptrdiff_t size() const { return element_count(shape_); }

  /// Do the elements lie in row-major order without gaps?
  FUSEGRAD_INLINE constexpr bool contiguous() const {
    std::ptrdiff_t step = 1;
    for (std::size_t axis = Rank; axis-- > 0; step *= shape_[axis])
      if (shape_[axis] > 1 && strides_[axis] != step) return false;
    return true;
  }

  template <std::integral... I>
    requires(sizeof...(I) == Rank && !on_device)
  constexpr T& operator()(I... index) const {
    std::ptrdiff_t offset = 0;
    std::size_t axis = 0;
    ((offset += static_cast<std::ptrdiff_t>(index) * strides_[axis++]), ...);
    return data_[offset];
  }
  constexpr T& operator[](std::integral auto i) const
    requires(Rank == 1 && !on_device)
  {
    return data_[static_cast<std::ptrdiff_t>(i) * strides_[0]];
  }

 private:
  // by value: a reference would keep the shape in memory where there is no error, too
  [[noreturn, gnu::cold, gnu::noinline]] static void negative_extent(std::ptrdiff_t extent) {
    detail::raise(std::invalid_argument(
        detail::text_of("fusegrad: a view has the negative extent ", extent, "; extents count elements")));
  }
  [[noreturn, gnu::cold, gnu::noinline]] static void null_pointer(shape_type extents) {
    detail::raise(std::invalid_argument(detail::text_of("fusegrad: a view of shape ", to_string(extents),
                                                        " has a null pointer; pass the address of its first element")));
  }

  T* data_ = nullptr;
  shape_type shape_{};
  shape_type strides_{};
};

template <class T, std::size_t Rank>
view(T*, const std::array<std::ptrdiff_t, Rank>&) -> view<T, static_cast<int>(Rank)>;

template <class T>
inline constexpr bool is_view = false;
template <class T, int Rank, space Space>
inline constexpr bool is_view<view<T, Rank, Space>> = true;

/// Is this the view of an array in device memory?
template <class T>
inline constexpr bool is_device_view = false;
template <class T, int Rank>
inline constexpr bool is_device_view<view<T, Rank, space::device>> = true;

/// How an argument becomes a view. Specialize it for your own array type:
///
///     template <> struct fusegrad::view_traits<my_array> {
///       static fusegrad::view<const float, 2> view_of(const my_array& a);
///       static fusegrad::view<float, 2> view_of(my_array& a);     // if it can be written to
///     };
template <class T>
struct view_traits;

template <class T, int Rank, space Space>
struct view_traits<view<T, Rank, Space>> {
  static constexpr const view<T, Rank, Space>& view_of(const view<T, Rank, Space>& v) { return v; }
};

/// std::vector, std::span, std::array and everything else with contiguous elements: data() and size(). Not what has an
/// inner stride, as Eigen's types do: interop/eigen.hpp knows their order.
template <class T>
  requires requires(T& t) {
    requires storable<typename T::value_type>;
    requires std::is_pointer_v<decltype(t.data())>;
    { t.size() } -> std::integral;
  } && (!requires { T::rank; }) && (!requires(T& t) { t.innerStride(); })
struct view_traits<T> {
  template <class U>
  FUSEGRAD_INLINE static constexpr auto view_of(U& t) {
    using pointed = std::remove_pointer_t<decltype(t.data())>;
    return view<pointed, 1>(t.data(), t.size());
  }
};

template <storable T, std::size_t N>
struct view_traits<T[N]> {
  template <class U>
  static constexpr view<U, 1> view_of(U (&t)[N]) {
    return {t, N};
  }
};

// clang-format 16 mistakes what stands here for something else
// clang-format off
template <storable T, std::size_t N, std::size_t M>
struct view_traits<T[N][M]> {
  template <class U>
  static constexpr view<U, 2> view_of(U (&t)[N][M]) {
    return {t[0], {N, M}};
  }
};
// clang-format on

namespace detail {
template <class T>
using plain = std::remove_cvref_t<T>;
}

/// What can be viewed as an array.
template <class T>
concept viewable = requires(T& t) { view_traits<detail::plain<T>>::view_of(t); };

namespace detail {
template <class T, int Rank, space Space>
void is_handle(const view<T, Rank, Space>&);
}

/// What may be viewed for longer than the call lasts: a variable, and a view, even a temporary one.
template <class T>
concept borrowed =
    viewable<std::remove_reference_t<T>> && (std::is_lvalue_reference_v<T> || requires(T& t) { detail::is_handle(t); });

/// The view of an argument; an argument that is a view already, by reference.
template <viewable T>
FUSEGRAD_INLINE constexpr decltype(auto) view_of(T& t) {
  return view_traits<detail::plain<T>>::view_of(t);
}

/// The array that `t` describes, for which you vouch that it lies in device memory: of types that do not say where
/// their elements lie, such as cuda::std::mdspan and std::span.
template <viewable T>
constexpr auto in_device_memory(T&& t) {
  const auto v = fusegrad::view_of(t);
  using found = std::remove_cvref_t<decltype(v)>;
  return view<std::remove_pointer_t<decltype(v.data())>, found::rank, space::device>(v.data(), v.shape(), v.strides());
}

namespace detail {
template <class T, int Rank, std::size_t... Axis>
[[gnu::cold]] std::string elements_text(const view<T, Rank>& v, std::index_sequence<Axis...>) {
  std::ptrdiff_t index[Rank]{};
  const auto element = [&] {
    char text[32];
    const T x = v(index[Axis]...);
    if constexpr (std::is_floating_point_v<T>) __builtin_snprintf(text, sizeof text, "%g", static_cast<double>(x));
    else if constexpr (std::integral<T>) return std::to_string(x);
    else __builtin_snprintf(text, sizeof text, "%g", static_cast<double>(static_cast<float>(x)));
    return std::string(text);
  };
  const auto nested = [&](const auto& self, int axis) -> std::string {
    if (axis == Rank) return element();
    std::string text = "[";
    for (index[axis] = 0; index[axis] < v.extent(axis); ++index[axis])
      text += text_of(index[axis] > 0 ? ", " : "", self(self, axis + 1));
    return text += "]";
  };
  return nested(nested, 0);
}
}  // namespace detail

/// `[[1, 2], [3, 4]]`
template <class T, int Rank>
std::string to_string(const view<T, Rank>& v) {
  return detail::elements_text(view<const std::remove_const_t<T>, Rank>(v), std::make_index_sequence<Rank>{});
}
template <class Char, class Traits, class T, int Rank>
auto& operator<<(std::basic_ostream<Char, Traits>& to, const view<T, Rank>& v) {
  return to << to_string(v).c_str();
}

}  // namespace fusegrad
