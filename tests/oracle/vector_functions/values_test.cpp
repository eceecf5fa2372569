// The value of every operation that back-ends execute, on vectors, against the oracle's tables: what each instruction
// set computes in its own way. No program is compiled; how operations are composed is the same for all of them.
#include <fusegrad/fusegrad.hpp>

#include "../findings.hpp"

namespace oracle {
namespace {

namespace fg = fusegrad;
namespace simd = fusegrad::simd;

constexpr int most_operands = 3;

template <class T>
constexpr int lanes = simd::native_bytes / static_cast<int>(sizeof(T));
template <class T>
using vector = simd::pack<T, lanes<T>>;
template <class T>
using condition = simd::mask<lanes<T>, static_cast<int>(sizeof(T))>;

/// Operand K of an operation: a condition is whether a number differs from 0.
template <class Op, int K, class T>
auto operand(vector<T> x) {
  if constexpr (Op::operands == fg::operand_rule::logical || (Op::operands == fg::operand_rule::select && K == 0))
    return condition<T>(x != vector<T>(0));
  else return x;
}

template <class Op, class T, int... K>
vector<T> value(const vector<T>* x, std::integer_sequence<int, K...>) {
  using fg::math::where;
  if constexpr (requires { Op::value(operand<Op, K, T>(x[K])...); }) {
    const auto y = Op::value(operand<Op, K, T>(x[K])...);
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(y)>, vector<T>>) return y;
    else return where(condition<T>(y), vector<T>(1), vector<T>(0));
  } else {
    return simd::per_lane([](auto... lane) { return Op::value(lane...); }, x[K]...);
  }
}

/// One vector of values: the arguments one after another, a vector each.
template <class Op, class T>
[[gnu::noinline]] void compute(const T* arguments, T* results) {
  vector<T> x[most_operands];
  for (int k = 0; k < Op::arity; ++k) x[k] = vector<T>::load(arguments + k * lanes<T>);
  value<Op, T>(x, std::make_integer_sequence<int, Op::arity>{}).store(results);
}

/// How a row compares wherever it stands in a vector, and whatever stands beside it.
template <class T>
void check_values(const table& t, findings& found, void (*f)(const T*, T*)) {
  std::vector<const row*> rows;
  for (const row& r : t.rows)
    if (r.single || sizeof(T) == 8) rows.push_back(&r);
  REQUIRE(!rows.empty());
  constexpr auto width = static_cast<std::size_t>(lanes<T>);
  for (std::size_t shift : {0, 1}) {
    for (std::size_t begin = 0; begin < rows.size(); begin += width) {
      T x[most_operands * width], y[width];
      for (std::size_t lane = 0; lane < width; ++lane)
        for (std::size_t k = 0; k < static_cast<std::size_t>(t.arity); ++k)
          x[k * width + lane] = static_cast<T>(rows[(begin + lane + shift) % rows.size()]->arguments[k]);
      f(x, y);
      for (std::size_t lane = 0; lane < width; ++lane)
        found.compare<T>(*rows[(begin + lane + shift) % rows.size()], 0, y[lane], "vector");
    }
  }
}

struct subject {
  std::string_view name;
  int arity;
  void (*f32)(const float*, float*);
  void (*f64)(const double*, double*);
};

/// polygamma where derivatives of digamma need it.
template <int N>
struct polygamma_of_order {
  static constexpr std::string_view name = N == 1 ? "trigamma" : "tetragamma";
  static constexpr int arity = 1;
  static constexpr auto operands = fg::operand_rule::real;
  static constexpr bool composed = false;
  static constexpr auto value(auto x) { return fg::polygamma_t::value(decltype(x)(N), x); }
};

/// The operations that a back-end executes itself: those without parts, as far as they have a table.
template <class... Op>
std::vector<subject> executed(fg::type_list<Op...>) {
  std::vector<subject> all;
  const auto add = [&]<class O>(std::type_identity<O>) {
    if constexpr (!O::composed && O::name != "stop_gradient" && O::name != "multiply_add" && O::name != "polygamma")
      all.push_back({O::name, O::arity, compute<O, float>, compute<O, double>});
  };
  (add(std::type_identity<Op>{}), ...);
  add(std::type_identity<polygamma_of_order<1>>{});
  add(std::type_identity<polygamma_of_order<2>>{});
  return all;
}

}  // namespace
}  // namespace oracle

TEST_CASE("vectors of values conform to the oracle", "[oracle][ops]") {
  const auto all = oracle::executed(fusegrad::ops::elementwise{});
  REQUIRE(all.size() > 40);
  for (const oracle::subject& s : all) {
    DYNAMIC_SECTION(s.name) {
      const oracle::table t = oracle::read_table(s.name);
      REQUIRE(!t.rows.empty());
      REQUIRE(t.arity == s.arity);
      oracle::findings found(t);
      oracle::check_values<float>(t, found, s.f32);
      oracle::check_values<double>(t, found, s.f64);
      found.done();
    }
  }
}
