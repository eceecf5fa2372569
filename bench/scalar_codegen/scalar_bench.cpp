// Times the scalar derivatives of functions.hpp (W9a: parabola, W9b: mixture) against those written by hand.
#include "functions.hpp"

#include <benchmark/benchmark.h>

namespace {

template <class F>
void one(benchmark::State& state, F f) {
  double x = 1.25;
  for (auto _ : state) {
    benchmark::DoNotOptimize(x);
    benchmark::DoNotOptimize(f(x));
  }
}

template <class F>
void two(benchmark::State& state, F f) {
  double x = 1.25, y = 0.75, out[3];
  for (auto _ : state) {
    benchmark::DoNotOptimize(x);
    benchmark::DoNotOptimize(y);
    f(x, y, out);
    benchmark::DoNotOptimize(out);
  }
}

template <class F>
void three(benchmark::State& state, F f) {
  double x = 1.25, y = 0.75, z = 2.5, out[3];
  for (auto _ : state) {
    benchmark::DoNotOptimize(x);
    benchmark::DoNotOptimize(y);
    benchmark::DoNotOptimize(z);
    f(x, y, z, out);
    benchmark::DoNotOptimize(out);
  }
}

#define PAIR(shape, name)                                                               \
  BENCHMARK_CAPTURE(shape, fused_##name, [](auto... a) { return fused_##name(a...); }); \
  BENCHMARK_CAPTURE(shape, hand_##name, [](auto... a) { return hand_##name(a...); });

PAIR(one, parabola)
PAIR(one, polynomial)
PAIR(one, sigmoid)
PAIR(two, rosenbrock)
PAIR(two, quotient)
PAIR(three, mixture)

}  // namespace

BENCHMARK_MAIN();
