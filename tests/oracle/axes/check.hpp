// Runs a program with axes through the transforms and compares with its table. Inputs are made by a hash of their
// position, here and in reference.py alike; what a number may be off by is a few roundings of its size and its scale.
#pragma once

#include <cmath>
#include <cstdint>
#include <fusegrad/fusegrad.hpp>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../run.hpp"
#include "../table.hpp"
#include "catch.hpp"

namespace oracle::axes {

/// Multiples of 1/256 between -2 and 2, none of them 0, exact in float.
inline double made(std::uint64_t seed, std::uint64_t i) {
  std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15U + seed * 0xD1B54A32D192ED03U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  z ^= z >> 31;
  return static_cast<double>(static_cast<std::int64_t>((z >> 11) % 257) - 128) / 64 + 1. / 256;
}

/// Rounding errors that a result may show, in units of epsilon times (|number| + scale); the scale is at least that of
/// terms which cancel within one statement of a program.
inline constexpr double roundings = 64, least_scale = 0.25;

/// An array of a table: an input in full, a result in full or as sums of its elements with weights.
struct entry {
  std::vector<std::ptrdiff_t> shape;
  double scale = 0;
  std::vector<double> numbers;

  std::size_t size() const {
    std::size_t n = 1;
    for (std::ptrdiff_t extent : shape) n *= static_cast<std::size_t>(extent);
    return n;
  }
};

/// One choice of extents: inputs and results by name.
struct section {
  std::string title;
  std::map<std::string, entry> entries;

  bool has(const std::string& name) const { return entries.count(name) > 0; }
  const entry& at(const std::string& name) const {
    const auto found = entries.find(name);
    if (found == entries.end()) throw std::runtime_error("oracle: no " + name + " for " + title);
    return found->second;
  }
};

/// All sections of a program in a table of this folder.
inline std::vector<section> read(const std::string& file, const std::string& program) {
  std::ifstream in(path("axes/" + file + ".txt"));
  std::vector<section> result;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    std::istringstream text(line);
    std::string name, word;
    text >> name;
    if (name == "program") {
      inside = line == "program " + program;
    } else if (inside && name == "case") {
      result.push_back({line, {}});
    } else if (inside) {
      entry e;
      text >> word;
      if (word != "-") {
        std::istringstream extents(word);
        for (std::string extent; std::getline(extents, extent, 'x');) e.shape.push_back(std::stol(extent));
      }
      text >> word;
      if (word == "seed" || word == "positive") {
        std::uint64_t seed = 0;
        text >> seed;
        for (std::size_t i = 0; i < e.size(); ++i)
          e.numbers.push_back(word == "seed" ? made(seed, i) : std::abs(made(seed, i)));
      } else {
        if (word != "list") e.scale = std::max(number(word), least_scale);
        while (text >> word) e.numbers.push_back(number(word));
      }
      result.back().entries.emplace(name, std::move(e));
    }
  }
  if (result.empty()) throw std::runtime_error("oracle: no program " + program + " in axes/" + file + ".txt");
  return result;
}

/// How an input lies in memory: rows one after another; columns one after another; rows backwards and with gaps.
enum class layout { rows, columns, gaps };

/// An input of rank R and type T; of rank 0 it is a number.
template <class T, int R>
class input {
 public:
  input(const entry& e, layout how) {
    REQUIRE(e.shape.size() == static_cast<std::size_t>(R));
    if constexpr (R == 0) {
      storage_.push_back(static_cast<T>(e.numbers.at(0)));
    } else {
      std::ptrdiff_t step = how == layout::gaps ? 3 : 1;
      fusegrad::shape<R> strides{}, extents{};
      for (std::size_t k = 0; k < R; ++k) {
        const std::size_t axis = how == layout::columns ? k : R - 1 - k;
        extents[axis] = e.shape[axis];
        strides[axis] = step;
        step *= e.shape[axis];
      }
      storage_.assign(e.size() * 3 + 1, T(99));
      std::ptrdiff_t origin = 0;
      if (how == layout::gaps) {
        strides[0] = -strides[0];
        origin = e.size() > 0 ? (extents[0] - 1) * -strides[0] : 0;
      }
      for (std::size_t i = 0; i < e.size(); ++i) {
        std::ptrdiff_t rest = static_cast<std::ptrdiff_t>(i), offset = origin;
        for (std::size_t axis = R; axis-- > 0; rest /= extents[axis]) offset += rest % extents[axis] * strides[axis];
        storage_[static_cast<std::size_t>(offset)] = static_cast<T>(e.numbers[i]);
      }
      view_ = {storage_.data() + origin, extents, strides};
    }
  }
  input(input&&) = default;  // a copy's view would look into the original

