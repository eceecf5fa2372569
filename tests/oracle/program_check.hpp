// Runs a random program through every transform, in float and double, against its table. The tables come from
// random_programs.py; what a number may be off by is its scale in the table times a few roundings.
#pragma once

#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "run.hpp"
#include "table.hpp"

namespace oracle {

/// A program's inputs and expected results by name: x0, t0, w, value, gradient0, hvp0, and with ~ behind it the scale.
using program_table = std::map<std::string, std::vector<double>>;

[[gnu::noinline]] inline std::string numbered(const char* name, int k) { return name + std::to_string(k); }

inline program_table read_program(const std::string& group, int number_wanted) {
  std::ifstream in(path("programs/" + group + ".txt"));
  program_table result;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    std::istringstream text(line);
    std::string name, word;
    text >> name;
    if (name == "program") {
      text >> word;
      inside = std::stoi(word) == number_wanted;
    } else if (inside) {
      auto& values = result[name];
      while (text >> word) values.push_back(number(word));
    }
  }
  if (result.empty()) throw std::runtime_error("oracle: no program " + std::to_string(number_wanted) + " in " + group);
  return result;
}

template <class T>
std::vector<T> repeated(const std::vector<double>& values, int times) {
  std::vector<T> result;
  for (int k = 0; k < times; ++k)
    for (double v : values) result.push_back(static_cast<T>(v));
  return result;
}

template <class R>
auto flat(const R& r) {
  if constexpr (std::is_arithmetic_v<R>) {
    return std::vector<R>{r};
  } else if constexpr (std::is_same_v<R, reference_result>) {
    return r.numbers;
  } else {
    return std::vector<std::remove_cvref_t<decltype(*r.data())>>(r.data(), r.data() + r.size());
  }
}

/// Rounding errors that a result may show, in units of epsilon times (|number| + scale).
inline constexpr double roundings = 24;

template <class T, class R>
void compare(const char* what, const R& result, const program_table& table, const std::string& name, int times = 1,
             double factor = 1) {
  const auto got = flat(result);
  if constexpr (is_reference<R>) CHECK(result.type == fusegrad::dtype_of<T>);
  else
    static_assert(std::is_same_v<std::remove_cvref_t<decltype(got[0])>, T>, "a result has the type of its arguments");
  const auto &want = table.at(name), &scale = table.at(name + "~");
  CAPTURE(what, name, times);
  REQUIRE(got.size() == want.size() * static_cast<std::size_t>(times));
  const double epsilon = static_cast<double>(std::numeric_limits<T>::epsilon());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double w = factor * want[i % want.size()], g = static_cast<double>(got[i]);
    const double allowed = roundings * epsilon * (std::abs(w) + factor * scale[i % want.size()]) + 1e-37;
    if (!(std::abs(g - w) <= allowed)) {
      CAPTURE(i, g, w, std::abs(g - w) / allowed);
      CHECK(std::abs(g - w) <= allowed);
    }
  }
  CHECK(!got.empty());
}

template <class Program>
struct summed {
  constexpr auto operator()(const auto&... x) const { return fusegrad::sum(Program{}(x...)); }
};

/// A program with all its derivatives as one function of its arguments, a tangent for each of them, and the cotangent:
/// value, directional derivative, the gradients, and the products of the Hessian, each in the direction of one
/// argument.
template <class Program, bool Reduced, class Indices, class Hvp>
struct every_derivative;
template <class Program, bool Reduced, int... I, int... H>
struct every_derivative<Program, Reduced, std::integer_sequence<int, I...>, std::integer_sequence<int, H...>> {
  constexpr auto operator()(const auto&... all) const {
    namespace fg = fusegrad;
    using scalar_program = std::conditional_t<Reduced, Program, summed<Program>>;
    const fg::results<std::remove_cvref_t<decltype(all)>...> of{{{all}...}};
    constexpr int n = sizeof...(I);
    const auto forward = fg::jvp<I...>(Program{})(get<I>(of)..., get<n + I>(of)...);
    const auto reverse = fg::vjp<I...>(Program{})(get<I>(of)..., get<2 * n>(of));
    return fg::outputs(get<0>(forward), get<1>(forward), get<0>(reverse), get<1 + I>(reverse)...,
                       fg::hvp<H>(scalar_program{})(get<I>(of)..., get<n + H>(of))...);
  }
};

/// Can the compiler build a program with all its derivatives? clang ends a constant evaluation after 2^20 steps.
template <class Program, class... A>
constexpr bool fits_one_program() {
#if defined(__clang__) && (defined(FUSEGRAD_COMPILED) || defined(FUSEGRAD_EMULATED))
  return fusegrad::plan<A...>(fusegrad::fuse(Program{})).instructions <= 50;
#else
  return true;
#endif
}

