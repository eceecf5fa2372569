// How the threads of a warp and of a block add up what they have, and how a block learns that it is the last: in terms
// of four primitives that a device or an emulation brings. Assumes warps of 32 threads, all of which take part.
#pragma once

#include "values.hpp"

namespace fusegrad::simt {

inline constexpr int warp_size = 32;
/// Bytes of shared memory that every block has, more or less.
inline constexpr int shared_bytes_of_block = 512;

/// What the threads before one have, combined, and what all have.
template <class T>
struct prefix {
  T before, all;
};

/// `Self` has thread(), threads(), block(), blocks(); exchange(x, mask), which returns what thread `thread() ^ mask` of
/// the warp has; sync() and sync_warp(), at which threads wait for one another; shared(), memory of the block for 33
/// numbers of 8 bytes; room(), as much more of it as the launch asked for; sync_memory(), after which others see what
/// was written; count_up(p, last), which adds one to *p, from `last` to 0, and returns what was there.
template <class Self>
class collective {
 public:
  /// Combines what all threads of the warp have, in the order of a butterfly: each gets the same bits.
  template <class Op, class T>
  FUSEGRAD_KERNEL T across_warp(T x) const {
    FUSEGRAD_UNROLL
    for (int mask = warp_size / 2; mask > 0; mask /= 2) x = Op::combine(x, self().exchange(x, mask));
    return x;
  }

  /// Combines what all threads of the block have.
  template <class Op, class T>
  FUSEGRAD_KERNEL T across_block(T x) const {
    T* const of_warps = static_cast<T*>(self().shared());
    const int lane = self().thread() % warp_size, warp = self().thread() / warp_size;
    const int warps = self().threads() / warp_size;
    x = across_warp<Op>(x);
    if (lane == 0) of_warps[warp] = x;
    self().sync();
    x = across_warp<Op>(lane < warps ? of_warps[lane] : Op::template identity<T>());
    self().sync();  // before others write there again
    return x;
  }

  /// Combines what the threads of the warp have up to this one, it excluded, and what all have: of that each gets the
  /// same bits.
  template <class Op, class T>
  FUSEGRAD_KERNEL prefix<T> along_warp(T x) const {
    prefix<T> made{Op::template identity<T>(), x};
    FUSEGRAD_UNROLL
    for (int mask = 1; mask < warp_size; mask *= 2) {
      const T others = self().exchange(made.all, mask);
      const bool after = (self().thread() & mask) != 0;  // the order counts: the last of two numbers, for one
      if (after) made.before = Op::combine(others, made.before);
      made.all = after ? Op::combine(others, made.all) : Op::combine(made.all, others);
    }
    return made;
  }

  /// The same for the threads of the block.
  template <class Op, class T>
  FUSEGRAD_KERNEL prefix<T> along_block(T x) const {
    T* const of_warps = static_cast<T*>(self().shared());
    const int warp = self().thread() / warp_size, warps = self().threads() / warp_size;
    const prefix<T> mine = along_warp<Op>(x);
    if (self().thread() % warp_size == 0) of_warps[warp] = mine.all;
    self().sync();
    prefix<T> made{mine.before, Op::template identity<T>()};
    FUSEGRAD_NO_UNROLL
    for (int w = 0; w < warps; ++w) {
      if (w == warp) made.before = Op::combine(made.all, mine.before);
      made.all = Op::combine(made.all, of_warps[w]);
    }
    self().sync();  // before others write there again
    return made;
  }

  /// Is this the last block to come here? It sees what all others have written before.
  FUSEGRAD_KERNEL bool is_last_block(unsigned* ticket) const {
    bool* const last = static_cast<bool*>(self().shared());
    if (self().thread() == 0) {
      self().sync_memory();
      const auto others = static_cast<unsigned>(self().blocks() - 1);
      *last = self().count_up(ticket, others) == others;
    }
    self().sync();
    const bool is_last = *last;
    self().sync();
    if (is_last) self().sync_memory();
    return is_last;
  }

 private:
  FUSEGRAD_KERNEL const Self& self() const { return static_cast<const Self&>(*this); }
};

}  // namespace fusegrad::simt
