// A growing array for constant evaluation: what std::vector would be, without its cost in compile time.
// Knows nothing of programs.
#pragma once

#include "../config.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

template <class T>
class buffer {
 public:
  constexpr buffer() = default;
  constexpr explicit buffer(int count) : buffer() {
    reserve(count);
    size_ = count;
  }
  constexpr buffer(int count, T value) : buffer() {
    reserve(count);
    for (int i = 0; i < count; ++i) data_[i] = value;
    size_ = count;
  }
  constexpr buffer(const buffer& other) : buffer() {
    reserve(other.size_);
    for (int i = 0; i < other.size_; ++i) data_[i] = other.data_[i];
    size_ = other.size_;
  }
  constexpr buffer(buffer&& other) noexcept : data_(other.data_), size_(other.size_), capacity_(other.capacity_) {
    other.data_ = nullptr;
    other.size_ = other.capacity_ = 0;
  }
  constexpr buffer& operator=(buffer&& other) noexcept {
    T* const data = data_;
    const int size = size_, capacity = capacity_;
    data_ = other.data_, size_ = other.size_, capacity_ = other.capacity_;
    other.data_ = data, other.size_ = size, other.capacity_ = capacity;
    return *this;
  }
  constexpr buffer& operator=(const buffer& other) {
    if (this == &other) return *this;
    size_ = 0;
    for (const T& value : other) push_back(value);
    return *this;
  }
  constexpr ~buffer() { delete[] data_; }

  constexpr int size() const { return size_; }
  constexpr T* data() { return data_; }
  constexpr const T* data() const { return data_; }
  constexpr T& operator[](int i) { return data_[i]; }
  constexpr const T& operator[](int i) const { return data_[i]; }
  constexpr T& back() { return data_[size_ - 1]; }
  constexpr T* begin() { return data_; }
  constexpr T* end() { return data_ + size_; }
  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }

  constexpr void push_back(T value) {
    if (size_ == capacity_) reserve(capacity_ == 0 ? 8 : 2 * capacity_);
    data_[size_++] = value;
  }

 private:
  constexpr void reserve(int capacity) {
    if (capacity <= capacity_) return;
    T* grown = new T[static_cast<unsigned>(capacity)]{};
    for (int i = 0; i < size_; ++i) grown[i] = data_[i];
    delete[] data_;
    data_ = grown;
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  int size_ = 0;
  int capacity_ = 0;
};

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
