// Memory of a GPU: where it comes from, tensors in it, and numbers that stay there until they are read. Everything is
// ordered by streams; nothing waits but what brings numbers to the host. Needs a CUDA compiler.
#pragma once

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "../../core/tensor.hpp"
#include "gpu.hpp"

namespace fusegrad {

/// Where device memory comes from. Derive from it to bring memory of your own, a pool of RMM's for instance; what is
/// allocated on a stream may be used by work that is put on that stream later. The stream's GPU is the current one;
/// calls that are split over GPUs need memory that the others can reach.
class device_memory_resource {
 public:
  virtual ~device_memory_resource() = default;
  /// At least that many bytes, aligned to 256. Throws simt::error, and changes nothing, where there is no memory.
  virtual void* allocate(std::size_t bytes, cudaStream_t stream) = 0;
  virtual void deallocate(void* memory, std::size_t bytes, cudaStream_t stream) noexcept = 0;
};

namespace simt {
/// A pool of CUDA's for each GPU, ordered by the stream. What is freed stays in the pool; GPUs that can reach it have
/// access, as NCCL needs.
class pool_resource final : public device_memory_resource {
 public:
  void* allocate(std::size_t bytes, cudaStream_t stream) override {
    void* memory = nullptr;
    check("the allocation of device memory", cudaMallocFromPoolAsync(&memory, bytes, pool_of_current_gpu(), stream));
    return memory;
  }
  void deallocate(void* memory, std::size_t, cudaStream_t stream) noexcept override {
    if (cudaFreeAsync(memory, stream) != cudaSuccess) static_cast<void>(cudaGetLastError());
  }

 private:
  cudaMemPool_t pool_of_current_gpu() {
    int gpu = 0;
    check("asking for the current GPU", cudaGetDevice(&gpu));
    const std::lock_guard<std::mutex> guard(lock_);
    const auto found = pools_.find(gpu);
    return found != pools_.end() ? found->second : pools_[gpu] = new_pool(gpu);
  }
  static cudaMemPool_t new_pool(int gpu) {
    cudaMemPoolProps properties{};
    properties.allocType = cudaMemAllocationTypePinned;
    properties.location.type = cudaMemLocationTypeDevice;
    properties.location.id = gpu;
    cudaMemPool_t pool = nullptr;
    check("making a pool of device memory", cudaMemPoolCreate(&pool, &properties));
    std::uint64_t kept = UINT64_MAX;
    check("setting up a pool", cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &kept));
    int gpus = 0;
    check("counting GPUs", cudaGetDeviceCount(&gpus));
    for (int other = 0; other < gpus; ++other) {
      int reaches = 0;
      if (other != gpu) check("asking for peers", cudaDeviceCanAccessPeer(&reaches, other, gpu));
      if (reaches == 0) continue;
      cudaMemAccessDesc access{};
      access.location.type = cudaMemLocationTypeDevice;
      access.location.id = other;
      access.flags = cudaMemAccessFlagsProtReadWrite;
      check("giving a peer access", cudaMemPoolSetAccess(pool, &access, 1));
    }
    return pool;
  }

  std::mutex lock_;
  std::map<int, cudaMemPool_t> pools_;
};
inline device_memory_resource*& chosen_resource() {
  static device_memory_resource* chosen = new pool_resource;  // the driver may be gone before static objects are
  return chosen;
}
}  // namespace simt

/// From where tensors and calls take device memory from now on; it must outlive what was taken. Returns what was used
/// before; not to be called while other threads allocate.
inline device_memory_resource* set_device_memory_resource(device_memory_resource* resource) {
  return std::exchange(simt::chosen_resource(), resource);
}

