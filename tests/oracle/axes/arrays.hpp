// Arrays for tests that state their expectations themselves.
#pragma once

#include <initializer_list>

#include "check.hpp"

namespace oracle::axes {

inline constexpr double inf = std::numeric_limits<double>::infinity();

template <class T = double>
fusegrad::tensor<T, 2> matrix(std::initializer_list<std::initializer_list<std::type_identity_t<T>>> rows) {
  const auto columns = rows.size() > 0 ? rows.begin()->size() : 0;
  fusegrad::tensor<T, 2> result({static_cast<std::ptrdiff_t>(rows.size()), static_cast<std::ptrdiff_t>(columns)});
  T* to = result.data();
  for (const auto& row : rows)
    for (T x : row) *to++ = x;
  return result;
}

/// A tensor of the hashed numbers of a seed.
template <class T, int Rank>
fusegrad::tensor<T, Rank> random(const fusegrad::shape<Rank>& extents, std::uint64_t seed) {
  fusegrad::tensor<T, Rank> result(extents);
  for (std::ptrdiff_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<T>(made(seed, static_cast<std::uint64_t>(i)));
  return result;
}

/// Within a few roundings of numbers of size 1 or of their own; equal infinities; two NaNs.
template <class T>
bool near(T got, long double exact, double roundings_allowed = 8) {
  const double g = static_cast<double>(got), want = static_cast<double>(exact);
  if (std::isnan(g) || std::isnan(want)) return std::isnan(g) && std::isnan(want);
  if (std::isinf(g) || std::isinf(want)) return g == want;
  const double epsilon = static_cast<double>(std::numeric_limits<T>::epsilon());
  return std::abs(g - want) <= roundings_allowed * epsilon * std::max(1.0, std::abs(want));
}

/// Does a tensor of rank 1 or 2 hold these numbers, row after row?
template <class Array>
bool holds(const Array& got, const std::vector<double>& want) {
  if (static_cast<std::size_t>(got.size()) != want.size()) return false;
  for (std::ptrdiff_t i = 0; i < got.size(); ++i)
    if (!near(got[i], want[static_cast<std::size_t>(i)])) return false;
  return true;
}

}  // namespace oracle::axes
