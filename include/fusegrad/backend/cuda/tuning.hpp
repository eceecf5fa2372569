// Launch shapes: the numbers that depend on the architecture, in one place. They hold for sm_80, sm_90 and sm_100,
// which have the same limits of threads and registers; what differs, the number of multiprocessors, a launch asks for.
#pragma once

namespace fusegrad::simt {

inline constexpr int flat_threads = 256;
inline constexpr int blocks_per_multiprocessor = 8;  ///< of 256 threads: all 2,048 that a multiprocessor holds

/// Blocks of a flat kernel that moves vectors of so many arrays that a multiprocessor must have room for: this bounds
/// registers to 64, or 80, which compilers exceed to no use. Long programs have no bound, since they would spill.
constexpr int blocks_to_fit(int instructions, int loads) { return instructions > 150 ? 1 : loads <= 4 ? 4 : 3; }

/// Vectors that a thread of a flat kernel loads before it computes, so that enough bytes are on their way.
constexpr int vectors_in_flight(int loads) { return loads <= 1 ? 4 : loads <= 3 ? 2 : 1; }

/// A row of up to so many elements is a warp's, if what the warp keeps of it on the chip is not more than its share of
/// shared memory; a longer one is a block's.
inline constexpr int warp_row = 1024, warp_share = 4096;
/// Threads of a block that walks along a row of n elements, `width` at a time. With more than 512 a thread would have
/// only 64 registers, which layer normalisation and its gradients exceed.
inline constexpr int most_row_threads = 512;
constexpr int row_threads(long long n, int width) {
  const long long vectors = n / width;
  return vectors <= 64 ? 64 : vectors <= 128 ? 128 : vectors <= 4 * 256 ? 256 : most_row_threads;
}

/// Blocks that walk along one row of n elements together: one, unless rows are long and leave half of the
/// multiprocessors idle. Each has four vectors for a thread at least.
constexpr int blocks_of_row(long long rows, long long n, int multiprocessors) {
  if (n < 65536 || rows == 0 || 2 * rows > multiprocessors) return 1;
  const long long most = static_cast<long long>(multiprocessors) * blocks_per_multiprocessor / rows, wanted = n / 4096;
  return static_cast<int>(wanted < most ? wanted : most);
}

/// Parts in which the sums of rows are gathered, at most.
inline constexpr int most_parts = 512;
/// Where blocks add up rows on the chip, the threads of a multiprocessor: as many as have 80 registers each, and all of
/// them run at once, because each block leaves its sums in memory.
inline constexpr int adding_threads = 768;
/// Such blocks of a multiprocessor, of so many bytes of shared memory each. CUDA takes 1 KB for itself of each.
constexpr int adding_blocks(long long bytes, int threads, long long shared_bytes) {
  const long long by_threads = adding_threads / threads, by_bytes = (shared_bytes + 1024) / (bytes + 1024);
  return static_cast<int>(by_bytes < 1 ? 1 : by_bytes < by_threads ? by_bytes : by_threads);
}
/// Threads that read the parts of one sum together, if there are at least as many parts.
inline constexpr int slices = 16;

}  // namespace fusegrad::simt
