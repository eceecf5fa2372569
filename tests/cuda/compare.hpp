// Runs transforms in the emulation and compares them with what they are value by value.
#pragma once

#include <cmath>
#include <fusegrad/api/device.hpp>
#include <vector>

#include "by_reference.hpp"
#include "catch.hpp"
#include "emulator.hpp"

namespace emulator {

namespace fg = fusegrad;

/// A planted fault, see device.
inline bool forgets_a_barrier = false;

struct emulated_call {
  int launches = 0;
  std::int64_t bytes_read = 0;
  bool ticket_left = false;
};

/// The inputs of X: a call's arguments, and the parts of them that it reads.
template <class X, class... B>
auto inputs_of(const B&... bound) {
  return fg::detail::with_parts<X>(
      [](const auto&... all) { return fg::results<std::remove_cvref_t<decltype(all)>...>{{{all}...}}; }, bound...);
}

/// Runs transform `t` in the emulation, into `out...`.
template <class T, class... Out, class... A>
emulated_call emulate(const T&, fg::results<Out&...> out, const simt::gpu_limits& gpu, unsigned seed,
                      const A&... arguments) {
  using X = fg::detail::executable_of<T, A...>;
  const auto as_argument = [](const auto& a) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(a)>>) return a;
    else return fg::view_of(a);
  };
  const auto as_output = [](auto& o) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(o)>>) return &o;
    else return fg::view_of(o);
  };
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    using D = decltype(fg::detail::device_executable_of<X>(
        fg::detail::element_types(fg::detail::element_type_in<X, K, Out>()...)));
    const auto in = inputs_of<X>(as_argument(arguments)...);
    fg::results<decltype(as_output(get<K>(out)))...> to{{{as_output(get<K>(out))}...}};
    void* numbers[]{[](auto o) -> void* {
      if constexpr (std::is_pointer_v<decltype(o)>) return o;
      else return nullptr;
    }(get<K>(to))...};
    emulated_call result;
    const auto run = [&](const auto& inputs, const auto& outputs) {
      fg::simt::execution<D, std::remove_cvref_t<decltype(inputs)>, std::remove_cvref_t<decltype(outputs)>> call(
          inputs, outputs, gpu);
      std::vector<std::uint64_t> scratch(call.scratch_bytes() / 8 + 1, 0x7ff8dead7ff8dead);
      std::memset(scratch.data(), 0, call.zeroed_bytes);
      emulator::device device(seed);
      device.forgets_a_barrier = forgets_a_barrier;
      call.run(device, scratch.data(), numbers);
      unsigned ticket = 1;
      std::memcpy(&ticket, scratch.data(), sizeof ticket);
      result = {device.launches, device.bytes_read, ticket == 0};
    };
    std::vector<std::uint64_t> windows;
    const auto memory = [&windows](std::size_t bytes, std::size_t zeros) {
      windows.assign(bytes / 8, 0x7ff8dead7ff8dead);
      std::memset(windows.data(), 0, zeros);
      return reinterpret_cast<unsigned char*>(windows.data());
    };
    if constexpr (X::program.window_count > 0)
      fg::detail::with_windows<X, fg::space::host>(
          fg::detail::table_of<X>(in), memory, [&](const auto& arrays, const auto& windows_of_them) {
            run(fg::detail::joined(in, arrays), fg::detail::joined(to, windows_of_them));
          });
    else run(in, to);
    return result;
  }(std::index_sequence_for<Out...>{});
}

inline std::vector<float> made(std::size_t n, unsigned seed, float low = -2, float high = 2) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> of(low, high);
  std::vector<float> x(n);
  for (float& v : x) v = of(random);
  return x;
}

template <int Rank>
using floats = fg::tensor<float, Rank>;

inline floats<2> matrix(std::ptrdiff_t rows, std::ptrdiff_t columns, unsigned seed) {
  floats<2> x({rows, columns});
  const auto values = made(static_cast<std::size_t>(rows * columns), seed);
  std::copy(values.begin(), values.end(), x.begin());
  return x;
}
inline floats<1> vector(std::ptrdiff_t n, unsigned seed) {
  floats<1> x(n);
  const auto values = made(static_cast<std::size_t>(n), seed);
  std::copy(values.begin(), values.end(), x.begin());
  return x;
}

template <class R>
void same(const R& got, const R& want, float margin = 2e-5f) {
  if constexpr (std::is_arithmetic_v<R>) {
    CHECK(got == Approx(want).epsilon(1e-4).margin(margin));
  } else {
    REQUIRE(got.shape() == want.shape());
    float worst = 0;
    for (std::ptrdiff_t i = 0; i < got.size(); ++i) {
      if (got[i] == want[i] || (got[i] != got[i] && want[i] != want[i])) continue;
      const float error = static_cast<float>(std::abs(got[i] - want[i])) / static_cast<float>(1 + std::abs(want[i]));
      if (!(error <= worst)) worst = error == error ? error : INFINITY;
    }
    CHECK(worst < margin);
  }
}

/// What a transform returns on a GPU, from the emulation, and what that took.
template <class Results>
struct emulated_results {
  Results results;
  emulated_call call;
};
template <class T, class... A>
auto emulated(const T& t, const simt::gpu_limits& gpu, unsigned seed, const A&... arguments) {
  using X = fg::detail::executable_of<T, A...>;
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto table = fg::detail::table_of<X>(inputs_of<X>(fg::detail::bound(arguments)...));
    const auto wiped = [](auto made) {
      if constexpr (std::is_arithmetic_v<decltype(made)>) made = 77;
      else
        for (auto& e : made) e = static_cast<std::remove_reference_t<decltype(e)>>(77.0f);
      return made;
    };
    fg::results<decltype(fg::detail::new_output<X, int{K}>(table))...> made{
        {{wiped(fg::detail::new_output<X, int{K}>(table))}...}};
    const auto call = emulate(t, fg::results<std::remove_reference_t<decltype(get<K>(made))>&...>{{{get<K>(made)}...}},
                              gpu, seed, arguments...);
    CHECK(call.ticket_left);
    return emulated_results<decltype(made)>{made, call};
  }(std::make_index_sequence<static_cast<std::size_t>(X::result_count)>{});
}

/// Several results, or one as several.
template <class R>
auto as_results(const R& r) {
  if constexpr (fg::is_results<R>) return r;
  else return fg::results<R>{{{r}}};
}

/// Runs a transform by the reference and in the emulation, and compares all results; returns the launches.
template <class T, class... A>
int compare(const T& t, const simt::gpu_limits& gpu, unsigned seed, const A&... arguments) {
  const auto want = as_results(fg::detail::results_of_reference<fg::detail::executable_of<T, A...>>(
      results_by_reference(fg::detail::at_run_time(t, arguments...))));
  const auto got = emulated(t, gpu, seed, arguments...);
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (same(get<K>(got.results), get<K>(want)), ...);
  }(std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(want)>>>{});
  return got.call.launches;
}

}  // namespace emulator
