// The numbers that performance depends on, and nothing else does.
#pragma once

#include <cstddef>

#include "simd.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// Elements that are accumulated lane by lane before lanes are added up: long enough to hide that, short enough for
/// float.
inline constexpr std::ptrdiff_t block_elements = 4096;

/// Elements that are gathered at a time where an array is not contiguous: all such arrays' blocks stay in the L1 cache.
inline constexpr std::ptrdiff_t staged_elements = 1024;

/// The most partial sums of one reduction: blocks are dealt to this many groups, whatever the number of threads.
inline constexpr std::ptrdiff_t max_groups = 256;

/// Elements of rows that are worth a group of their own; more where a group has arrays of sums, whose number is
/// bounded.
inline constexpr std::ptrdiff_t row_group_elements = 1 << 14;
inline constexpr std::ptrdiff_t array_group_elements = 1 << 16;
inline constexpr std::ptrdiff_t band_group_elements = 1 << 18;  ///< where each sum is a vector of as many rows
inline constexpr std::ptrdiff_t max_array_groups = 32;

/// Elements of the longest rows of which as many as a vector has lanes are processed together.
inline constexpr std::ptrdiff_t band_elements = 128;

/// Rows of a register tile: vectors of rows by rows along the other axis. The fewer vectors are read for each result,
/// the better, as long as the results have a register each. And the instructions of the longest loops that are worth
/// it.
inline constexpr int register_tile_vectors = simd::has_avx512 ? 4 : 2;
inline constexpr int register_tile_rows = simd::has_avx512 ? 5 : 4;
inline constexpr int register_tile_instructions = 8;

/// Rows that are added to an array of sums in float before these are added to sums in double.
inline constexpr std::ptrdiff_t rows_between_flushes = 128;

/// Fewer elements than this are not worth a second thread.
inline constexpr std::ptrdiff_t parallel_elements = 1 << 15;

/// Traffic in bytes beyond which outputs bypass the caches.
inline constexpr std::ptrdiff_t streaming_bytes = 24 << 20;

/// How far ahead inputs are fetched where outputs bypass the caches: the processor loses track of several streams.
inline constexpr std::ptrdiff_t streams_ahead_bytes = 512;

/// Elements of the shortest rows that are worth it where they do not begin on a vector's boundary.
inline constexpr std::ptrdiff_t streamed_elements = 64;

/// Elements of the longest rows of which one is fetched while another is computed.
inline constexpr std::ptrdiff_t fetched_elements = 1 << 17;

/// Traffic in bytes up to which a row is begun before another is finished: beyond, stores to memory would wait.
inline constexpr std::ptrdiff_t interleaved_bytes = 2 << 20;

/// Rows of an array whose rows run across memory that are brought together at a time: two lines of the cache for each
/// element of a row. And the most bytes that these rows may have, so that they stay in the second cache.
inline constexpr std::ptrdiff_t tile_rows = 32;
inline constexpr std::ptrdiff_t tile_bytes = 1 << 20;
/// Traffic in bytes beyond which their lines are written around the caches, where they would drive out each other.
inline constexpr std::ptrdiff_t tiles_stream_bytes = 4 << 20;

/// Memory of a call below which arrays are taken to stay in the caches between its kernels.
inline constexpr std::ptrdiff_t cached_bytes = 8 << 20;

/// Vectors in flight, by the number of instructions in the loop: short bodies need more to cover an addition's latency.
constexpr int vectors_in_flight(int instructions) { return instructions <= 16 ? 4 : instructions <= 32 ? 2 : 1; }

/// Instructions up to which a loop's body is compiled into the call for arrays of one block.
inline constexpr int inlined_body = 32;

/// Instructions from which on a loop's body is compiled once only, for whole and partial vectors: early where the
/// target's masks cost nothing, elsewhere where what a body does outweighs them, and its time to compile counts.
constexpr int long_body(int register_bytes) { return register_bytes == 64 ? 32 : 256; }

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