/// In one type of number all transforms within one function, in the other reverse mode of the program alone: compile
/// time is the price.
template <class T, bool All, int Arrays, bool Reduced, class Program, int... I, int... Hvp>
void check_program_in(const program_table& table, int times, std::integer_sequence<int, I...> indices,
                      std::integer_sequence<int, Hvp...> hvp) {
  namespace fg = fusegrad;
  constexpr Program program{};
  CAPTURE(sizeof(T));
  const auto load = [&]<int K>(std::integral_constant<int, K>, const char* kind) {
    const auto& values = table.at(numbered(kind, K));
    if constexpr (K < Arrays) return repeated<T>(values, times);
    else return static_cast<T>(values[0]);
  };
  const std::tuple x{load(std::integral_constant<int, I>{}, "x")...};
  const std::tuple t{load(std::integral_constant<int, I>{}, "t")...};
  const auto w = [&] {
    if constexpr (Reduced) return static_cast<T>(table.at("w")[0]);
    else return repeated<T>(table.at("w"), times);
  }();
  // a gradient with respect to a scalar sums over all elements
  const auto gradient = [&]<int K>(std::integral_constant<int, K>, const char* what, const std::string& name,
                                   const auto& g, double factor) {
    if constexpr (K < Arrays) compare<T>(what, g, table, name, times, factor);
    else compare<T>(what, g, table, name, 1, times * factor);
  };

  if constexpr (All) {
    const auto result = [&] {
      if constexpr (fits_one_program<Program, std::remove_cvref_t<decltype(std::get<I>(x))>...>()) {
        constexpr every_derivative<Program, Reduced, decltype(indices), decltype(hvp)> all{};
        return run(fg::fuse(all), std::get<I>(x)..., std::get<I>(t)..., w);
      } else {
        using scalar_program = std::conditional_t<Reduced, Program, summed<Program>>;
        const auto forward = run(fg::jvp<I...>(program), std::get<I>(x)..., std::get<I>(t)...);
        const auto reverse = run(fg::vjp<I...>(program), std::get<I>(x)..., w);
        return fg::outputs(get<0>(forward), get<1>(forward), get<0>(reverse), get<1 + I>(reverse)...,
                           run(fg::hvp<Hvp>(scalar_program{}), std::get<I>(x)..., std::get<Hvp>(t))...);
      }
    }();
    constexpr std::size_t gradients = 3, products = gradients + sizeof...(I);
    compare<T>("fuse", get<0>(result), table, "value", times);
    compare<T>("jvp", get<1>(result), table, "jvp", times);
    compare<T>("vjp", get<2>(result), table, "value", times);
    (gradient(std::integral_constant<int, I>{}, "vjp", numbered("gradient", I), get<gradients + I>(result), 1), ...);
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (gradient(std::integral_constant<int, Hvp>{}, "hvp", numbered("hvp", Hvp), get<products + K>(result), 1), ...);
    }(std::make_index_sequence<sizeof...(Hvp)>{});
  } else if constexpr (Reduced) {
    const auto result = run(fg::value_and_grad<I...>(program), std::get<I>(x)...);
    compare<T>("value_and_grad", get<0>(result), table, "value", times);
    (gradient(std::integral_constant<int, I>{}, "value_and_grad", numbered("gradient", I), get<I + 1>(result),
              1 / static_cast<double>(w)),
     ...);
  } else {
    const auto result = run(fg::vjp<I...>(program), std::get<I>(x)..., w);
    compare<T>("vjp", get<0>(result), table, "value", times);
    (gradient(std::integral_constant<int, I>{}, "vjp", numbered("gradient", I), get<I + 1>(result), 1), ...);
  }
}

#ifdef FUSEGRAD_THOROUGH
inline constexpr bool in_both_types = true;
#else
inline constexpr bool in_both_types = false;
#endif

/// Programs of even number are checked wholly in float, those of odd number in double, and if thorough their gradients
/// in the other type.
template <int Number, int Arrays, int Scalars, bool Reduced, int... Hvp, class Program>
void check_program(Program, const char* group) {
  const program_table table = read_program(group, Number);
  constexpr std::integer_sequence<int, Hvp...> hvp{};
  constexpr auto all = std::make_integer_sequence<int, Arrays + Scalars>{};
  for (int times : {1, often}) {
    if (times > 1 && Reduced) break;  // a reduction of more elements has another result
    if constexpr (in_both_types || Number % 2 == 0)
      check_program_in<float, every_mode && Number % 2 == 0, Arrays, Reduced, Program>(table, times, all, hvp);
    if constexpr (in_both_types || Number % 2 == 1)
      check_program_in<double, every_mode && Number % 2 == 1, Arrays, Reduced, Program>(table, times, all, hvp);
  }
}

}  // namespace oracle
