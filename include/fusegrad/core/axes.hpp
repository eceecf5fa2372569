// Axes: the tags with which a user names them, and the maps that say along which axis each dimension of a value runs.
// Knows nothing of memory, programs or derivatives.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace fusegrad {

/// The axes that a reduction removes, counted from 0 or, if negative, from the end: `fg::sum(x, fg::axis<-1>)`.
template <int... A>
struct axis_list {};
template <int... A>
inline constexpr axis_list<A...> axis{};

/// Keeps a reduced axis, with one element: `fg::mean(x, fg::axis<-1>, fg::keepdims)`.
struct keepdims_t {};
inline constexpr keepdims_t keepdims{};

/// The end of an axis, in a range.
inline constexpr int end = std::numeric_limits<int>::max();

/// Elements Start, Start + Step, ... before Stop along an axis; a negative Start or Stop counts from the end:
/// `fg::slice(x, fg::axis<-1>, fg::range<1, fg::end>)`.
template <int Start, int Stop, int Step = 1>
struct range_t {
  static_assert(Step >= 1 && Step < (1 << 19),
                "fusegrad: the step of a range is positive, and below 2^19; fg::flip turns an axis around");
  static_assert(Start < (1 << 30) && (Stop < (1 << 30) || Stop == end),
                "fusegrad: the bounds of a range that the compiler knows are below 2^30");
};
template <int Start, int Stop, int Step = 1>
inline constexpr range_t<Start, Stop, Step> range{};

namespace ir {

/// What is taken of an axis: elements start, start + step, ... before stop; all, from the other end, where step is -1.
/// A bound may be an extent, which only a call knows.
struct cut {
  int start = 0, stop = end, step = 1;

  /// The bound that is the extent which a source names, see `extents`.
  static constexpr int at_extent(int source) { return first_extent + source; }
  static constexpr bool is_extent(int bound) { return bound >= first_extent && bound != end; }
  static constexpr int source_of(int bound) { return bound - first_extent; }
  /// Are its bounds known without a call?
  constexpr bool is_known() const { return !is_extent(start) && !is_extent(stop); }

  static constexpr cut flipped() { return {-1, end, -1}; }
  static constexpr cut element(int index) { return {index, index == -1 ? end : index + 1, 1}; }
  /// Is it one element, wherever it lies within the axis?
  constexpr bool single() const {
    if (step < 0 || !is_known() || (start < 0) != (stop < 0 || stop == end)) return false;
    const int last = stop == end ? 0 : stop;
    return last > start && last - start <= step;
  }
  /// Is its end counted from that of the axis? Then so many elements come after it.
  constexpr bool ends_from_end() const { return stop == end || stop < 0; }
  constexpr int left_out() const { return stop == end ? 0 : -stop; }
  /// Does it take as many elements as another, and lie within the same axes, whatever their extent?
  constexpr bool as_long_as(const cut& other) const {
    if (start < 0 || other.start < 0 || !ends_from_end() || !other.ends_from_end()) return *this == other;
    if (!is_known() || !other.is_known()) return *this == other;
    return step == other.step && start + left_out() == other.start + other.left_out();
  }
  /// Writes the one cut that takes what `next` takes of what this one takes, and lies within an axis where they do;
  /// false if there is none.
  constexpr bool then(const cut& next, cut& both) const {
    if (step != 1 || next.step < 0 || !is_known() || !next.is_known()) return false;
    // what next counts from the far end of what this one takes could lie before or after that, and still in the axis
    if ((next.start < 0 && start != 0) || (!next.ends_from_end() && stop != end)) return false;
    cut made{start + next.start, stop, next.step};
    if (next.start < 0) made.start = next.start + (ends_from_end() ? -left_out() : stop);
    if (!next.ends_from_end()) made.stop = start + next.stop;
    else if (ends_from_end()) made.stop = -left_out() - next.left_out();
    else made.stop = stop - next.left_out();
    const bool start_counts_from_end = next.start < 0 ? ends_from_end() : start < 0;
    const bool stop_counts_from_end = next.ends_from_end() ? ends_from_end() : start < 0;
    if ((made.start < 0) != start_counts_from_end || (stop_counts_from_end ? made.stop > 0 : made.stop < 0))
      return false;
    if (stop_counts_from_end && made.stop == 0) made.stop = end;
    // one element that only the extent of the axis tells to be one still has that axis, which a single one has not
    if (made.single() && !next.single()) return false;
    both = made;
    return true;
  }
  /// Writes the cut of an axis whose elements, from the other end, are those that this one takes of the flipped axis;
  /// false if there is none.
  constexpr bool mirrored(cut& other) const {
    if (step != 1 || stop == 0 || !is_known()) return false;
    other = {stop == end ? 0 : -stop, start == 0 ? end : -start, 1};
    return true;
  }
  friend constexpr bool operator==(const cut&, const cut&) = default;

 private:
  static constexpr int first_extent = 1 << 30;
};

/// The axes along which a value varies, one bit each; bit 0 is the last axis of most arrays. Empty: one number.
using axis_set = std::uint32_t;

/// The most axes of a program, and dimensions of an array.
inline constexpr int max_axes = 8;

constexpr bool has_axis(axis_set axes, int axis) { return (axes >> axis & 1u) != 0; }
/// The lowest axis of a set that is not empty.
constexpr int lowest_axis(axis_set axes) { return std::countr_zero(axes); }

/// Along which axis each dimension of a value runs. Dimension 0 is the last one.
struct axis_map {
  std::uint32_t digits = 0;  ///< four bits a dimension: axis + 1; 0 where there is but one element

