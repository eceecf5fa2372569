// Memory for what one kernel keeps for another, and for the sums of rows: it is asked for once a thread and grows, so
// that repeated calls allocate nothing.
#pragma once

#include <cstddef>
#include <new>

namespace fusegrad::cpu {
inline namespace FUSEGRAD_ISA {

class workspace {
 public:
  workspace() = default;
  workspace(const workspace&) = delete;
  workspace& operator=(const workspace&) = delete;
  ~workspace() { release(); }

  /// At least that many bytes, aligned for the widest vectors.
  void* reserve(std::size_t bytes) {
    if (bytes > size_) {
      release();
      memory_ = ::operator new(bytes, alignment);
      size_ = bytes;
    }
    return memory_;
  }

 private:
  static constexpr std::align_val_t alignment{64};
  void release() {
    if (memory_ != nullptr) ::operator delete(memory_, alignment);
    memory_ = nullptr;
    size_ = 0;
  }
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

/// One of the calling thread's workspaces while the object lives.
class borrowed_workspace {
 public:
  borrowed_workspace() : mine_(depth() < most ? &shared()[depth()] : &own_) { ++depth(); }
  borrowed_workspace(const borrowed_workspace&) = delete;
  borrowed_workspace& operator=(const borrowed_workspace&) = delete;
  ~borrowed_workspace() { --depth(); }
  unsigned char* reserve(std::size_t bytes) { return static_cast<unsigned char*>(mine_->reserve(bytes)); }

 private:
  static constexpr int most = 4;  ///< as many at the same time keep their memory
  static workspace* shared() {
    static thread_local workspace memory[most];
    return memory;
  }
  static int& depth() {
    static thread_local int taken = 0;
    return taken;
  }
  workspace own_;
  workspace* mine_;
};

/// Bytes rounded up, so that what follows is aligned as well.
constexpr std::size_t aligned_bytes(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace FUSEGRAD_ISA
}  // namespace fusegrad::cpu