  decltype(auto) get() const {
    if constexpr (R == 0) return T(storage_[0]);
    else return fusegrad::view<const T, R>(view_);
  }

 private:
  struct nothing {};
  std::vector<T> storage_;
  std::conditional_t<R == 0, nothing, fusegrad::view<const T, R == 0 ? 1 : R>> view_{};
};

/// Arguments of a program: real numbers, with respect to which there are derivatives, or integers.
template <int R>
struct real {
  template <class T>
  using bind = input<T, R>;
};
template <int R>
struct integer {
  template <class T>
  using bind = input<std::int64_t, R>;
};
template <int... I>
struct wrt {};

/// The rank that the compiler knows a result to have; `expected` of what is known only at run time.
template <class R>
constexpr int rank_of(int expected) {
  if constexpr (std::is_arithmetic_v<R>) return 0;
  else if constexpr (is_reference<R>) return expected;
  else return R::rank;
}

/// Compares a tensor or a number with what the table says.
template <class T, class R>
void compare(const char* what, const R& result, const std::string& name, const section& s) {
  const entry& want = s.at(name);
  if constexpr (std::is_same_v<R, reference_result>) {
    CHECK(result.type == fusegrad::dtype_of<T>);
    CHECK(want.shape == result.extents);
  } else if constexpr (std::is_arithmetic_v<R>) {
    static_assert(std::is_same_v<R, T>, "a number has the type of its arguments");
    CHECK(want.shape.empty());
  } else {
    static_assert(std::is_same_v<typename R::value_type, T>, "a result has the type of its arguments");
    CHECK(want.shape == std::vector<std::ptrdiff_t>(result.shape().begin(), result.shape().end()));
  }
  const std::vector<double> got = elements_of(result);
  CAPTURE(what, name, s.title, sizeof(T));
  REQUIRE(got.size() == want.size());
  constexpr double epsilon = std::is_floating_point_v<T> ? static_cast<double>(std::numeric_limits<T>::epsilon()) : 0.0;
  const auto check_number = [&](std::size_t i, double g, double w, double size) {
    const double allowed = roundings * epsilon * size;
    if (!(std::abs(g - w) <= allowed)) {
      CAPTURE(i, g, w, std::abs(g - w) / allowed, allowed);
      CHECK(std::abs(g - w) <= allowed);
    }
  };
  if (got.size() == want.numbers.size()) {
    for (std::size_t i = 0; i < got.size(); ++i)
      check_number(i, got[i], want.numbers[i], std::abs(want.numbers[i]) + want.scale);
  } else {
    for (std::size_t k = 0; k < want.numbers.size(); ++k) {
      double sum = 0, size = 0;
      for (std::size_t i = 0; i < got.size(); ++i) {
        const double weight = made(k + 1, i);
        sum += weight * got[i];
        size += std::abs(weight) * (std::abs(got[i]) + want.scale);
      }
      check_number(k, sum, want.numbers[k], size);
    }
    CHECK(want.numbers.size() > 0);
  }
}

/// The only result.
template <class T>
void compare(const char* what, const reference_results& results, const std::string& name, const section& s) {
  compare<T>(what, get<0>(results), name, s);
}

