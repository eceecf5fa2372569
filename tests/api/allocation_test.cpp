// With .into nothing is allocated: every form of operator new is counted.
#include <fusegrad/fusegrad.hpp>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
std::atomic<long> allocations = 0;

void* allocate(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* const p =
      std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment + (bytes == 0) * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

template <class F>
long allocated_by(F f) {
  const long before = allocations;
  static_cast<void>(f());
  return allocations - before;
}
}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

TEST_CASE("a call into the caller's memory allocates nothing", "[api][into]") {
  std::vector<float> x(10000, 0.5f), t(10000, 1.0f), gradient(10000), strided(20000);
  float value = 0, slope = 0;
  const auto loss = [](auto a, auto b, auto s) { return fg::mean(fg::square(fg::sigmoid(a * s) - b)); };
  const auto dice = [](auto a, auto b) { return 1 - 2 * fg::sum(a * b) / (fg::sum(a) + fg::sum(b)); };
  const float scale = 2;
  const auto captured = [scale](auto a) { return fg::sum(a * scale); };
  const fg::view<float, 1> every_other(strided.data(), {10000}, {2});

  CHECK(allocated_by([] { ::operator delete(::operator new(8)); }) == 1);  // the count itself works
  CHECK(allocated_by([&] { fg::value_and_grad<0, 2>(loss).into(value, gradient, slope)(x, t, 2.0f); }) == 0);
  CHECK(allocated_by([&] { fg::value_and_grad(dice).into(value, gradient)(x, t); }) == 0);
  CHECK(allocated_by([&] { fg::value_and_grad(captured).into(value, gradient)(x); }) == 0);
  CHECK(allocated_by([&] { fg::value_and_grad(dice).into(value, every_other)(x, t); }) == 0);
  CHECK(allocated_by([&] { fg::hvp(dice).into(gradient)(x, t, t); }) == 0);
  CHECK(allocated_by([&] { value = fg::fuse(dice)(x, t); }) == 0);  // numbers need no memory at all
}

TEST_CASE("a call that returns arrays allocates one block for each", "[api]") {
  const std::vector<float> x(100, 0.5f);
  CHECK(allocated_by([&] { return fg::fuse([](auto a) { return fg::outputs(a + 1, a * 2, fg::sum(a)); })(x); }) == 2);
  CHECK(allocated_by([&] { return fg::fuse([](auto a) { return a + 1; })(std::vector<float>{}); }) == 0);
}
