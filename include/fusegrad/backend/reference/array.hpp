// Arrays of the reference: an element in the widest type there is, whatever the type of the value, and the axes along
// which it varies. Knows nothing of programs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../config.hpp"
#include "../../core/axes.hpp"
#include "../../core/dtype.hpp"
#include "../../ir/buffer.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::reference {

using ir::axis_set;

/// One element.
using number = wide_number;

/// How many elements there are along each axis.
struct lengths {
  std::ptrdiff_t along[ir::max_axes]{1, 1, 1, 1, 1, 1, 1, 1};

  constexpr std::ptrdiff_t count(axis_set axes) const {
    std::ptrdiff_t product = 1;
    for (int axis = 0; axis < ir::max_axes && axes >> axis != 0; ++axis)
      if (ir::has_axis(axes, axis)) product *= along[axis];
    return product;
  }
};

/// Goes through all places along some axes, the lowest axis fastest.
class place {
 public:
  constexpr place(axis_set axes, const lengths& n) : n_(n), left_(n.count(axes)) {
    for (int axis = 0; axis < ir::max_axes && axes >> axis != 0; ++axis)
      if (ir::has_axis(axes, axis)) axes_[count_++] = axis;
  }
  constexpr bool exists() const { return left_ > 0; }
  constexpr void next() {
    --left_;
    for (int k = 0; k < count_; ++k) {
      if (++at_[axes_[k]] < n_.along[axes_[k]]) return;
      at_[axes_[k]] = 0;
    }
  }
  constexpr std::ptrdiff_t operator[](int axis) const { return at_[axis]; }
  /// Is it the same place as another along some axes?
  constexpr bool agrees(const place& other, axis_set along) const {
    for (int axis = 0; axis < ir::max_axes && along >> axis != 0; ++axis)
      if (ir::has_axis(along, axis) && at_[axis] != other.at_[axis]) return false;
    return true;
  }

 private:
  lengths n_;
  std::ptrdiff_t left_, at_[ir::max_axes]{};
  int axes_[ir::max_axes]{}, count_ = 0;
};

/// The elements of a value in row-major order, the lowest axis last. An argument has its dimensions as axes, the last
/// one being axis 0.
struct array {
  dtype type = dtype::f64;
  axis_set axes = 0;
  lengths n{};
  ir::buffer<number> elements{1, number{}};

  array() = default;
  array(dtype t, axis_set a, const lengths& extents) : type(t), axes(a), elements(0, number{}) {
    for (int axis = 0; axis < ir::max_axes && a >> axis != 0; ++axis)
      if (ir::has_axis(a, axis)) n.along[axis] = extents.along[axis];
    elements = ir::buffer<number>(static_cast<int>(n.count(a)), number{});
  }

  std::ptrdiff_t size() const { return elements.size(); }
  number& operator[](std::ptrdiff_t k) { return elements[static_cast<int>(k)]; }
  const number& operator[](std::ptrdiff_t k) const { return elements[static_cast<int>(k)]; }

  /// Where the element at a place is, which may have more axes.
  std::ptrdiff_t offset(const auto& at) const {
    std::ptrdiff_t found = 0, stride = 1;
    for (int axis = 0; axis < ir::max_axes && axes >> axis != 0; ++axis)
      if (ir::has_axis(axes, axis)) {
        found += at[axis] * stride;
        stride *= n.along[axis];
      }
    return found;
  }
  std::ptrdiff_t stride(int along) const { return n.count(axes & ((axis_set{1} << along) - 1)); }
};

}  // namespace fusegrad::reference

FUSEGRAD_HARDLY_RUN_END