namespace simt {

/// Bytes in device memory.
class device_buffer {
 public:
  device_buffer() = default;
  device_buffer(std::size_t bytes, const gpu_stream& where)
      : resource_(chosen_resource()), where_(where), bytes_(bytes) {
    const gpu_guard guard(where.gpu);
    if (bytes > 0) memory_ = resource_->allocate(bytes, where.stream);
  }
  device_buffer(device_buffer&& other) noexcept { swap(other); }
  device_buffer& operator=(device_buffer other) noexcept {
    swap(other);
    return *this;
  }
  ~device_buffer() {
    if (memory_ == nullptr) return;
    const gpu_guard guard(where_.gpu);
    resource_->deallocate(memory_, bytes_, where_.stream);
  }
  void* data() const { return memory_; }
  std::size_t bytes() const { return bytes_; }
  const gpu_stream& where() const { return where_; }

 private:
  void swap(device_buffer& other) noexcept {
    std::swap(resource_, other.resource_);
    std::swap(where_, other.where_);
    std::swap(memory_, other.memory_);
    std::swap(bytes_, other.bytes_);
  }
  device_memory_resource* resource_ = nullptr;
  gpu_stream where_{nullptr, 0};
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Scratch memory, for as long as a call puts its work on the stream: no other thread's may come between.
struct scratch_lease {
  std::unique_lock<std::mutex> lock;
  void* memory = nullptr;
};

/// Scratch memory of a stream: calls on it run one after another, and so may share it. It grows, so that repeated calls
/// allocate nothing, and what was given out stays: recorded graphs may use it. What must be zero is zeroed once.
inline scratch_lease stream_scratch(const gpu_stream& where, std::size_t bytes, std::size_t zeroed) {
  struct pool {
    std::mutex lock;
    std::vector<device_buffer> buffers;
  };
  struct pools {
    std::mutex lock;
    std::map<std::pair<int, unsigned long long>, pool> of;
  };
  static pools& all = *new pools;  // the driver may be gone before static objects are
  unsigned long long id = 0;       // a handle may mean a stream of each thread's, or one that is gone
  check("asking which stream this is", cudaStreamGetId(where.stream, &id));
  pool& mine = [&]() -> pool& {
    const std::lock_guard<std::mutex> guard(all.lock);
    return all.of[{where.gpu, id}];
  }();
  std::unique_lock<std::mutex> lock(mine.lock);
  if (mine.buffers.empty() || mine.buffers.back().bytes() < bytes) {
    cudaStreamCaptureStatus capturing = cudaStreamCaptureStatusNone;
    check("asking whether a stream is recorded", cudaStreamIsCapturing(where.stream, &capturing));
    if (capturing != cudaStreamCaptureStatusNone)
      detail::raise(std::logic_error(
          "fusegrad: a call that is recorded finds no scratch memory on its stream; make the call once before, or give "
          "it memory of your own with fg::cuda(stream).scratch(...)"));
    const std::size_t twice = mine.buffers.empty() ? 0 : 2 * mine.buffers.back().bytes();
    device_buffer grown(bytes > twice ? bytes : twice, where);
    check("clearing device memory", cudaMemsetAsync(grown.data(), 0, zeroed, where.stream));
    mine.buffers.push_back(std::move(grown));
  }
  return {std::move(lock), mine.buffers.back().data()};
}

/// The GPU in whose memory an address lies; -1 if every GPU reads it. Asking CUDA takes its time, so that answers are
/// remembered. Memory may have been freed and given out again since: before anything is refused, ask `anew`.
inline int gpu_holding(const void* address, bool anew) {
  struct answer {
    const void* address;
    int gpu;
  };
  static thread_local answer answers[64]{};
  answer& mine = answers[reinterpret_cast<std::uintptr_t>(address) * 0x9e3779b97f4a7c15u >> 58];
  if (anew || mine.address != address) {
    cudaPointerAttributes found{};
    check("asking where an array lies", cudaPointerGetAttributes(&found, address));
    mine = {address, found.type == cudaMemoryTypeDevice ? found.device : -1};
  }
  return mine.gpu;
}
inline bool several_gpus() {
  static const bool several = [] {
    int count = 0;
    check("counting GPUs", cudaGetDeviceCount(&count));
    return count > 1;
  }();
  return several;
}

}  // namespace simt

/// Keeps an array of the host pinned, at its place in memory, for as long as this exists: copies between it and a GPU
/// then go on while the program does other things. Pinning takes its time; pin what is copied often.
class pinned {
 public:
  template <viewable A>
  explicit pinned(A& host_array) {
    const auto v = view_of(host_array);
    static_assert(!is_device_view<std::remove_const_t<decltype(v)>>,
                  "fusegrad: only the host's memory is pinned; this array lies in a device's");
    if (!v.contiguous())
      detail::raise(std::invalid_argument("fusegrad: an array to be pinned has gaps; pin the one around it"));
    if (v.size() == 0) return;
    void* const memory = const_cast<void*>(static_cast<const void*>(v.data()));
    simt::check("pinning an array", cudaHostRegister(memory, static_cast<std::size_t>(v.size()) * sizeof(*v.data()),
                                                     cudaHostRegisterPortable));
    memory_ = memory;
  }
  pinned(const pinned&) = delete;
  pinned& operator=(const pinned&) = delete;
  ~pinned() {
    if (memory_ != nullptr && cudaHostUnregister(memory_) != cudaSuccess) static_cast<void>(cudaGetLastError());
  }