template <class Program, int R>
struct loss_of {
  constexpr auto operator()(const auto&... x) const {
    if constexpr (R == 0) return Program{}(x...);
    else return fusegrad::sum(fusegrad::square(Program{}(x...)));
  }
};

/// The square of a number, the sum of the squares of an array.
template <class Program, int R>
struct squared {
  constexpr auto operator()(const auto&... x) const {
    if constexpr (R == 0) return fusegrad::square(Program{}(x...));
    else return fusegrad::sum(fusegrad::square(Program{}(x...)));
  }
};

enum modes { value = 1, reverse = 2, forward = 4, second = 8 };

/// Modes that are run where time to compile does not matter.
constexpr int thorough([[maybe_unused]] int modes) {
#ifdef FUSEGRAD_THOROUGH
  return modes;
#else
  return 0;
#endif
}

template <class T, int Modes, int R, int First, int... Rest, class... Arguments, class Program, std::size_t... K>
void check_section(const Program&, const section& s, layout how, std::tuple<Arguments...>, wrt<First, Rest...>,
                   std::index_sequence<K...>) {
  namespace fg = fusegrad;
  constexpr Program program{};
  const auto name = [](const char* kind, auto i) { return kind + std::to_string(i); };
  const std::tuple<typename Arguments::template bind<T>...> x{
      typename Arguments::template bind<T>(s.at(name("x", K)), how)...};
  const auto gradients = [&]<std::size_t... N>(const char* what, const auto& result, std::index_sequence<N...>) {
    constexpr int of[]{First, Rest...};
    compare<T>(what, get<0>(result), "value", s);
    (compare<T>(what, get<N + 1>(result), name("gradient", of[N]), s), ...);
  };
  constexpr std::make_index_sequence<1 + sizeof...(Rest)> count{};
  const auto tangent = [&]<int I>(std::integral_constant<int, I>) {
    using argument = std::tuple_element_t<I, std::tuple<Arguments...>>;
    return typename argument::template bind<T>(s.at(name("t", I)), how);
  };
  if constexpr ((Modes & value) != 0) {
    const auto result = run(fg::fuse(program), std::get<K>(x).get()...);
    static_assert(rank_of<std::remove_const_t<decltype(result)>>(R) == R, "the result has the rank of the program");
    compare<T>("fuse", result, "value", s);
  }
  if constexpr ((Modes & reverse) != 0) {
    if constexpr (R == 0) {
      gradients("value_and_grad", run(fg::value_and_grad<First, Rest...>(program), std::get<K>(x).get()...), count);
    } else {
      const input<T, R> w(s.at("w"), how);
      gradients("vjp", run(fg::vjp<First, Rest...>(program), std::get<K>(x).get()..., w.get()), count);
    }
  }
  if constexpr ((Modes & forward) != 0) {
    [&](const auto&... t) {
      const auto result = run(fg::jvp<First, Rest...>(program), std::get<K>(x).get()..., t.get()...);
      compare<T>("jvp", get<0>(result), "value", s);
      compare<T>("jvp", get<1>(result), "jvp", s);
    }(tangent(std::integral_constant<int, First>{}), tangent(std::integral_constant<int, Rest>{})...);
  }
  if constexpr ((Modes & second) != 0) {
    const auto t = tangent(std::integral_constant<int, First>{});
    compare<T>("hvp", run(fg::hvp<First>(loss_of<Program, R>{}), std::get<K>(x).get()..., t.get()), name("hvp", First),
               s);
  }
}

/// Runs a program in type T and in the given modes for all extents of its table and all layouts of its inputs.
/// R is the rank of its result.
template <class T, int Modes, int R, class Wrt, class... Arguments, class Program>
void check(const Program& program, const std::string& file, const std::string& name) {
  if constexpr (Modes != 0)
    for (const section& s : read(file, name))
      for (layout how : {layout::rows, layout::columns, layout::gaps})
        check_section<T, Modes, R>(program, s, how, std::tuple<Arguments...>{}, Wrt{},
                                   std::index_sequence_for<Arguments...>{});
}

}  // namespace oracle::axes
