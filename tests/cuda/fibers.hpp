// Threads of a block that one thread of the machine runs, one after another: at a barrier another one goes on, which
// one a seed decides. A thousand of them take no more time than what they do, and the same seed interleaves them in the
// same way. To the thread sanitizer each is a thread of its own, which barriers alone order.
#pragma once

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <tuple>
#include <vector>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FUSEGRAD_WATCHES_THREADS
#endif
#elif defined(__SANITIZE_THREAD__)
#define FUSEGRAD_WATCHES_THREADS
#endif
#if defined(FUSEGRAD_WATCHES_THREADS)
#include <sanitizer/tsan_interface.h>
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace emulator {

/// What the thread sanitizer is told; nothing otherwise.
namespace watch {
#if defined(FUSEGRAD_WATCHES_THREADS)
using fiber = void*;
inline fiber self() { return __tsan_get_current_fiber(); }
inline fiber create() { return __tsan_create_fiber(0); }
inline void destroy(fiber f) { __tsan_destroy_fiber(f); }
inline void switch_to(fiber f) { __tsan_switch_to_fiber(f, __tsan_switch_to_fiber_no_sync); }
inline void release(void* at) { __tsan_release(at); }
inline void acquire(void* at) { __tsan_acquire(at); }
/// What happens while there is one is the emulation's own business.
struct unseen {
  unseen() {
    AnnotateIgnoreReadsBegin("", 0);
    AnnotateIgnoreWritesBegin("", 0);
  }
  unseen(const unseen&) = delete;
  ~unseen() {
    AnnotateIgnoreWritesEnd("", 0);
    AnnotateIgnoreReadsEnd("", 0);
  }
};
#else
struct fiber {};
inline fiber self() { return {}; }
inline fiber create() { return {}; }
inline void destroy(fiber) {}
inline void switch_to(fiber) {}
inline void release(void*) {}
inline void acquire(void*) {}
struct unseen {
  unseen() {}
};
#endif
}  // namespace watch

class fibers;

/// Lets nobody pass before `size` have come.
class fiber_barrier {
 public:
  explicit fiber_barrier(int size) : size_(size) {}

 private:
  friend fibers;
  int size_;
  std::vector<int> waiting_;
  // those who have left it may come again before others have left it: what they bring is not for these
  char came_[2]{};
  int turn_ = 0;
};

class fibers {
 public:
  /// Runs body(0), ..., body(count - 1) together, to their ends.
  fibers(int count, std::mt19937& order, const std::function<void(int)>& body) : order_(order), body_(body) {
    const watch::unseen hidden;
    static std::vector<std::unique_ptr<unsigned char[]>> stacks;
    while (stacks.size() < static_cast<std::size_t>(count)) stacks.emplace_back(new unsigned char[stack_bytes]);
    all_.resize(static_cast<std::size_t>(count));
    for (int t = 0; t < count; ++t) {
      one& f = all_[static_cast<std::size_t>(t)];
      f.watched = watch::create();
      getcontext(&f.context);
      f.context.uc_stack.ss_sp = stacks[static_cast<std::size_t>(t)].get();
      f.context.uc_stack.ss_size = stack_bytes;
      f.context.uc_link = nullptr;
      makecontext(&f.context, &fibers::start, 0);
      ready_.push_back(t);
    }
  }
  fibers(const fibers&) = delete;

  void run() {
    const watch::unseen hidden;
    watch::release(&began_);
    home_.watched = watch::self();
    fibers* const outer = running_;
    running_ = this;
    while (!ready_.empty()) {
      const std::size_t k = std::uniform_int_distribution<std::size_t>(0, ready_.size() - 1)(order_);
      current_ = ready_[k];
      ready_[k] = ready_.back();
      ready_.pop_back();
      change(home_, all_[static_cast<std::size_t>(current_)]);
    }
    running_ = outer;
    watch::acquire(&ended_);
    for (one& f : all_) watch::destroy(f.watched);
    if (finished_ != static_cast<int>(all_.size())) {
      std::fputs("threads wait at a barrier to which others never come\n", stderr);
      std::abort();
    }
  }

  /// The one that calls this waits until as many have come as the barrier wants.
  void wait(fiber_barrier& b) {
    const watch::unseen hidden;
    void* const came = &b.came_[b.turn_];
    watch::release(came);
    b.waiting_.push_back(current_);
    if (static_cast<int>(b.waiting_.size()) == b.size_) {
      ready_.insert(ready_.end(), b.waiting_.begin(), b.waiting_.end());
      b.waiting_.clear();
      b.turn_ = 1 - b.turn_;
    }
    change(all_[static_cast<std::size_t>(current_)], home_);
    watch::acquire(came);
  }

 private:
  static constexpr std::size_t stack_bytes = 256 << 10;
  struct one {
    ucontext_t context;
    watch::fiber watched;
  };

  static void change(one& from, one& to) {
    watch::switch_to(to.watched);
    swapcontext(&from.context, &to.context);
  }
  static void start() { running_->run_current(); }
  void run_current() {
    watch::acquire(&began_);
    body_(current_);
    // nothing of the emulation's is touched after this has been left
    const auto [mine, home, watched] = [this] {
      const watch::unseen hidden;
      ++finished_;
      return std::tuple(&all_[static_cast<std::size_t>(current_)].context, &home_.context, home_.watched);
    }();
    watch::release(&ended_);
    watch::switch_to(watched);
    swapcontext(mine, home);
  }

  static inline fibers* running_ = nullptr;
  std::mt19937& order_;
  const std::function<void(int)>& body_;
  std::vector<one> all_;
  std::vector<int> ready_;
  one home_;
  int current_ = 0, finished_ = 0;
  char began_ = 0, ended_ = 0;
};

}  // namespace emulator
