// The loop reads and writes its ranges and nothing else: arrays end and begin at pages that may not be touched. Every
// length from 0 to 130, every type, contiguous and strided, on every instruction set.
#include <sys/mman.h>
#include <unistd.h>
#include <fusegrad/fusegrad.hpp>

#include <cmath>
#include <cstring>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

enum class against { start, end };

/// An array that begins right behind, or ends right before, a page that may not be touched (as does its other side, a
/// part of a page away, which is checked instead).
template <class T>
class guarded {
 public:
  guarded(std::ptrdiff_t n, against side) : bytes_(static_cast<std::size_t>(n) * sizeof(T)) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    room_ = (bytes_ + page - 1) / page * page + page;
    mapped_ = room_ + 2 * page;
    void* const all = ::mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(all != MAP_FAILED);
    base_ = static_cast<unsigned char*>(all);
    inner_ = base_ + page;
    REQUIRE(::mprotect(inner_, room_, PROT_READ | PROT_WRITE) == 0);
    std::memset(inner_, 0x5a, room_);
    first_ = side == against::start ? inner_ : inner_ + (room_ - bytes_);
  }
  guarded(const guarded&) = delete;
  ~guarded() { ::munmap(base_, mapped_); }

  T* data() { return reinterpret_cast<T*>(first_); }
  T& operator[](std::ptrdiff_t i) { return data()[i]; }
  /// Is the memory around the array, inside its pages, as it was?
  bool untouched_around() const {
    for (const unsigned char* p = inner_; p < inner_ + room_; ++p)
      if ((p < first_ || p >= first_ + bytes_) && *p != 0x5a) return false;
    return true;
  }

 private:
  std::size_t bytes_, room_, mapped_;
  unsigned char *base_, *inner_, *first_;
};

template <class T>
T sample(std::ptrdiff_t i) {
  if constexpr (std::is_same_v<T, bool>) return i % 3 == 0;
  else return static_cast<T>(i % 50 - 20);
}

/// x, its condition and its integers in, a float or double array, conditions, integers and sums out.
template <class T, class N>
void run_at_every_length(against side) {
  constexpr auto f = [](auto x, auto c, auto n, auto s) {
    const auto y = fg::where(c, x * s + n, fg::sqrt(fg::abs(x)) - n);
    return fg::outputs(y, y > 0, n + 1, fg::sum(y), fg::count(c), fg::max(y));
  };
  constexpr auto gradient = fg::value_and_grad([](auto x, auto t) { return fg::sum(fg::tanh(x) * t); });
  for (std::ptrdiff_t n = 0; n <= 130; ++n) {
    INFO("n = " << n);
    guarded<T> x(n, side), y(n, side), dx(n, side);
    guarded<bool> c(n, side), positive(n, side);
    guarded<N> k(n, side);
    using widened = fg::type_of<fg::dtype_of<N>>;
    guarded<widened> next(n, side);
    double total = 0, dot = 0;
    T largest = -std::numeric_limits<T>::infinity();
    std::int64_t count = 0;
    std::vector<T> expected(static_cast<std::size_t>(n));
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      x[i] = sample<T>(i), c[i] = sample<bool>(i), k[i] = sample<N>(i);
      const T e = c[i] ? x[i] * T(0.5) + static_cast<T>(k[i]) : std::sqrt(std::abs(x[i])) - static_cast<T>(k[i]);
      expected[static_cast<std::size_t>(i)] = e;
      total += static_cast<double>(e);
      dot += std::tanh(static_cast<double>(x[i])) * static_cast<double>(x[i]);
      count += c[i];
      largest = std::max(largest, e);
    }
    const fg::view<const T, 1> in(x.data(), n);
    double sum = 0, max = 0, value = 0;
    std::int64_t counted = -1;
    if (n > 0) {
      fg::fuse(f).into(fg::view<T, 1>(y.data(), n), fg::view<bool, 1>(positive.data(), n),
                       fg::view<widened, 1>(next.data(), n), sum, counted,
                       max)(in, fg::view<const bool, 1>(c.data(), n), fg::view<const N, 1>(k.data(), n), T(0.5));
      CHECK(sum == Approx(total).margin(1e-4));
      CHECK(counted == count);
      CHECK(static_cast<T>(max) == Approx(largest));
    }
    gradient.into(value, fg::view<T, 1>(dx.data(), n))(in, in);
    CHECK(value == Approx(dot).margin(1e-4));
    bool right = true;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const T e = expected[static_cast<std::size_t>(i)];
      right = right && std::abs(y[i] - e) <= T(1e-5) * (1 + std::abs(e)) && positive[i] == (y[i] > 0) &&
              next[i] == k[i] + 1 && std::abs(dx[i] - x[i] * (1 - std::pow(std::tanh(x[i]), T(2)))) <= T(1e-5);
    }
    CHECK(right);
    CHECK((y.untouched_around() && positive.untouched_around() && next.untouched_around() && dx.untouched_around()));
    CHECK((x.untouched_around() && c.untouched_around() && k.untouched_around()));
  }
}

}  // namespace