 private:
  void* memory_ = nullptr;
};

/// An owning array in device memory, of elements that lie side by side in row-major order. It belongs to the stream
/// that it is made on, and to the stream's GPU: copies and its end are ordered there.
template <storable T, int Rank>
class tensor<T, Rank, space::device> {
  static_assert(Rank >= 1 && Rank <= max_rank, "fusegrad: a tensor has rank 1 to 8; rank 0 is a number");

 public:
  using value_type = T;
  using shape_type = fusegrad::shape<Rank>;
  static constexpr int rank = Rank;

  tensor() = default;
  /// A tensor of zeros. Throws std::invalid_argument for a negative extent, simt::error where there is no memory.
  explicit tensor(const shape_type& extents, const gpu_stream& where = {})
      : tensor(extents, detail::uninitialized_t{}, where) {
    const simt::gpu_guard guard(where.gpu);
    if (size() > 0) simt::check("clearing a tensor", cudaMemsetAsync(data(), 0, memory_.bytes(), where.stream));
  }
  explicit tensor(std::integral auto extent, const gpu_stream& where = {})
    requires(Rank == 1)
      : tensor(shape_type{static_cast<std::ptrdiff_t>(extent)}, where) {}
  tensor(const shape_type& extents, detail::uninitialized_t, const gpu_stream& where = {})
      : shape_(extents), memory_(bytes_of(extents), where) {}
  tensor(const tensor& other) : tensor(other.shape_, detail::uninitialized_t{}, other.memory_.where()) {
    copy(data(), other.data());
  }
  tensor(tensor&& other) noexcept : shape_(std::exchange(other.shape_, {})), memory_(std::move(other.memory_)) {}
  tensor& operator=(tensor other) noexcept {
    std::swap(shape_, other.shape_);
    std::swap(memory_, other.memory_);
    return *this;
  }
  /// The array of a view of the host's memory, as copy_from copies it.
  template <class U>
    requires std::is_same_v<std::remove_const_t<U>, T>
  explicit tensor(const view<U, Rank>& host_array, const gpu_stream& where = {})
      : tensor(host_array.shape(), detail::uninitialized_t{}, where) {
    copy_from(host_array);
  }

  T* data() { return static_cast<T*>(memory_.data()); }
  const T* data() const { return static_cast<const T*>(memory_.data()); }
  const shape_type& shape() const { return shape_; }
  std::ptrdiff_t extent(int axis) const { return shape_[static_cast<std::size_t>(axis)]; }
  std::ptrdiff_t size() const { return element_count(shape_); }
  cudaStream_t stream() const { return memory_.where().stream; }
  const gpu_stream& where() const { return memory_.where(); }

