// One loop over every operation: value, first and second derivatives, forward and reverse and both mixed, float and
// double, as a number and as arrays of odd sizes, against the oracle tables. Nothing here is written for one operation,
// except the table of how large an error is accepted and how an operation that takes conditions is called.
#pragma once

#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "../findings.hpp"
#include "../run.hpp"

namespace oracle {

namespace fg = fusegrad;

/// How an operation is called so that operands and result are numbers: conditions become x != 0 and where(c, 1, 0).
template <class Op>
struct subject {
  static constexpr int arity = Op::arity;
  static constexpr std::string_view table_name = Op::name;
  static table rows() { return read_table(table_name); }

  constexpr auto operator()(const auto&... x) const {
    if constexpr (Op::operands == fg::operand_rule::select) return selected(x...);
    else if constexpr (Op::operands == fg::operand_rule::logical) return fg::where(Op{}((x != 0)...), 1.0, 0.0);
    else if constexpr (Op::result == fg::result_rule::boolean) return fg::where(Op{}(x...), 1.0, 0.0);
    else return Op{}(x...);
  }
  static constexpr auto selected(const auto& c, const auto& x, const auto& y) { return Op{}(c != 0, x, y); }
};

// What has no entry of its own in the list of operations.
struct greater {
  static constexpr int arity = 2;
  static constexpr std::string_view table_name = "greater";
  static table rows() { return read_table(table_name); }
  constexpr auto operator()(const auto& x, const auto& y) const { return fg::where(x > y, 1.0, 0.0); }
};
struct greater_equal {
  static constexpr int arity = 2;
  static constexpr std::string_view table_name = "greater_equal";
  static table rows() { return read_table(table_name); }
  constexpr auto operator()(const auto& x, const auto& y) const { return fg::where(x >= y, 1.0, 0.0); }
};
template <int N>
struct polygamma_of_order {
  static constexpr int arity = 1;
  static constexpr std::string_view table_name = N == 1 ? "trigamma" : "tetragamma";
  static table rows() { return read_table(table_name); }
  constexpr auto operator()(const auto& x) const { return fg::polygamma(static_cast<double>(N), x); }
};

/// pow with a literal exponent, which the library turns into products: the rows of that exponent, without its columns.
template <int N>
struct integral_power {
  static constexpr int arity = 1;
  static constexpr std::string_view table_name = "pown";
  static table rows() {
    table all = read_table(table_name), result{"pown", 1, {}};
    const auto keep = [&](const auto& v) {
      return std::remove_cvref_t<decltype(v)>{v[0], v[1], v[static_cast<std::size_t>(all.second(0, 0))]};
    };
    for (const row& r : all.rows)
      if (r.arguments[1] == N) result.rows.push_back({r.single, {r.arguments[0]}, keep(r.cells), keep(r.spreads)});
    return result;
  }
  constexpr auto operator()(const auto& x) const { return fg::pow(x, N); }
};

/// Element k of a result; what does not depend on the arguments may be one number.
template <class T, class R>
T element(const R& r, std::size_t k) {
  if constexpr (std::is_arithmetic_v<R>) return static_cast<T>(r);
  else return static_cast<T>(r[r.size() == 1 ? 0 : static_cast<std::ptrdiff_t>(k)]);
}

template <class Subject, int I>
struct forward_first {
  constexpr auto operator()(const auto&... x) const { return get<1>(fg::jvp<I>(Subject{})(x..., 1.0)); }
};
template <class Subject, int I>
struct reverse_first {
  constexpr auto operator()(const auto&... x) const { return get<1>(fg::vjp<I>(Subject{})(x..., 1.0)); }
};

enum class mode { value, forward, reverse, forward_over_reverse, reverse_over_forward };

constexpr const char* name_of(mode m) {
  constexpr const char* names[]{"value", "forward", "reverse", "forward over reverse", "reverse over forward"};
  return names[static_cast<int>(m)];
}

/// Column of a table -> the arguments differentiated by; -1 stands for none.
template <int Arity>
constexpr std::pair<int, int> orders(int column) {
  if (column == 0) return {-1, -1};
  if (column <= Arity) return {column - 1, -1};
  column -= 1 + Arity;
  int i = 0;
  while (column >= Arity - i) column -= Arity - i++;
  return {i, i + column};
}

/// Column `Column` of an operation's table, found in one mode.
template <class Subject, int Arity, mode Mode, int Column>
constexpr auto column(const auto&... x) {
  constexpr bool outer_forward = Mode == mode::forward || Mode == mode::forward_over_reverse;
  constexpr bool inner_forward = Mode == mode::forward || Mode == mode::reverse_over_forward;
  constexpr auto order = orders<Arity>(Column);
  if constexpr (order.first < 0) {
    return Subject{}(x...);
  } else {
    using first =
        std::conditional_t<inner_forward, forward_first<Subject, order.first>, reverse_first<Subject, order.first>>;
    if constexpr (order.second < 0) return first{}(x...);
    else if constexpr (outer_forward) return get<1>(fg::jvp<order.second>(first{})(x..., 1.0));
    else return get<1>(fg::vjp<order.second>(first{})(x..., 1.0));
  }
}

/// All columns of an operation's table as one program, in some modes one after another. What modes have in common is
/// computed once, what they do not is seen in the results. Of mode::value only the first column.
template <class Subject, mode... Modes>
struct all_columns {
  static constexpr int arity = Subject::arity;
  static constexpr int columns = ((Modes == mode::value) && ...) ? 1 : 1 + arity + arity * (arity + 1) / 2;
  static constexpr std::array modes{Modes...};

