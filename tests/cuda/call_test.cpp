// What is found out about a call on a device before anything runs: the scratch memory that it needs, and on which GPUs
// its arrays lie.
#include "compare.hpp"

namespace fg = fusegrad;
using namespace emulator;

namespace {

constexpr auto loss = fg::value_and_grad<0>([](auto x, auto y) { return fg::mean(fg::square(x - y)); });

/// What the call needs with outputs that begin `offset` elements into memory of their own, and what is promised.
template <class T, class... A>
void check_promise(const T&, int multiprocessors, const fg::shape<2>& extents, const A&... arguments) {
  using X = fg::detail::executable_of<T, A...>;
  using D = decltype(fg::detail::device_executable_of<X>());
  const fg::results<decltype(fg::view_of(arguments))...> in{{{fg::view_of(arguments)}...}};
  const std::size_t promised = fg::detail::scratch_bytes_of(D{}, in, multiprocessors);
  std::vector<float> memory(static_cast<std::size_t>(fg::element_count(extents)) + 4);
  const auto first = 16 - reinterpret_cast<std::uintptr_t>(memory.data()) % 16;
  for (std::size_t offset : {first / 4 % 4, first / 4 % 4 + 1}) {
    const fg::view<float, 2> out(memory.data() + offset, extents);
    const fg::results<fg::view<float, 2>> to{{{out}}};
    const fg::simt::execution<D, decltype(in), decltype(to)> call(in, to, multiprocessors);
    CHECK(fg::detail::scratch_bytes(call, 1) <= promised);
  }
}

}  // namespace

TEST_CASE("a call's scratch memory suits any outputs", "[cuda]") {
  for (auto [rows, columns] : {std::pair{1, 1}, {3, 7}, {40, 64}, {5, 3000}, {2, 70000}, {300, 2000}}) {
    const auto x = matrix(rows, columns, 1);
    for (int multiprocessors : {1, 3, 132}) {
      check_promise(fg::fuse([](auto a) { return fg::exp(a); }), multiprocessors, x.shape(), x);
      check_promise(fg::fuse([](auto a) { return a / fg::sum(a); }), multiprocessors, x.shape(), x);
      check_promise(fg::fuse([](auto a) { return fg::softmax(a, fg::axis<-1>); }), multiprocessors, x.shape(), x);
      check_promise(fg::fuse([](auto a) { return a - fg::mean(a, fg::axis<0>); }), multiprocessors, x.shape(), x);
    }
  }
}

TEST_CASE("scratch memory grows with what blocks leave for one another", "[cuda]") {
  using D = decltype(fg::detail::device_executable_of<
                     fg::detail::executable_of<decltype(loss), std::vector<float>, std::vector<float>>>());
  const auto bytes = [](std::size_t n, int multiprocessors) {
    const std::vector<float> x(n);
    const fg::results<fg::view<const float, 1>, fg::view<const float, 1>> in{{{fg::view_of(x)}, {fg::view_of(x)}}};
    return fg::detail::scratch_bytes_of(D{}, in, multiprocessors);
  };
  CHECK(bytes(1, 1) == 3 * 256 + 2 * 8);  // a ticket, a total, a block's part, and a place for two results
  CHECK(bytes(100'000, 4) == 2 * 256 + 32 * 8 + 2 * 8);  // all blocks that four multiprocessors hold
  CHECK(bytes(100'000'000, 132) == bytes(200'000'000, 132));
}

TEST_CASE("too little scratch memory is refused", "[cuda]") {
  alignas(16) unsigned char memory[64];
  fg::detail::check_scratch(memory, 64, 64);
  CHECK_THROWS_WITH(fg::detail::check_scratch(memory, 64, 784),
                    "fusegrad: a call needs 784 bytes of scratch memory and was given 64; fg::plan tells how many");
  CHECK_THROWS_WITH(fg::detail::check_scratch(memory + 1, 63, 63),
                    "fusegrad: scratch memory begins at a multiple of 16 bytes; this does not");
}

TEST_CASE("arrays on two GPUs are refused", "[cuda]") {
  constexpr int everywhere = -1;
  const auto check = [](int gpu, std::initializer_list<int> arguments, std::initializer_list<int> outputs) {
    std::vector<int> lies_on(arguments);
    lies_on.insert(lies_on.end(), outputs);
    fg::detail::check_gpus(gpu, lies_on.data(), static_cast<int>(arguments.size()), static_cast<int>(outputs.size()));
  };
  check(0, {}, {});
  check(1, {1, everywhere, 1}, {1});
  check(1, {everywhere}, {everywhere});
  CHECK_THROWS_WITH(check(0, {0, everywhere, 1}, {}),
                    "fusegrad: argument 2 lies on GPU 1, but the call runs on GPU 0, where argument 0 lies; bring all "
                    "arrays to one GPU, and call .on(fg::cuda(GPU))");
  CHECK_THROWS_WITH(check(2, {everywhere, 2}, {2, 0}), Catch::Matchers::StartsWith("fusegrad: output 1 lies on GPU 0"));
  CHECK_THROWS_WITH(check(0, {1}, {1}),
                    "fusegrad: argument 0 lies on GPU 1, but the call runs on GPU 0; bring all arrays to one GPU, and "
                    "call .on(fg::cuda(GPU))");
}
