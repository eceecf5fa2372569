// What operations promise, and what a comparison with the oracle's tables has found. Knows nothing of the library.
#pragma once

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table.hpp"

namespace oracle {

/// What an operation may be off by, in ulp: its value, and its derivatives. For derivatives an ulp is that of the
/// larger of the cell and its spread (see generate.py): a derivative near its own zero has no digits of its own.
struct accuracy {
  double value_float = 3, value_double = 3, derivatives = 16;
  bool signed_zero = true;       ///< the sign of a zero value is checked where an argument is zero
  bool spread_value = false;     ///< the value, too, is measured against its spread
  bool subnormal_slope = false;  ///< below the smallest normal number a derivative has no relative accuracy,
  bool subnormal_value = false;  ///< nor has the value
};

accuracy accuracy_of(std::string_view op);

/// A place where an operation is known to give something else, and why that is accepted.
bool accepted(std::string_view op, std::size_t column, const std::vector<double>& x, bool single);

/// The disagreements of one operation: each cell once, however many of the ways to compute it are wrong.
class findings {
 public:
  explicit findings(const table& t) : table_(t), promised_(accuracy_of(t.op)) {}

  template <class T>
  void compare(const row& r, std::size_t column, T got, const char* how) {
    if (!r.cells[column]) return;
    ++checked_;
    const double want = *r.cells[column];
    const bool value = column == 0;
    const double allowed = !value           ? promised_.derivatives
                           : sizeof(T) == 4 ? promised_.value_float
                                            : promised_.value_double;
    double error = ulp_error(got, want);
    if (error > allowed && std::isfinite(want) && std::isfinite(got)) {
      const double difference = std::abs(static_cast<double>(got) - want);
      if (!value || promised_.spread_value) {
        constexpr double large = 0.5 * static_cast<double>(std::numeric_limits<T>::max());
        const double spread = std::min(r.spreads[column], large);
        error = std::min(error, difference / static_cast<double>(ulp(static_cast<T>(spread))));
      }
      // a factor that is subnormal keeps an absolute error, which the other factors multiply
      double factor = value ? 0 : 1;
      for (double x : r.arguments) factor = std::max(factor, value ? 0 : 1 + std::min(std::abs(x), 1e3));
      if (difference <= factor * static_cast<double>(std::numeric_limits<T>::denorm_min())) return;
      const bool flushes = value ? promised_.subnormal_value : promised_.subnormal_slope;
      if (flushes && difference <= static_cast<double>(std::numeric_limits<T>::min())) return;
    }
    if (error > allowed && !value && overflowed<T>(r) && std::isfinite(want)) return;
    if (error > allowed && accepted(table_.op, column, r.arguments, sizeof(T) == 4)) return;
    const bool from_zero = std::count(r.arguments.begin(), r.arguments.end(), 0.0) > 0;
    if (value && promised_.signed_zero && from_zero && want == 0 && got == 0 && std::signbit(want) != std::signbit(got))
      error = std::numeric_limits<double>::infinity();
    double& seen = seen_[value ? sizeof(T) / 4 - 1 : 2];
    if (error <= allowed) {
      seen = std::max(seen, error);
      return;
    }
    std::string where = sizeof(T) == 4 ? "float " : "double ";
    where += table_.column(static_cast<int>(column)) + "(";
    for (const double& x : r.arguments) where += (&x == &r.arguments.front() ? "" : ", ") + format(x);
    auto& w = wrong_[where + ")"];
    w.ways.insert(how);
    if (w.ways.size() > 1 && error <= w.error) return;
    w.error = error;
    w.text = "expected " + format(want) + ", got " + format(static_cast<double>(got)) + " (" + format(error, 3) +
             " ulp, allowed " + format(allowed, 3) + ")";
  }

  void done() const {
    constexpr std::size_t shown = 12;
    std::vector<std::pair<std::string, found>> worst(wrong_.begin(), wrong_.end());
    std::stable_sort(worst.begin(), worst.end(),
                     [](const auto& a, const auto& b) { return a.second.error > b.second.error; });
    std::string text;
    for (const auto& [where, w] : worst) {
      if (&w - &worst.front().second >= static_cast<std::ptrdiff_t>(shown) && !show_all()) break;
      text += "\n  " + where + ": " + w.text + " by";
      for (const std::string& how : w.ways) text += " [" + how + "]";
    }
    CHECK(checked_ > 0);
    if (std::getenv("FUSEGRAD_ORACLE_REPORT") != nullptr)
      std::printf("%-14s float %5.2f ulp, double %5.2f ulp, derivatives %5.2f ulp\n", table_.op.c_str(), seen_[0],
                  seen_[1], seen_[2]);
    if (!wrong_.empty())
      FAIL_CHECK(table_.op << ": " << wrong_.size() << " cells are off, " << checked_
                           << " comparisons; the worst:" << text);
  }

 private:
  struct found {
    double error = 0;
    std::string text;
    std::set<std::string> ways;
  };
  /// Formulas in terms of the value cannot be held to anything where it has overflowed.
  template <class T>
  static bool overflowed(const row& r) {
    for (double x : r.arguments)
      if (!std::isfinite(x)) return false;
    return r.cells[0] && std::isinf(static_cast<T>(*r.cells[0]));
  }
  static bool show_all() { return std::getenv("FUSEGRAD_ORACLE_EVERYTHING") != nullptr; }
  static std::string format(double x, int digits = 17) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, x);
    return buffer;
  }
  const table& table_;
  accuracy promised_;
  std::map<std::string, found> wrong_;
  double seen_[3]{};  // the largest errors that were allowed: float and double values, derivatives
  int checked_ = 0;
};

}  // namespace oracle