  /// A copy in the host's memory; waits for it.
  tensor<T, Rank> to(host_space) const {
    tensor<T, Rank> made(shape_, detail::uninitialized_t{});
    copy_to(made);
    wait();
    return made;
  }
  /// Waits until everything on the stream is done, copies to the host among it.
  void wait() const {
    const simt::gpu_guard guard(where().gpu);
    simt::check("waiting for a stream", cudaStreamSynchronize(stream()));
  }
  tensor to(device_space) const { return *this; }
  /// A copy on another stream, which may be another GPU's.
  tensor to(device_space, const gpu_stream& there) const {
    tensor made(shape_, detail::uninitialized_t{}, there);
    simt::order(there, where());
    copy(made.data(), data());
    simt::order(where(), there);
    return made;
  }
  /// Copies to an array of the host without waiting; it is there when the stream has come so far.
  template <viewable A>
  void copy_to(A&& host_array) const {
    const auto v = view_of(host_array);
    check_host_array(v);
    copy(v.data(), data());
  }
  /// Copies an array of the host, which must stay as it is until the copy is done: pageable memory is read before this
  /// returns, pinned memory (fg::pinned) may be read later.
  template <viewable A>
  void copy_from(const A& host_array) {
    const auto v = view_of(host_array);
    check_host_array(v);
    copy(data(), v.data());
  }

 private:
  static std::size_t bytes_of(const shape_type& extents) {
    for (std::ptrdiff_t extent : extents)
      if (extent < 0)
        detail::raise(std::invalid_argument(
            detail::text_of("fusegrad: a tensor has the negative extent ", extent, "; extents count elements")));
    return static_cast<std::size_t>(element_count(extents)) * sizeof(T);
  }
  template <class View>
  void check_host_array(const View& v) const {
    static_assert(
        std::is_same_v<typename View::value_type, T> && View::rank == Rank && !View::on_device,
        "fusegrad: a copy between host and device needs an array of the host with the same rank and elements");
    if (v.shape() != shape_ || !v.contiguous())
      detail::raise(
          std::invalid_argument("fusegrad: a copy between host and device needs an array without gaps of shape " +
                                to_string(shape_) + ", not " + to_string(v.shape())));
  }
  /// On this tensor's stream; where the memory is, CUDA knows.
  void copy(void* to, const void* from) const {
    if (size() == 0) return;
    const simt::gpu_guard guard(where().gpu);
    simt::check("a copy of a tensor", cudaMemcpyAsync(to, from, memory_.bytes(), cudaMemcpyDefault, stream()));
  }
  shape_type shape_{};
  simt::device_buffer memory_;
};

template <class T, int Rank>
struct view_traits<tensor<T, Rank, space::device>> {
  static view<T, Rank, space::device> view_of(tensor<T, Rank, space::device>& t) { return {t.data(), t.shape()}; }
  static view<const T, Rank, space::device> view_of(const tensor<T, Rank, space::device>& t) {
    return {t.data(), t.shape()};
  }
};

/// A number in device memory, the result of a call there. It comes to the host when it is read, which waits for it:
/// convert it, or call get().
template <element T>
class device_number {
 public:
  using value_type = T;
  explicit device_number(const gpu_stream& where = {}) : memory_(sizeof(T), where) {}
  T* data() { return static_cast<T*>(memory_.data()); }
  const T* data() const { return static_cast<const T*>(memory_.data()); }
  cudaStream_t stream() const { return memory_.where().stream; }
  T get() const {
    T number{};
    const simt::gpu_guard guard(memory_.where().gpu);
    simt::check("reading a number", cudaMemcpyAsync(&number, data(), sizeof(T), cudaMemcpyDeviceToHost, stream()));
    simt::check("waiting for a number", cudaStreamSynchronize(stream()));
    return number;
  }
  operator T() const { return get(); }

 private:
  simt::device_buffer memory_;
};

/// A copy of an array of the host in device memory, ordered by the stream.
template <viewable A>
auto to(const A& array, device_space, const gpu_stream& where = {}) {
  const auto v = view_of(array);
  using type = std::remove_cvref_t<decltype(v)>;
  return tensor<typename type::value_type, type::rank, space::device>(v, where);
}

}  // namespace fusegrad
