// A GPU on the CPU: the threads of a block take turns, blocks run one after another, both in an order that a seed
// shuffles. What a kernel forgets to synchronise goes wrong here, or is seen by the thread sanitizer.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <fusegrad/backend/cuda/execute.hpp>
#include <numeric>
#include <random>
#include <vector>

#include "fibers.hpp"

namespace emulator {

namespace simt = fusegrad::simt;

/// What the threads of a block share.
struct block_state {
  struct alignas(16) sixteen_bytes {
    unsigned char at[16];
  };
  block_state(int threads, std::size_t room_bytes, bool forgets)
      : forgets_a_barrier(forgets),
        all(threads),
        exchanged(static_cast<std::size_t>(threads)),
        bytes_read(static_cast<std::size_t>(threads)),
        room((room_bytes + 15) / 16, sixteen_bytes{0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f,
                                                   0x7f, 0x7f, 0x7f, 0x7f, 0x7f}) {
    warps.assign(static_cast<std::size_t>(threads / simt::warp_size), fiber_barrier(simt::warp_size));
  }
  bool forgets_a_barrier;
  fibers* threads = nullptr;
  fiber_barrier all;
  std::vector<fiber_barrier> warps;
  std::vector<simt::any_number> exchanged;
  std::vector<std::int64_t> bytes_read;
  alignas(16) std::array<unsigned char, 8 * 33> shared{};
  std::vector<sixteen_bytes> room;  ///< nothing is there that anyone could take for its own
};

class emulated_threads : public simt::collective<emulated_threads> {
 public:
  emulated_threads(block_state& state, int thread, int count, int block, int blocks)
      : state_(state), thread_(thread), threads_(count), block_(block), blocks_(blocks) {}

  int thread() const { return thread_; }
  int threads() const { return threads_; }
  int block() const { return block_; }
  int blocks() const { return blocks_; }
  void sync() const {
    if (state_.forgets_a_barrier && syncs_++ == 0) return;
    state_.threads->wait(state_.all);
  }
  void sync_warp() const { state_.threads->wait(state_.warps[static_cast<std::size_t>(thread_ / simt::warp_size)]); }
  template <class T>
  T exchange(T x, int mask) const {
    state_.exchanged[static_cast<std::size_t>(thread_)] = simt::any_number::of(x);
    sync_warp();
    const T other = state_.exchanged[static_cast<std::size_t>(thread_ ^ mask)].template as<T>();
    sync_warp();
    return other;
  }
  void* shared() const { return state_.shared.data(); }
  void* room() const { return state_.room.data(); }
  void sync_memory() const {}
  unsigned count_up(unsigned* p, unsigned last) const {
    const unsigned seen = *p;
    *p = seen >= last ? 0 : seen + 1;
    return seen;
  }
  template <class T>
  T read(const T* p) const {
    if (reinterpret_cast<std::uintptr_t>(p) % alignof(T) != 0) std::abort();
    bytes_read_ += static_cast<std::int64_t>(sizeof(T));
    return *p;
  }
  std::int64_t bytes_read() const { return bytes_read_; }
  template <class T>
  void put(T* p, const T& x) const {
    *p = x;
  }
  template <class T>
  T load(const simt::any_number* p) const {
    return p->as<T>();
  }
  template <class T>
  void store(simt::any_number* p, T x) const {
    *p = simt::any_number::of(x);
  }

 private:
  block_state& state_;
  int thread_, threads_, block_, blocks_;
  mutable int syncs_ = 0;
  mutable std::int64_t bytes_read_ = 0;
};

/// Launches kernels, and counts them and what they read.
class device {
 public:
  explicit device(unsigned seed = 1) : order_(seed) {}

  template <class Body, class X, int K>
  void launch(const simt::launch_shape& shape, const simt::kernel_arguments<X, K>& arguments) {
    run(shape, &arguments, [](const emulated_threads& thread, const void* given) {
      Body::template run<X, K>(thread, *static_cast<const simt::kernel_arguments<X, K>*>(given));
    });
  }

  template <class Body, class Arguments>
  void launch_alone(const simt::launch_shape& shape, const Arguments& arguments) {
    run(shape, &arguments, [](const emulated_threads& thread, const void* given) {
      Body::run(thread, *static_cast<const Arguments*>(given));
    });
  }

  int launches = 0;
  std::int64_t bytes_read = 0;     ///< of arrays that no thread writes
  bool forgets_a_barrier = false;  ///< a planted fault: the first time, nobody waits for other warps

 private:
  // a pointer to a function, as a std::function is ten functions to compile for every kernel
  using thread_body = void (*)(const emulated_threads&, const void* arguments);

  void run(const simt::launch_shape& shape, const void* arguments, thread_body body) {
    ++launches;
    std::vector<int> blocks(static_cast<std::size_t>(shape.blocks));
    std::iota(blocks.begin(), blocks.end(), 0);
    std::shuffle(blocks.begin(), blocks.end(), order_);
    for (int block : blocks) {
      block_state state(shape.threads, static_cast<std::size_t>(shape.room_bytes), forgets_a_barrier);
      const std::function<void(int)> of_thread = [&](int t) {
        const emulated_threads thread(state, t, shape.threads, block, shape.blocks);
        body(thread, arguments);
        state.bytes_read[static_cast<std::size_t>(t)] = thread.bytes_read();
      };
      fibers threads(shape.threads, order_, of_thread);
      state.threads = &threads;
      threads.run();
      for (const std::int64_t bytes : state.bytes_read) bytes_read += bytes;
    }
  }

  std::mt19937 order_;
};

}  // namespace emulator
