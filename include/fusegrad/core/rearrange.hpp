// Other views of arrays: axes in another order, parts, other shapes. No element is copied; the result is an argument or
// an output like any other, and refers to the memory of the array that it was made of.
#pragma once

#include "axes.hpp"
#include "view.hpp"

namespace fusegrad {

/// A view of which the type says that some axes have one element, so that it broadcasts along them. `Single` has one
/// bit an axis; bit 0 is the last.
template <class T, int Rank, ir::axis_set Single, space Space = space::host>
class single_view : public view<T, Rank, Space> {
 public:
  constexpr explicit single_view(const view<T, Rank, Space>& v) : view<T, Rank, Space>(v) {}
};

template <class T, int Rank, ir::axis_set Single, space Space>
struct view_traits<single_view<T, Rank, Single, Space>> {
  static constexpr ir::axis_set single_axes = Single;
  static constexpr const view<T, Rank, Space>& view_of(const single_view<T, Rank, Single, Space>& v) { return v; }
};

namespace detail {

template <class A>
using view_type_of = std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<A&>()))>;

/// A view of elements T, along so many axes, where those of another view lie.
template <class View, int Rank, class T = typename View::element_type>
using beside = view<T, Rank, View::on_device ? space::device : space::host>;

/// Axis A of an array of some rank, counted from the first; one sentence if there is none.
template <int A, int Rank>
constexpr std::size_t axis_number() {
  static_assert(
      A >= -Rank && A < Rank,
      "fusegrad: an axis is named that the array does not have; axes are counted from 0, or from -1 at the end");
  return static_cast<std::size_t>(A < 0 ? A + Rank : A);
}

[[noreturn, gnu::cold]] inline void cannot(const std::string& text) {
  detail::raise(std::invalid_argument("fusegrad: " + text));
}

template <class View>
constexpr View flipped(const View& v, std::size_t at) {
  auto strides = v.strides();
  auto* const last = v.size() > 0 ? v.data() + (v.shape()[at] - 1) * strides[at] : v.data();
  strides[at] = -strides[at];
  return View(last, v.shape(), strides);
}
/// How many elements a slice takes along an axis of a shape; `start` becomes where it begins.
constexpr std::ptrdiff_t elements_of_slice(const auto& of, std::size_t at, std::ptrdiff_t& start, std::ptrdiff_t stop,
                                           std::ptrdiff_t step) {
  const std::ptrdiff_t n = of[at];
  if (stop == end) stop = n;
  if (start < 0) start += n;
  if (stop < 0) stop += n;
  // every third element from the second on is none of an empty axis
  if (start < 0 || stop > n || start - stop >= step || step < 1)
    cannot(text_of("a slice from ", start, " to ", stop, " by ", step, " does not lie within axis ",
                   static_cast<std::ptrdiff_t>(at), " of ", to_string(of),
                   "; take 0 <= start <= stop <= extent, step >= 1"));
  return (stop - start + step - 1) / step;
}
template <class View>
constexpr View sliced(const View& v, std::size_t at, std::ptrdiff_t start, std::ptrdiff_t stop, std::ptrdiff_t step) {
  auto extents = v.shape(), strides = v.strides();
  extents[at] = elements_of_slice(v.shape(), at, start, stop, step);
  auto* const first = extents[at] > 0 ? v.data() + start * strides[at] : v.data();
  strides[at] *= step;
  return View(first, extents, strides);
}

/// A bound of a cut. `extent(source)` is the extent that a source names, which comes as a type.
template <int Bound>
constexpr std::ptrdiff_t bound_of(const auto& extent) {
  if constexpr (ir::cut::is_extent(Bound)) return extent(std::integral_constant<int, ir::cut::source_of(Bound)>{});
  else return Bound;
}
template <ir::cut Where, class View>
constexpr View cut_from(const View& v, std::size_t at, const auto& extent) {
  if constexpr (Where.step < 0) return flipped(v, at);
  else return sliced(v, at, bound_of<Where.start>(extent), bound_of<Where.stop>(extent), Where.step);
}

}  // namespace detail

/// The array with its axes in another order: axis k of the result is axis A[k] of the array.
template <borrowed V, int... A>
constexpr auto permute(V&& array, axis_list<A...>) {
  const auto v = view_of(array);
  using view_type = std::remove_const_t<decltype(v)>;
  static_assert(sizeof...(A) == static_cast<std::size_t>(view_type::rank),
                "fusegrad: permute takes all axes of the array, each once");
  typename view_type::shape_type extents{}, strides{};
  std::size_t k = 0;
  auto place = [&](std::size_t from) {
    extents[k] = v.shape()[from];
    strides[k++] = v.strides()[from];
  };
  (place(detail::axis_number<A, view_type::rank>()), ...);
  return view_type(v.data(), extents, strides);
}

/// The array with its last two axes exchanged.
template <borrowed V>
constexpr auto transpose(V&& array) {
  const auto v = view_of(array);
  using view_type = std::remove_const_t<decltype(v)>;
  static_assert(view_type::rank >= 2, "fusegrad: transpose takes an array of two axes or more");
  auto extents = v.shape(), strides = v.strides();
  std::swap(extents[view_type::rank - 1], extents[view_type::rank - 2]);
  std::swap(strides[view_type::rank - 1], strides[view_type::rank - 2]);
  return view_type(v.data(), extents, strides);
}