TEST_CASE("arrays of float and int8 that begin or end at forbidden pages", "[backend][guard]") {
  run_at_every_length<float, std::int8_t>(against::start);
  run_at_every_length<float, std::int8_t>(against::end);
}

TEST_CASE("arrays of double and int32 that begin or end at forbidden pages", "[backend][guard]") {
  run_at_every_length<double, std::int32_t>(against::start);
  run_at_every_length<double, std::int32_t>(against::end);
}

TEST_CASE("arrays of float and int64 that begin or end at forbidden pages", "[backend][guard]") {
  run_at_every_length<float, std::int64_t>(against::start);
  run_at_every_length<float, std::int64_t>(against::end);
}

TEST_CASE("strided arrays touch nothing between and around their elements", "[backend][guard]") {
  constexpr auto f = [](auto x, auto s) { return x * s; };
  for (std::ptrdiff_t n = 1; n <= 130; ++n)
    for (std::ptrdiff_t step : {-3, -1, 2, 5}) {
      INFO("n = " << n << ", stride = " << step);
      const std::ptrdiff_t distance = step < 0 ? -step : step, reach = (n - 1) * distance + 1;
      guarded<float> x(reach, against::end), y(reach, against::start);
      float* const in = step < 0 ? x.data() + reach - 1 : x.data();
      float* const out = step < 0 ? y.data() + reach - 1 : y.data();
      for (std::ptrdiff_t i = 0; i < reach; ++i) x[i] = static_cast<float>(i), y[i] = -1;
      fg::fuse(f).into(fg::view<float, 1>(out, {n}, {step}))(fg::view<const float, 1>(in, {n}, {step}), 2.0f);
      bool right = true;
      for (std::ptrdiff_t i = 0; i < reach; ++i)
        right = right && y[i] == (i % distance == 0 ? 2 * static_cast<float>(i) : -1.0f);
      CHECK(right);
      CHECK(y.untouched_around());
    }
}

TEST_CASE("arrays around the sizes of blocks end at forbidden pages", "[backend][guard]") {
  for (std::ptrdiff_t n : {1023, 1024, 1025, 4095, 4096, 4097, 8191, 8193, 20000}) {
    INFO("n = " << n);
    guarded<float> x(n, against::end), g(n, against::end);
    for (std::ptrdiff_t i = 0; i < n; ++i) x[i] = 0.5f;
    float value = 0;
    fg::value_and_grad([](auto v) {
      return fg::sum(v * v * v);
    }).into(value, fg::view<float, 1>(g.data(), n))(fg::view<const float, 1>(x.data(), n));
    CHECK(value == 0.125f * static_cast<float>(n));
    CHECK(g[n - 1] == 0.75f);
    CHECK(g.untouched_around());
  }
}

TEST_CASE("rows of a matrix within larger ones touch nothing beside them", "[backend][guard]") {
  const std::ptrdiff_t rows = 37, columns = 61, width = 64;
  guarded<double> storage(rows * width - (width - columns), against::end);
  for (std::ptrdiff_t i = 0; i < rows * width - (width - columns); ++i) storage[i] = -1;
  fg::tensor<double, 2> x({rows, columns});
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  const fg::view<double, 2> out(storage.data(), {rows, columns}, {width, 1});
  fg::fuse([](auto v) { return v + 0.5; }).into(out)(x);
  bool right = true;
  for (std::ptrdiff_t i = 0; i < rows; ++i)
    for (std::ptrdiff_t j = 0; j < (i + 1 < rows ? width : columns); ++j)
      right = right && storage[i * width + j] == (j < columns ? x(i, j) + 0.5 : -1);
  CHECK(right);
  CHECK(storage.untouched_around());
}