  constexpr auto operator()(const auto&... x) const {
    return [&]<int... C>(std::integer_sequence<int, C...>) {
      return fg::outputs(column<Subject, arity, modes[C / columns], C % columns>(x...)...);
    }(std::make_integer_sequence<int, columns* static_cast<int>(modes.size())>{});
  }
};

/// An operation in type T: how results of a program compare with the table.
template <class T, class Subject, mode... Modes>
class check_in {
  static constexpr std::size_t arity = Subject::arity;
  using program = all_columns<Subject, Modes...>;
  using arguments = std::make_index_sequence<arity>;

 public:
  check_in(const table& t, findings& found) : found_(found) {
    for (const row& r : t.rows)
      if (r.single || sizeof(T) == 8) rows_.push_back(&r);
  }

  /// All rows at once, then, where there are vectors, in pieces that fill none.
  void as_arrays() {
    for (std::size_t size : {rows_.size(), std::size_t{1}, std::size_t{7}, std::size_t{19}}) {
      if (compiled || size == rows_.size())
        for (std::size_t begin = 0; begin < rows_.size(); begin += size) {
          const std::size_t n = std::min(size, rows_.size() - begin);
          std::vector<T> x[arity];
          for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = 0; i < arity; ++i) x[i].push_back(static_cast<T>(rows_[begin + k]->arguments[i]));
          const auto result = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return run(fg::fuse(program{}), x[I]...);
          }(arguments{});
          for (std::size_t k = 0; k < n; ++k) compare(result, *rows_[begin + k], k, ", array");
        }
    }
  }
  void as_numbers() {
    for (const row* r : rows_)
      compare(
          [&]<std::size_t... I>(std::index_sequence<I...>) {
            return run(fg::fuse(program{}), static_cast<T>(r->arguments[I])...);
          }(arguments{}),
          *r, 0, ", number");
  }

 private:
  void compare(const auto& result, const row& r, std::size_t k, const std::string& what) {
    [&]<int... C>(std::integer_sequence<int, C...>) {
      (found_.template compare<T>(r, C % program::columns, value_at<C>(result, k),
                                  (name_of(program::modes[C / program::columns]) + what).c_str()),
       ...);
    }(std::make_integer_sequence<int, program::columns* static_cast<int>(sizeof...(Modes))>{});
  }
  template <int C>
  static T value_at(const auto& result, std::size_t k) {
    using type = std::remove_cvref_t<decltype(result)>;
    if constexpr (fg::is_results<type> || is_reference<type>) return element<T>(get<C>(result), k);
    else return element<T>(result, k);
  }

  findings& found_;
  std::vector<const row*> rows_;
};

template <class Subject>
void check_operation() {
  const table t = Subject::rows();
  if (t.rows.empty()) {
    FAIL_CHECK("no oracle table for '" << Subject::table_name << "': describe it in tests/oracle/generate.py");
    return;
  }
  REQUIRE(t.arity == Subject::arity);
  findings found(t);
  check_in<float, Subject, mode::forward, mode::reverse>(t, found).as_arrays();
  check_in<double, Subject, mode::forward, mode::reverse, mode::forward_over_reverse, mode::reverse_over_forward>(t,
                                                                                                                  found)
      .as_arrays();
  if constexpr (compiled) {
    // what a number's derivatives are composed of, an array's are: of numbers forward mode is enough
    check_in<float, Subject, mode::value>(t, found).as_numbers();
    check_in<double, Subject, mode::forward>(t, found).as_numbers();
  }
  found.done();
}

/// These have no derivative table by nature, or are checked as another subject.
template <class Op>
inline constexpr bool without_table =
    Op::name == "stop_gradient" || Op::name == "multiply_add" || Op::name == "polygamma";

template <class Op, int Index, int Shard, int Shards>
void check_listed() {
  if constexpr (Index % Shards == Shard && !without_table<Op>) {
    DYNAMIC_SECTION(Op::name) { check_operation<subject<Op>>(); }
  }
}

/// Every operation of the list whose index is Shard modulo Shards: one translation unit would take minutes.
template <int Shard, int Shards, class... Op>
void check_shard(fg::type_list<Op...>) {
  [&]<int... K>(std::integer_sequence<int, K...>) {
    (check_listed<Op, K, Shard, Shards>(), ...);
  }(std::make_integer_sequence<int, sizeof...(Op)>{});
}

}  // namespace oracle
