// Eigen's arrays, matrices, vectors, maps and blocks as arguments and outputs. Works with the single header as well.
// Vectors have rank 1, everything else rank 2, whatever the storage order; what has no memory of its own (an Eigen
// expression) has to be evaluated first. Knows of Eigen only what describes memory.
#pragma once

#include <Eigen/Core>
#include <fusegrad/fusegrad.hpp>

namespace fusegrad {

namespace detail {
template <class Derived>
void accept_eigen(const Eigen::DenseBase<Derived>&);
template <class T>
concept eigen_in_memory = requires(const T& t) { detail::accept_eigen(t); } && element<typename T::Scalar> &&
                          (T::Flags & Eigen::DirectAccessBit) != 0;
}  // namespace detail

template <detail::eigen_in_memory T>
struct view_traits<T> {
  template <class U>
  static auto view_of(U& t) {
    using pointed = std::remove_pointer_t<decltype(t.data())>;
    if constexpr (T::IsVectorAtCompileTime) return view<pointed, 1>(t.data(), {t.size()}, {t.innerStride()});
    else return view<pointed, 2>(t.data(), {t.rows(), t.cols()}, {t.rowStride(), t.colStride()});
  }
};

}  // namespace fusegrad
