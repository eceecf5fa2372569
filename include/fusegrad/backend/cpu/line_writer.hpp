// Writes around the caches what does not begin or end where a line of memory does, such as rows one after the other.
#pragma once

#include <cstdint>
#include <cstring>

#include "pack.hpp"

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

/// Takes pieces of an array in order. A line of which one piece holds the end of and the next one the rest is complete
/// before it is written: to write it in parts would read it from memory first.
class line_writer {
 public:
  line_writer() = default;
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;
  ~line_writer() { flush(); }

  /// End with stream_fence().
  void write(void* destination, const void* source, std::size_t bytes) {
    auto* to = static_cast<unsigned char*>(destination);
    const auto* from = static_cast<const unsigned char*>(source);
    if (begin_ < end_ && to != line_ + end_) flush();
    if (const std::size_t past = reinterpret_cast<std::uintptr_t>(to) % line_bytes; past != 0) {
      const std::size_t n = line_bytes - past < bytes ? line_bytes - past : bytes;
      if (begin_ == end_) begin(to - past, past);
      std::memcpy(edge_ + past, from, n);
      end_ = past + n;
      if (end_ == line_bytes) flush();
      to += n, from += n, bytes -= n;
    }
    const std::size_t whole = bytes / line_bytes * line_bytes;
    for (std::size_t at = 0; at < whole; at += line_bytes) stream(to + at, from + at);
    if (whole == bytes) return;
    begin(to + whole, 0);
    std::memcpy(edge_, from + whole, bytes - whole);
    end_ = bytes - whole;
  }

 private:
  static constexpr std::size_t line_bytes = 64;

  void begin(unsigned char* line, std::size_t past) {
    line_ = line;
    begin_ = end_ = past;
  }
  void flush() {
    if (begin_ == 0 && end_ == line_bytes) stream(line_, edge_);
    else if (begin_ < end_) std::memcpy(line_ + begin_, edge_ + begin_, end_ - begin_);
    begin_ = end_ = 0;
  }
  FUSEGRAD_INLINE static void stream(unsigned char* to, const unsigned char* from) {
    constexpr int lanes = simd::native_bytes / 4;
    for (std::size_t at = 0; at < line_bytes; at += simd::native_bytes) {
      simd::pack<float, lanes> piece;
      std::memcpy(&piece, from + at, sizeof(piece));
      piece.stream(reinterpret_cast<float*>(to + at));
    }
  }

  alignas(line_bytes) unsigned char edge_[line_bytes];
  unsigned char* line_ = nullptr;    // the line of which a part waits
  std::size_t begin_ = 0, end_ = 0;  // which part
};

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