/// The array from the other end along axis A.
template <borrowed V, int A>
constexpr auto flip(V&& array, axis_list<A>) {
  const auto v = view_of(array);
  return detail::flipped(v, detail::axis_number<A, decltype(v)::rank>());
}

/// Elements start, start + step, ... before stop along axis A; a negative start or stop counts from the end. Throws
/// std::invalid_argument where they lie outside, or step is not positive.
template <borrowed V, int A>
constexpr auto slice(V&& array, axis_list<A>, std::ptrdiff_t start, std::ptrdiff_t stop, std::ptrdiff_t step = 1) {
  const auto v = view_of(array);
  return detail::sliced(v, detail::axis_number<A, decltype(v)::rank>(), start, stop, step);
}
/// The same with a range that the compiler knows, as functions take it of their arguments.
template <borrowed V, int A, int Start, int Stop, int Step>
constexpr auto slice(V&& array, axis_list<A> along, range_t<Start, Stop, Step>) {
  return slice(array, along, Start, Stop, Step);
}

/// The elements of a contiguous array in another shape. Throws std::invalid_argument where their number differs, or the
/// array is not contiguous.
template <borrowed V, std::size_t Rank>
constexpr auto reshape(V&& array, const std::ptrdiff_t (&extents)[Rank]) {
  const auto v = view_of(array);
  using view_type = std::remove_const_t<decltype(v)>;
  shape<static_cast<int>(Rank)> wanted{};
  for (std::size_t k = 0; k < Rank; ++k) wanted[k] = extents[k];
  if (!v.contiguous()) detail::cannot("reshape takes a contiguous array; copy it first, fg::fuse of x does");
  if (element_count(wanted) != v.size())
    detail::cannot(detail::text_of("an array of shape ", to_string(v.shape()), " cannot be reshaped to ",
                                   to_string(wanted), ": the number of elements differs"));
  return detail::beside<view_type, static_cast<int>(Rank)>(v.data(), wanted);
}

/// The array with new axes of one element, which stand where A says in the result; it broadcasts along them.
template <borrowed V, int... A>
constexpr auto unsqueeze(V&& array, axis_list<A...>) {
  const auto v = view_of(array);
  using view_type = std::remove_const_t<decltype(v)>;
  constexpr int rank = view_type::rank + static_cast<int>(sizeof...(A));
  constexpr ir::axis_set single =
      (ir::axis_set{0} | ... |
       (ir::axis_set{1} << (static_cast<std::size_t>(rank) - 1 - detail::axis_number<A, rank>())));
  shape<rank> extents{}, strides{};
  std::size_t from = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(rank); ++k) {
    const bool made = ir::has_axis(single, rank - 1 - static_cast<int>(k));
    extents[k] = made ? 1 : v.shape()[from];
    strides[k] = made ? 1 : v.strides()[from++];
  }
  constexpr space memory = view_type::on_device ? space::device : space::host;
  return single_view<typename view_type::element_type, rank, single, memory>({v.data(), extents, strides});
}

/// The array without axis A, which must have one element: std::invalid_argument if not.
template <borrowed V, int A>
constexpr auto squeeze(V&& array, axis_list<A>) {
  const auto v = view_of(array);
  using view_type = std::remove_const_t<decltype(v)>;
  constexpr std::size_t at = detail::axis_number<A, view_type::rank>();
  if (v.shape()[at] != 1)
    detail::cannot(detail::text_of("axis ", A, " of ", to_string(v.shape()),
                                   " has more than one element; squeeze cannot remove it"));
  shape<view_type::rank - 1> extents{}, strides{};
  for (std::size_t k = 0, to = 0; k < static_cast<std::size_t>(view_type::rank); ++k)
    if (k != at) {
      extents[to] = v.shape()[k];
      strides[to++] = v.strides()[k];
    }
  return detail::beside<view_type, view_type::rank - 1>(v.data(), extents, strides);
}

/// The array as one of the given shape: missing leading axes, and axes of one element, are repeated. Read only. Throws
/// std::invalid_argument where the shapes do not fit.
template <borrowed V, std::size_t Rank>
constexpr auto broadcast_to(V&& array, const std::ptrdiff_t (&extents)[Rank]) {
  const auto v = view_of(array);
  using view_type = std::remove_const_t<decltype(v)>;
  constexpr std::size_t own = static_cast<std::size_t>(view_type::rank);
  static_assert(own <= Rank, "fusegrad: broadcast_to makes no fewer axes");
  shape<static_cast<int>(Rank)> wanted{}, strides{};
  for (std::size_t k = 0; k < Rank; ++k) {
    wanted[k] = extents[k];
    if (k + own < Rank) continue;
    const std::size_t from = k + own - Rank;
    if (v.shape()[from] == extents[k]) strides[k] = v.strides()[from];
    else if (v.shape()[from] != 1)
      detail::cannot(detail::text_of("an array of shape ", to_string(v.shape()), " does not broadcast to axis ",
                                     static_cast<std::ptrdiff_t>(k), " of extent ", extents[k]));
  }
  return detail::beside<view_type, static_cast<int>(Rank), const typename view_type::value_type>(v.data(), wanted,
                                                                                                 strides);
}

}  // namespace fusegrad
