// Reads the oracle tables and measures distances in units of the last place. The folder of the tables is the macro
// FUSEGRAD_ORACLE_DIR. Knows nothing of the library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace oracle {

/// One row: arguments, then value, first partials and second partials (00 01 02 11 12 22).
struct row {
  bool single = false;  ///< the arguments are floats: the row serves float as well as double
  std::vector<double> arguments;
  std::vector<std::optional<double>> cells;  ///< empty: nothing is promised there
  std::vector<double> spreads;               ///< change of a cell per relative change of the arguments, at least |cell|
};

struct table {
  std::string op;
  int arity = 0;
  std::vector<row> rows;

  int columns() const { return 1 + arity + arity * (arity + 1) / 2; }
  int first(int i) const { return 1 + i; }
  int second(int i, int j) const {
    int column = 1 + arity;
    for (int k = 0; k < i; ++k) column += arity - k;
    return column + j - i;
  }
  /// "y", "d0", "d01": the name of a column.
  std::string column(int c) const {
    if (c == 0) return "y";
    if (c <= arity) return "d" + std::to_string(c - 1);
    for (int i = 0; i < arity; ++i)
      for (int j = i; j < arity; ++j)
        if (second(i, j) == c) return "d" + std::to_string(i) + std::to_string(j);
    return "?";
  }
};

inline double number(const std::string& word) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  if (end == word.c_str() || *end != '\0') throw std::runtime_error("oracle: not a number: '" + word + "'");
  return value;
}

inline std::string path(const std::string& file) {
  std::string whole = FUSEGRAD_ORACLE_DIR "/";
  return whole += file;
}

/// The table of an operation; without rows if there is none.
inline table read_table(std::string_view op) {
  const std::string file = path("tables/" + std::string(op) + ".txt");
  std::ifstream in(file);
  std::string line;
  table result;
  if (!std::getline(in, line)) return result;
  result.op = std::string(op);
  const auto at = line.find("arity=");
  if (at == std::string::npos) throw std::runtime_error("oracle: no arity in " + file);
  result.arity = line[at + 6] - '0';
  const auto arity = static_cast<std::size_t>(result.arity), columns = static_cast<std::size_t>(result.columns());
  while (std::getline(in, line)) {
    std::istringstream text(line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    if (words.size() != 1 + arity + columns && words.size() != 1 + arity + 2 * columns)
      throw std::runtime_error("oracle: a row of wrong length in " + file + ": " + line);
    row r;
    r.single = words[0] == "s";
    for (std::size_t i = 0; i < arity; ++i) r.arguments.push_back(number(words[1 + i]));
    for (std::size_t i = 0; i < columns; ++i) {
      const std::string& word = words[1 + arity + i];
      if (word == "-") r.cells.emplace_back();
      else r.cells.emplace_back(number(word));
      double spread = r.cells.back() ? std::abs(*r.cells.back()) : 0.0;
      if (words.size() > 1 + arity + columns && words[1 + arity + columns + i] != ".")
        spread = std::max(spread, std::ldexp(1.0, std::atoi(words[1 + arity + columns + i].c_str())));
      r.spreads.push_back(spread);
    }
    result.rows.push_back(std::move(r));
  }
  return result;
}

/// The distance between neighbours at x; at zero that of the subnormals.
template <class T>
T ulp(T x) {
  if (!std::isfinite(x)) return std::numeric_limits<T>::quiet_NaN();
  x = std::abs(x);
  if (x < std::numeric_limits<T>::min()) return std::numeric_limits<T>::denorm_min();
  return std::ldexp(std::numeric_limits<T>::epsilon(), std::ilogb(x));
}

/// How many representable numbers lie between a and b; equal infinities and two NaNs are 0 apart, otherwise far.
template <class T>
double ulp_difference(T a, T b) {
  constexpr double far = std::numeric_limits<double>::infinity();
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0.0 : far;
  if (a == b) return 0.0;
  if (std::isinf(a) || std::isinf(b)) return far;
  using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  const auto ordered = [](T x) {
    bits b;
    std::memcpy(&b, &x, sizeof b);
    return static_cast<long double>(b < 0 ? std::numeric_limits<bits>::min() - b : b);
  };
  return static_cast<double>(std::abs(ordered(a) - ordered(b)));
}

/// The error of `got` in ulp of T at the true value `want`, which keeps its digits beyond T: 0.5 is a correct rounding.
template <class T>
double ulp_error(T got, double want) {
  const T rounded = static_cast<T>(want);
  if (std::isnan(want) || std::isnan(got)) return ulp_difference(got, rounded);
  if (got == rounded) return 0.0;
  if (std::isinf(rounded) || std::isinf(got)) {
    // one side overflows by a rounding, the other stays just below
    const T other = std::isinf(rounded) ? got : rounded;
    if (std::isinf(other) || std::signbit(rounded) != std::signbit(got)) return std::numeric_limits<double>::infinity();
    const double steps = ulp_difference(std::abs(other), std::numeric_limits<T>::max());
    return steps < 64 ? steps + 1 : std::numeric_limits<double>::infinity();
  }
  return std::abs(static_cast<double>(got) - want) / static_cast<double>(ulp(rounded));
}

}  // namespace oracle
