#include "runtime.hpp"

#include <cstdlib>
#include <cstring>

namespace {

struct piece {
  std::size_t bytes;
  int gpu;
};
struct state {
  runtime::record record;
  std::map<std::string, cudaError_t> failing;
  std::map<const char*, piece> pieces;
  std::map<const void*, std::size_t> shared_bytes;  ///< what a kernel may have, where it was asked for
  std::vector<int> gpu_of_stream;
  cudaError_t last_error = cudaSuccess;
  cudaStream_t recorded = nullptr;
  int gpus = 1, current = 0;
};
state& all() {
  static state s;
  return s;
}

cudaError_t called(const char* name) {
  state& s = all();
  ++s.record.calls[name];
  const auto found = s.failing.find(name);
  if (found == s.failing.end()) return cudaSuccess;
  return s.last_error = found->second;
}
int gpu_of(cudaStream_t stream) {
  const auto number = reinterpret_cast<std::size_t>(stream);
  return number == 0 ? all().current : all().gpu_of_stream.at(number - 1);
}
const piece* piece_at(const void* address) {
  state& s = all();
  const auto* const p = static_cast<const char*>(address);
  auto next = s.pieces.upper_bound(p);
  if (next == s.pieces.begin()) return nullptr;
  --next;
  return p < next->first + next->second.bytes ? &next->second : nullptr;
}

}  // namespace

namespace runtime {

record taken() {
  record r = std::move(all().record);
  all().record = {};
  return r;
}
void fail(const std::string& name, cudaError_t code) {
  if (code == cudaSuccess) all().failing.erase(name);
  else all().failing[name] = code;
}
void set_gpus(int count) { all().gpus = count; }
cudaStream_t new_stream(int gpu) {
  all().gpu_of_stream.push_back(gpu);
  return reinterpret_cast<cudaStream_t>(all().gpu_of_stream.size());
}
void begin_recording(cudaStream_t stream) { all().recorded = stream; }
int pieces() { return static_cast<int>(all().pieces.size()); }

}  // namespace runtime

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  *count = all().gpus;
  return called("cudaGetDeviceCount");
}
cudaError_t cudaGetDevice(int* gpu) {
  *gpu = all().current;
  return called("cudaGetDevice");
}
cudaError_t cudaSetDevice(int gpu) {
  if (gpu < 0 || gpu >= all().gpus) return cudaErrorInvalidDevice;
  all().current = gpu;
  return called("cudaSetDevice");
}
cudaError_t cudaStreamGetDevice(cudaStream_t stream, int* gpu) {
  *gpu = gpu_of(stream);
  return called("cudaStreamGetDevice");
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  *value = attribute == cudaDevAttrMultiProcessorCount ? 132 : 227 << 10;
  return called("cudaDeviceGetAttribute");
}
cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps* properties) {
  *pool = reinterpret_cast<cudaMemPool_t>(static_cast<std::size_t>(properties->location.id) + 1);
  return called("cudaMemPoolCreate");
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) { return called("cudaMemPoolSetAttribute"); }
cudaError_t cudaMemPoolSetAccess(cudaMemPool_t, const cudaMemAccessDesc*, std::size_t) {
  return called("cudaMemPoolSetAccess");
}
cudaError_t cudaDeviceCanAccessPeer(int* can, int, int) {
  *can = 1;
  return called("cudaDeviceCanAccessPeer");
}
cudaError_t cudaMallocFromPoolAsync(void** memory, std::size_t bytes, cudaMemPool_t pool, cudaStream_t stream) {
  if (const cudaError_t code = called("cudaMallocFromPoolAsync"); code != cudaSuccess) return code;
  const int gpu = static_cast<int>(reinterpret_cast<std::size_t>(pool)) - 1;
  if (gpu != gpu_of(stream)) return cudaErrorInvalidValue;
  *memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  all().pieces[static_cast<char*>(*memory)] = {bytes, gpu};
  return cudaSuccess;
}
cudaError_t cudaFreeAsync(void* memory, cudaStream_t) {
  if (all().pieces.erase(static_cast<char*>(memory)) != 1) return cudaErrorInvalidValue;
  std::free(memory);
  return called("cudaFreeAsync");
}
cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t bytes, cudaStream_t) {
  std::memset(memory, value, bytes);
  return called("cudaMemsetAsync");
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind, cudaStream_t) {
  std::memcpy(to, from, bytes);
  return called("cudaMemcpyAsync");
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* found, const void* address) {
  *found = {};
  if (const piece* const p = piece_at(address)) {
    found->type = cudaMemoryTypeDevice;
    found->device = p->gpu;
  }
  return called("cudaPointerGetAttributes");
}
cudaError_t cudaStreamSynchronize(cudaStream_t) { return called("cudaStreamSynchronize"); }
cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned) { return called("cudaStreamWaitEvent"); }
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = reinterpret_cast<cudaEvent_t>(1);
  return called("cudaEventCreateWithFlags");
}
cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t) { return called("cudaEventRecord"); }
cudaError_t cudaEventDestroy(cudaEvent_t) { return called("cudaEventDestroy"); }
cudaError_t cudaHostRegister(void*, std::size_t, unsigned) { return called("cudaHostRegister"); }
cudaError_t cudaHostUnregister(void*) { return called("cudaHostUnregister"); }
const char* cudaGetErrorName(cudaError_t code) {
  return code == cudaErrorMemoryAllocation ? "cudaErrorMemoryAllocation" : "cudaErrorOfSomeKind";
}
const char* cudaGetErrorString(cudaError_t) { return "as asked for"; }
cudaError_t cudaGetLastError() {
  const cudaError_t code = all().last_error;
  all().last_error = cudaSuccess;
  return code;
}
cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  if (attribute == cudaFuncAttributeMaxDynamicSharedMemorySize)
    all().shared_bytes[kernel] = static_cast<std::size_t>(value);
  return called("cudaFuncSetAttribute");
}

