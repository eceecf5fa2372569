// Memory for what one kernel keeps for another, and for the sums of rows: it is asked for once a thread and grows, so
// that repeated calls allocate nothing.
#pragma once

#include <cstddef>
#include <new>

namespace fusegrad::cpu {

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

/// The calling thread's workspace while the object lives; a second one at the same time gets memory of its own.
class borrowed_workspace {
 public:
  borrowed_workspace() : mine_(taken() ? &own_ : &shared()) {
    if (mine_ != &own_) taken() = true;
  }
  borrowed_workspace(const borrowed_workspace&) = delete;
  borrowed_workspace& operator=(const borrowed_workspace&) = delete;
  ~borrowed_workspace() {
    if (mine_ != &own_) taken() = false;
  }
  unsigned char* reserve(std::size_t bytes) { return static_cast<unsigned char*>(mine_->reserve(bytes)); }

 private:
  static workspace& shared() {
    static thread_local workspace memory;
    return memory;
  }
  static bool& taken() {
    static thread_local bool is_taken = false;
    return is_taken;
  }
  workspace own_;
  workspace* mine_;
};

/// Bytes rounded up, so that what follows is aligned as well.
constexpr std::size_t aligned_bytes(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace fusegrad::cpu
