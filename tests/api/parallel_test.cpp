// The same bits for any number of threads, on any executor; calls from many threads at once; large arrays.
#include <cmath>
#include <cstring>
#include <fusegrad/fusegrad.hpp>
#include <random>
#include <thread>
#include <vector>

#include "catch.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace fg = fusegrad;

namespace {

constexpr auto loss = [](auto x, auto t, auto s) {
  return fg::mean(fg::square(fg::tanh(x * s) - t)) + fg::logsumexp(x);
};

template <class T>
std::vector<T> noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<T> uniform(-3, 3);
  std::vector<T> x(n);
  for (T& v : x) v = uniform(random);
  return x;
}

template <class T>
struct outcome {
  T value{}, slope{};
  std::vector<T> gradient;
  bool same_bits(const outcome& other) const {
    return std::memcmp(&value, &other.value, sizeof value) == 0 &&
           std::memcmp(&slope, &other.slope, sizeof slope) == 0 &&
           std::memcmp(gradient.data(), other.gradient.data(), gradient.size() * sizeof(T)) == 0;
  }
};
template <class T, class Executor>
outcome<T> run(const std::vector<T>& x, const std::vector<T>& t, Executor executor) {
  outcome<T> o;
  o.gradient.resize(x.size());
  fg::value_and_grad<0, 2>(loss).into(o.value, o.gradient, o.slope).on(executor)(x, t, T(0.75));
  return o;
}

}  // namespace

TEMPLATE_TEST_CASE("results do not depend on the number of threads", "[api][parallel]", float, double) {
  // around the sizes of blocks, groups and the start of threads
  for (std::size_t n : {1u, 4095u, 4096u, 4097u, 32767u, 32768u, 100003u, 1048576u, 1500001u}) {
    INFO("n = " << n);
    const auto x = noise<TestType>(n, 1), t = noise<TestType>(n, 2);
    const auto expected = run(x, t, fg::seq);
    CHECK(run(x, t, fg::par).same_bits(expected));
#if defined(_OPENMP)
    const int before = omp_get_max_threads();
    for (int threads : {1, 2, 3, 7}) {
      INFO("threads = " << threads);
      omp_set_num_threads(threads);
      CHECK(run(x, t, fg::par).same_bits(expected));
    }
    omp_set_num_threads(before);
#endif
  }
}

TEST_CASE("strided arrays give the same result on every executor", "[api][parallel]") {
  const auto storage = noise<float>(400000, 3);
  const fg::view<const float, 2> x(storage.data(), {300, 500}, {1, 600}), t(storage.data() + 1, {300, 500}, {1, 700});
  const auto f = fg::value_and_grad([](auto a, auto b) { return fg::sum(fg::square(a - b)); });
  const auto [value, gradient] = f(x, t);
  const auto [same, also] = f.on(fg::par)(x, t);
  CHECK(value == same);
  CHECK(std::memcmp(gradient.data(), also.data(), 150000 * sizeof(float)) == 0);
  CHECK(gradient(299, 499) == 2 * (x(299, 499) - t(299, 499)));
}

TEST_CASE("calls from many threads at once do not disturb each other", "[api][threads]") {
  const auto x = noise<float>(20000, 4), t = noise<float>(20000, 5);
  const auto f = fg::value_and_grad<0, 2>(loss);
  std::vector<outcome<float>> outcomes(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < outcomes.size(); ++k)
      threads.emplace_back([&, k] {
        outcome<float>& o = outcomes[k];
        o.gradient.resize(x.size());
        for (int round = 0; round < 20; ++round) {
          const float s = static_cast<float>(k % 2) + 0.5f;
          if (round % 2 == 0) {
            f.into(o.value, o.gradient, o.slope)(x, t, s);
          } else {
            const auto [value, gradient, slope] = f(x, t, s);
            if (value != o.value || slope != o.slope || gradient[777] != o.gradient[777]) o.value = -1;
          }
        }
      });
  }
  for (std::size_t k = 2; k < outcomes.size(); ++k) CHECK(outcomes[k].same_bits(outcomes[k % 2]));
  CHECK_FALSE(outcomes[0].same_bits(outcomes[1]));
  CHECK(outcomes[0].value > 0);
}

TEST_CASE("large outputs bypass the caches and arrive whole", "[api][streaming]") {
  const std::size_t n = (24u << 20) / 8 + 12345;  // beyond 24 MiB of traffic
  std::vector<float> x(n), y(n + 1, -1.0f);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i % 1000);
  const auto f = fg::fuse([](auto v) { return 2 * v + 1; });
  auto right = [&x](const float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      if (out[i] != 2 * x[i] + 1) return false;
    return true;
  };
  const auto aligned = f(x);
  CHECK(right(aligned.data(), n));
  f.into(fg::view<float, 1>(y.data() + 1, n))(x);  // aligned for no vector
  CHECK(right(y.data() + 1, n));
  CHECK(y[0] == -1);
  const auto [a, b, total] = fg::fuse([](auto v) { return fg::outputs(2 * v + 1, v > 500, fg::sum(v)); })(x);
  CHECK(right(a.data(), n));
  CHECK((b[501] && !b[500] && b[static_cast<std::ptrdiff_t>(n / 1000 * 1000 - 1)]));
  // in place
  f.into(x)(x);
  CHECK(x[123456] == 2 * 456 + 1);
}

TEST_CASE("the sum of 16M floats is accurate", "[api][accuracy]") {
  const std::size_t n = 16u << 20;
  std::vector<float> x(n);
  std::mt19937 random(6);
  std::uniform_real_distribution<float> uniform(0, 1);
  double exact = 0, squares = 0;
  for (float& v : x) {
    v = uniform(random);
    exact += static_cast<double>(v);
    squares += static_cast<double>(v) * static_cast<double>(v);
  }
  const auto [sum, mean, norm] = fg::fuse([](auto v) { return fg::outputs(fg::sum(v), fg::mean(v), fg::norm(v)); })(x);
  CHECK(std::abs(static_cast<double>(sum) / exact - 1) < 1e-6);
  CHECK(std::abs(static_cast<double>(mean) * static_cast<double>(n) / exact - 1) < 1e-6);
  CHECK(std::abs(static_cast<double>(norm) / std::sqrt(squares) - 1) < 1e-6);
  for (float& v : x) v = 0.1f;
  CHECK(std::abs(static_cast<double>(fg::fuse([](auto v) { return fg::sum(v); })(x)) /
                     (static_cast<double>(n) * static_cast<double>(0.1f)) -
                 1) < 1e-6);
}
