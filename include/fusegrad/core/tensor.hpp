// The owning array: contiguous, row-major, aligned for the widest vectors. Knows nothing of derivatives.
#pragma once

#include <initializer_list>
#include <new>
#include <utility>

#include "view.hpp"

namespace fusegrad {

namespace detail {
/// Tells a tensor's constructor to leave the elements as they are: they are about to be written.
struct uninitialized_t {};

/// Can an array be viewed as elements T of so many axes?
template <class A, class T, int Rank>
concept holds = viewable<const A> && requires(const A& a) {
  requires std::is_convertible_v<decltype(fusegrad::view_of(a)), view<const T, Rank>>;
};
}  // namespace detail

/// An owning array. New elements are zero. Copies are deep; a moved-from tensor is empty. Of Space fg::device, its
/// elements lie in the memory of a GPU (backend/cuda/memory.hpp).
template <storable T, int Rank = 1, space Space = space::host>
class tensor {
  static_assert(Rank >= 1 && Rank <= max_rank, "fusegrad: a tensor has rank 1 to 8; rank 0 is a number");

 public:
  using value_type = T;
  using shape_type = fusegrad::shape<Rank>;
  static constexpr int rank = Rank;
  static constexpr std::size_t alignment = 64;

  static_assert(Space == space::host, "fusegrad: tensors in device memory need a CUDA compiler");

  tensor() = default;

  /// A tensor of zeros. Throws std::invalid_argument for a negative extent.
  explicit tensor(const shape_type& extents) : tensor(extents, detail::uninitialized_t{}) {
    for (T& x : *this) x = T{};
  }
  explicit tensor(std::integral auto extent)
    requires(Rank == 1)
      : tensor(shape_type{static_cast<std::ptrdiff_t>(extent)}) {}

  /// A tensor of the given values.
  tensor(std::initializer_list<T> values)
    requires(Rank == 1)
      : tensor(shape_type{static_cast<std::ptrdiff_t>(values.size())}, detail::uninitialized_t{}) {
    T* to = data_;
    for (T x : values) *to++ = x;
  }

  /// Rows, all of one length.
  tensor(std::initializer_list<std::initializer_list<T>> rows)
    requires(Rank == 2)
      : tensor(shape_type{static_cast<std::ptrdiff_t>(rows.size()),
                          rows.size() > 0 ? static_cast<std::ptrdiff_t>(rows.begin()->size()) : 0},
               detail::uninitialized_t{}) {
    T* to = data_;
    for (const auto& row : rows) {
      if (static_cast<std::ptrdiff_t>(row.size()) != extent(1))
        detail::raise(std::invalid_argument("fusegrad: the rows of a tensor have different lengths"));
      for (T x : row) *to++ = x;
    }
  }

  /// A copy of an array of the same rank and elements.
  template <class A>
    requires(!std::same_as<A, tensor> && detail::holds<A, T, Rank>)
  explicit tensor(const A& array) : tensor(fusegrad::view_of(array).shape(), detail::uninitialized_t{}) {
    const view<const T, Rank> from = fusegrad::view_of(array);
    shape_type index{};
    for (std::ptrdiff_t k = 0; k < size(); ++k) {
      std::ptrdiff_t offset = 0;
      for (std::size_t axis = 0; axis < Rank; ++axis) offset += index[axis] * from.strides()[axis];
      data_[k] = from.data()[offset];
      for (std::size_t axis = Rank; axis-- > 0 && ++index[axis] == shape_[axis];) index[axis] = 0;
    }
  }

  tensor(const shape_type& extents, detail::uninitialized_t) : shape_(extents) {
    for (std::ptrdiff_t extent : extents)
      if (extent < 0)
        detail::raise(std::invalid_argument(
            detail::text_of("fusegrad: a tensor has the negative extent ", extent, "; extents count elements")));
    if (size() > 0)
      data_ =
          static_cast<T*>(::operator new(static_cast<std::size_t>(size()) * sizeof(T), std::align_val_t{alignment}));
  }

  tensor(const tensor& other) : tensor(other.shape_, detail::uninitialized_t{}) {
    for (std::ptrdiff_t i = 0; i < size(); ++i) data_[i] = other.data_[i];
  }
  tensor(tensor&& other) noexcept : data_(other.data_), shape_(other.shape_) {
    other.data_ = nullptr;
    other.shape_ = {};
  }
  tensor& operator=(tensor other) noexcept {
    std::swap(data_, other.data_);
    std::swap(shape_, other.shape_);
    return *this;
  }
  ~tensor() { ::operator delete(data_, std::align_val_t{alignment}); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  const shape_type& shape() const { return shape_; }
  std::ptrdiff_t extent(int axis) const { return shape_[static_cast<std::size_t>(axis)]; }
  std::ptrdiff_t size() const { return element_count(shape_); }

  T* begin() { return data_; }
  T* end() { return data_ + size(); }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size(); }

  /// Element i in row-major order.
  T& operator[](std::integral auto i) { return data_[i]; }
  const T& operator[](std::integral auto i) const { return data_[i]; }

  template <std::integral... I>
    requires(sizeof...(I) == Rank)
  T& operator()(I... index) {
    return data_[offset(index...)];
  }
  template <std::integral... I>
    requires(sizeof...(I) == Rank)
  const T& operator()(I... index) const {
    return data_[offset(index...)];
  }

  /// The same; throws std::out_of_range for an index that lies outside.
  template <std::integral... I>
    requires(sizeof...(I) == Rank)
  const T& at(I... index) const {
    std::size_t axis = 0;
    if (((static_cast<std::ptrdiff_t>(index) < 0 || static_cast<std::ptrdiff_t>(index) >= shape_[axis++]) || ...))
      detail::raise(std::out_of_range("fusegrad: an index lies outside a tensor of shape " + to_string(shape_)));
    return data_[offset(index...)];
  }
  template <std::integral... I>
    requires(sizeof...(I) == Rank)
  T& at(I... index) {
    return const_cast<T&>(std::as_const(*this).at(index...));
  }

  /// A std::vector, or another owning container that is made of two pointers, with the same elements.
  template <class Container>
    requires(Rank == 1 && std::same_as<typename Container::value_type, T> &&
             requires(const T* p) {
               typename Container::allocator_type;
               Container(p, p);
             })
  operator Container() const {
    return Container(begin(), end());
  }

 private:
  template <class... I>
  std::ptrdiff_t offset(I... index) const {
    std::ptrdiff_t position = 0;
    std::size_t axis = 0;
    ((position = position * shape_[axis++] + static_cast<std::ptrdiff_t>(index)), ...);
    return position;
  }

  T* data_ = nullptr;
  shape_type shape_{};
};

template <viewable A>
tensor(const A&)
    -> tensor<typename std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<const A&>()))>::value_type,
              std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<const A&>()))>::rank>;

template <class T, int Rank>
struct view_traits<tensor<T, Rank>> {
  static view<T, Rank> view_of(tensor<T, Rank>& t) { return {t.data(), t.shape()}; }
  static view<const T, Rank> view_of(const tensor<T, Rank>& t) { return {t.data(), t.shape()}; }
};

template <class T, int Rank>
std::string to_string(const tensor<T, Rank>& t) {
  return to_string(fusegrad::view_of(t));
}
template <class Char, class Traits, class T, int Rank>
auto& operator<<(std::basic_ostream<Char, Traits>& to, const tensor<T, Rank>& t) {
  return to << fusegrad::view_of(t);
}

}  // namespace fusegrad
