// The same calls on the GPU and on the CPU: the results agree, and are the same bits in every repetition, of which
// there are 100 or as many as the first argument says. Needs a GPU; without one it says so and is skipped.
#include <thrust/device_vector.h>
#include <thrust/host_vector.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cuda/std/mdspan>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/mdspan.hpp>
#include <fusegrad/interop/thrust.hpp>
#include <random>
#include <vector>

#include "../../bench/workloads.hpp"
#include "../../examples/cuda/gpu.hpp"

namespace fg = fusegrad;

namespace {

int failures = 0, repetitions = 100;

template <class T, int R>
fg::tensor<T, R> made(const fg::shape<R>& extents, unsigned seed, double low = -2, double high = 2) {
  fg::tensor<T, R> x(extents);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> of(low, high);
  for (T& e : x) e = static_cast<T>(of(random));
  return x;
}

template <class T>
auto on_device(const T& x) {
  if constexpr (std::is_arithmetic_v<T>) return x;
  else return fg::to(x, fg::device);
}

/// The same numbers in 16 bits, and as the CPU takes them.
template <class T, class U, int R>
fg::tensor<T, R> as(const fg::tensor<U, R>& x) {
  fg::tensor<T, R> made(x.shape());
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) made[i] = static_cast<T>(x[i]);
  return made;
}
template <class T>
inline constexpr bool is_narrow = false;
template <class T, int R>
inline constexpr bool is_narrow<fg::tensor<T, R>> = fg::is_narrow<T>;
template <class T>
auto for_cpu(const T& x) {
  if constexpr (is_narrow<T>) return as<float>(x);
  else return x;
}

/// Every element of a result as double.
template <class T>
std::vector<double> numbers(const T& x) {
  std::vector<double> all;
  if constexpr (std::is_arithmetic_v<T>) all.push_back(static_cast<double>(x));
  else if constexpr (requires { x.get(); }) all.push_back(static_cast<double>(x.get()));
  else if constexpr (requires { x.stream(); }) {
    const auto there = x.to(fg::host);
    for (auto e : there) all.push_back(static_cast<double>(e));
  } else
    for (auto e : x) all.push_back(static_cast<double>(e));
  return all;
}

template <class R>
std::vector<std::vector<double>> all_numbers(const R& r) {
  if constexpr (fg::is_results<R>)
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return std::vector<std::vector<double>>{numbers(get<K>(r))...};
    }(std::make_index_sequence<std::tuple_size_v<R>>{});
  else return {numbers(r)};
}

template <class T, class... A>
void check(const char* name, const T& t, const A&... arguments) {
  const auto want = all_numbers(t(for_cpu(arguments)...));
  constexpr double allowed = (is_narrow<A> || ...) ? 1e-2 : 1e-4;
  const auto call = [&](const auto&... there) {
    const auto first = all_numbers(t(there...));
    double worst = 0;
    bool same = true;
    for (std::size_t k = 0; k < want.size(); ++k)
      for (std::size_t i = 0; i < want[k].size(); ++i) {
        const double error = std::abs(first[k][i] - want[k][i]) / (1 + std::abs(want[k][i]));
        worst = error <= worst ? worst : error;
      }
    for (int k = 0; k < repetitions && same; ++k) same = all_numbers(t(there...)) == first;
    const bool good = worst < allowed && same;
    failures += !good;
    std::printf("%-44s off by %.1e, %s%s\n", name, worst, same ? "always the same bits" : "NOT THE SAME BITS",
                good ? "" : "  FAILED");
  };
  call(on_device(arguments)...);
}

void report(const char* name, bool good) {
  failures += !good;
  std::printf("%-44s %s\n", name, good ? "as it should be" : "FAILED");
}

/// Arrays of other libraries: Thrust's vectors and libcu++'s mdspan, as arguments and outputs.
void check_arrays() {
  const auto x = made<float, 2>({30, 70}, 1);
  const auto t = fg::fuse([](auto a) { return fg::exp(a) * 2; });
  const auto want = numbers(t(x));
  const auto a = fg::to(x, fg::device);
  const thrust::device_vector<float> v(x.begin(), x.end());
  thrust::device_vector<float> out(v.size());
  t.into(out)(v);
  const thrust::host_vector<float> of_vector(out);
  using matrix = cuda::std::dextents<std::ptrdiff_t, 2>;
  fg::tensor<float, 2, fg::device> result({70, 30});
  const cuda::std::mdspan<const float, matrix> rows(a.data(), 30, 70);
  const cuda::std::mdspan<float, matrix, cuda::std::layout_left> columns(result.data(), 30, 70);
  auto to = fg::in_device_memory(columns);
  t.into(to)(fg::in_device_memory(rows));
  const auto transposed = result.to(fg::host);
  double worst = 0;
  for (std::ptrdiff_t r = 0; r < 30; ++r)
    for (std::ptrdiff_t c = 0; c < 70; ++c) {
      const auto k = static_cast<std::size_t>(70 * r + c);
      const double w = want[k], of_v = static_cast<double>(of_vector[k]), of_m = static_cast<double>(transposed(c, r));
      worst = std::fmax(worst, std::fmax(std::abs(of_v - w), std::abs(of_m - w)) / (1 + std::abs(w)));
    }
  report("Thrust's vectors and mdspan", worst < 1e-5);
}