cudaError_t cudaStreamGetId(cudaStream_t stream, unsigned long long* id) {
  *id = reinterpret_cast<std::size_t>(stream);
  return called("cudaStreamGetId");
}
cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  *status = stream != nullptr && stream == all().recorded ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
  return called("cudaStreamIsCapturing");
}
cudaError_t cudaLaunchKernel(const void* kernel, dim3 grid, dim3 block, void**, std::size_t shared_bytes,
                             cudaStream_t stream) {
  state& s = all();
  cudaError_t code = called("cudaLaunchKernel");
  --s.record.calls["cudaLaunchKernel"];
  const auto asked = s.shared_bytes.find(kernel);
  const std::size_t may = asked == s.shared_bytes.end() ? (48 << 10) - 512 : asked->second;
  if (grid.x == 0 || block.x == 0 || block.x > 1024 || shared_bytes > may || may > (227 << 10) - 512 ||
      gpu_of(stream) != s.current)
    code = cudaErrorInvalidValue;
  if (code == cudaSuccess) s.record.launches.push_back({grid, block, shared_bytes, stream, s.current, kernel});
  return code;
}

// What nvcc writes for kernels, whose stubs are not called.
unsigned __cudaPushCallConfiguration(dim3, dim3, std::size_t, CUstream_st*) { return 1; }
cudaError_t __cudaPopCallConfiguration(dim3*, dim3*, std::size_t*, void*) { return cudaErrorNotSupported; }
cudaError_t __cudaGetKernel(cudaKernel_t*, const void*) { return cudaErrorNotSupported; }
cudaError_t __cudaLaunchKernel(cudaKernel_t, dim3, dim3, void**, std::size_t, cudaStream_t) {
  return cudaErrorNotSupported;
}
void** __cudaRegisterFatBinary(void*) {
  static void* handle;
  return &handle;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) { return 1; }
void __cudaRegisterFunction(void**, const char*, char*, const char*, int, uint3*, uint3*, dim3*, dim3*, int*) {}
void __cudaRegisterVar(void**, char*, char*, const char*, int, std::size_t, int, int) {}

}  // extern "C"