  constexpr int operator[](int dimension) const { return static_cast<int>(digits >> 4 * dimension & 15u) - 1; }
  constexpr void set(int dimension, int axis) {
    digits &= ~(15u << 4 * dimension);
    digits |= static_cast<std::uint32_t>(axis + 1) << 4 * dimension;
  }
  constexpr axis_set axes() const {
    axis_set found = 0;
    for (std::uint32_t rest = digits; rest != 0; rest >>= 4)
      if ((rest & 15u) != 0) found |= axis_set{1} << ((rest & 15u) - 1);
    return found;
  }
  /// Every axis is a dimension of the same number.
  static constexpr axis_map identity(axis_set axes) {
    axis_map made;
    for (int axis = 0; axis < max_axes; ++axis)
      if (has_axis(axes, axis)) made.set(axis, axis);
    return made;
  }
  friend constexpr bool operator==(axis_map a, axis_map b) { return a.digits == b.digits; }
};

/// The dimensions of a value as its user sees them: how many, and along which axes they run. Within operations values
/// are free of dimensions (rank -1): axes meet by their own names.
struct layout {
  axis_map map{};
  int rank = -1;

  constexpr bool positional() const { return rank >= 0; }
};

/// Where the extent of each axis of a value is found: dimension d of input i is source `max_axes * i + d`; -1: nowhere.
/// An input may be there for that alone, see `part`.
/// Packed, because compilers evaluate operation by operation.
class extents {
 public:
  constexpr int operator[](int axis) const {
    return static_cast<int>(sources_[axis / 4] >> 16 * (axis % 4) & 0xffffu) - 1;
  }
  constexpr void set(int axis, int source) {
    sources_[axis / 4] &= ~(std::uint64_t{0xffff} << 16 * (axis % 4));
    sources_[axis / 4] |= static_cast<std::uint64_t>(source + 1) << 16 * (axis % 4);
  }
  /// The axes whose extents are found somewhere.
  constexpr axis_set known() const {
    axis_set found = 0;
    for (int axis = 0; axis < max_axes; ++axis)
      if ((*this)[axis] >= 0) found |= axis_set{1} << axis;
    return found;
  }
  constexpr extents within(axis_set axes) const {
    extents made;
    for (int axis = 0; axis < max_axes; ++axis)
      if (has_axis(axes, axis)) made.set(axis, (*this)[axis]);
    return made;
  }
  /// Finds what is not yet found where `other` has it.
  constexpr void complete(const extents& other) {
    for (int word = 0; word < max_axes / 4; ++word) {
      std::uint64_t& here = sources_[word];
      const std::uint64_t there = other.sources_[word];
      if (here == there || there == 0) continue;
      for (std::uint64_t lane = 0xffff; here != there && lane != 0; lane <<= 16)
        if ((here & lane) == 0) here |= there & lane;
    }
  }
  /// As two integers, and back.
  constexpr std::uint64_t word(int k) const { return sources_[k]; }
  static constexpr extents from_words(std::uint64_t low, std::uint64_t high) {
    extents made;
    made.sources_[0] = low;
    made.sources_[1] = high;
    return made;
  }
  friend constexpr bool operator==(const extents& a, const extents& b) {
    return a.sources_[0] == b.sources_[0] && a.sources_[1] == b.sources_[1];
  }

 private:
  std::uint64_t sources_[max_axes / 4]{};  // 16 bits an axis: its source + 1
};

/// New names for axes.
struct permutation {
  int to[max_axes]{0, 1, 2, 3, 4, 5, 6, 7};

  constexpr axis_set operator()(axis_set axes) const {
    axis_set made = 0;
    for (int axis = 0; axis < max_axes; ++axis)
      if (has_axis(axes, axis)) made |= axis_set{1} << to[axis];
    return made;
  }
  constexpr axis_map operator()(axis_map map) const {
    axis_map made;
    for (int d = 0; d < max_axes; ++d)
      if (map[d] >= 0) made.set(d, to[map[d]]);
    return made;
  }
  constexpr extents operator()(const extents& e) const {
    extents made;
    for (int axis = 0; axis < max_axes; ++axis)
      if (e[axis] >= 0) made.set(to[axis], e[axis]);
    return made;
  }
  constexpr bool is_identity() const {
    for (int axis = 0; axis < max_axes; ++axis)
      if (to[axis] != axis) return false;
    return true;
  }
  /// The permutation that renames `from[k]` to `onto[k]`, and others only where they must make room.
  static constexpr permutation renaming(const int* from, const int* onto, int count) {
    permutation made;
    axis_set sources = 0, targets = 0;
    for (int k = 0; k < count; ++k) {
      made.to[from[k]] = onto[k];
      sources |= axis_set{1} << from[k];
      targets |= axis_set{1} << onto[k];
    }
    axis_set free = sources & ~targets;
    for (int axis = 0; axis < max_axes; ++axis)
      if (has_axis(targets & ~sources, axis))
        for (int room = 0; room < max_axes; ++room)
          if (has_axis(free, room)) {
            made.to[axis] = room;
            free &= ~(axis_set{1} << room);
            break;
          }
    return made;
  }
};

}  // namespace ir
}  // namespace fusegrad