/// More elements than 32 bits count.
void check_many() {
  constexpr std::ptrdiff_t n = (std::ptrdiff_t{1} << 31) + 5;
  const auto three = fg::to(fg::tensor<float>({3.0f}), fg::device);
  const fg::view<const float, 1, fg::device> x(three.data(), {n}, {0});
  const float mean = fg::fuse([](auto v) { return fg::mean(v * v); })(x);
  report("a mean of 2^31 + 5 elements", mean == 9);
  fg::tensor<bool, 1, fg::device> out(n);
  fg::fuse([](auto v) { return v > 2; }).into(out)(x);
  bool last[8]{};
  fg::simt::check("a copy", cudaMemcpy(last, out.data() + n - 8, 8, cudaMemcpyDeviceToHost));
  bool all = true;
  for (bool b : last) all = all && b;
  report("2^31 + 5 results", all);
}

/// Scratch memory of the caller's, a call on the second GPU, and arrays on both, which are refused.
void check_places() {
  const auto x = made<float, 1>({100'003}, 1), y = made<float, 1>({100'003}, 2);
  const auto t = fg::value_and_grad<0>(workloads::mse);
  const auto a = fg::to(x, fg::device), b = fg::to(y, fg::device);
  const auto first = all_numbers(t(a, b));
  const std::size_t bytes = fg::plan(t, a, b).scratch_bytes;
  fg::tensor<char, 1, fg::device> scratch(bytes);
  report("scratch memory of one's own", all_numbers(t.on(fg::cuda().scratch(scratch.data(), bytes))(a, b)) == first);
  const auto refused = [](auto call) {
    try {
      (void)call();
    } catch (const std::invalid_argument&) { return true; }
    return false;
  };
  report("too little of it", refused([&] { return t.on(fg::cuda().scratch(scratch.data(), 256))(a, b); }));
  int count = 0;
  fg::simt::check("counting GPUs", cudaGetDeviceCount(&count));
  if (count < 2) return;
  const auto c = a.to(fg::device, fg::cuda(1)), d = fg::to(y, fg::device, fg::cuda(1));
  report("the second GPU", all_numbers(t.on(fg::cuda(1))(c, d)) == first);
  report("arrays on two GPUs", refused([&] { return t(a, d); }));
}

}  // namespace

int main(int count, char** arguments) {
  if (!has_gpu()) return without_gpu;
  if (count > 1) repetitions = std::atoi(arguments[1]);
  using namespace workloads;
  constexpr auto running = [](auto v) { return fg::cumsum(v); };
  constexpr auto variation = [](auto v) {
    return fg::sum(fg::sqrt(1 + fg::square(fg::slice(v, fg::axis<-1>, fg::range<1, fg::end>) -
                                           fg::slice(v, fg::axis<-1>, fg::range<0, -1>))));
  };
  for (std::ptrdiff_t n : {1, 3, 255, 4096, 100'003, 5'000'000}) {
    const auto x = made<float, 1>({n}, 1), y = made<float, 1>({n}, 2), t = made<float, 1>({n}, 3, 0, 1);
    std::printf("%td elements\n", n);
    check("mean squared error", fg::value_and_grad<0>(mse), x, y);
    check("focal loss", fg::value_and_grad<0>(focal), x, t);
    check("Gaussian likelihood", fg::value_and_grad<1, 2>(gaussian_nll), x, y, t);
    check("focal loss of half", fg::value_and_grad<0>(focal), as<fg::half>(x), as<fg::half>(t));
    check("dice, two kernels", fg::value_and_grad<0>(dice), x, t);
    check("running sums, in double", fg::vjp<0>(running), made<double, 1>({n}, 1), made<double, 1>({n}, 2));
    check("in double", fg::value_and_grad<0>(mse), made<double, 1>({n}, 1), made<double, 1>({n}, 2));
    check("differences of neighbours", fg::value_and_grad<0>(variation), x);
  }
  for (fg::shape<2> s : {fg::shape<2>{1, 1},
                         {33, 7},
                         {257, 1000},
                         {64, 4099},
                         {600, 1024},
                         {150, 32'000},
                         {140, 60'004},
                         {3, 200'000}}) {
    const auto x = made<float, 2>(s, 1), w = made<float, 2>(s, 2);
    const auto gain = made<float, 1>({s[1]}, 3), shift = made<float, 1>({s[1]}, 4);
    fg::tensor<int, 1> labels(s[0]);
    for (std::ptrdiff_t r = 0; r < s[0]; ++r) labels[r] = static_cast<int>(r * 7 % s[1]);
    std::printf("%td rows of %td\n", s[0], s[1]);
    check("cross-entropy", fg::value_and_grad<0>(cross_entropy), x, labels);
    check("cross-entropy of bfloat16", fg::value_and_grad<0>(cross_entropy), as<fg::bfloat16>(x), labels);
    check("layer normalisation, forward and backward", fg::vjp<0, 1, 2>(layer_norm), x, gain, shift, w);
    check("running sums, in double", fg::vjp<0>(running), made<double, 2>(s, 1), made<double, 2>(s, 2));
    check("bias and GELU, backward", fg::grad<0, 1>(bias_gelu), x, shift, w);
  }
  check_places();
  check_arrays();
  if (repetitions > 1) check_many();
  std::printf("%s\n", failures == 0 ? "all agree" : "some do not agree");
  return failures == 0 ? 0 : 1;
}
