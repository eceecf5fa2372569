// Calls whose arrays lie in device memory. Everything is checked before anything runs; nothing waits for the device but
// numbers that the caller wants on the host. Needs a CUDA compiler.
#pragma once

#include "../backend/cuda/memory.hpp"
#include "device.hpp"
#include "plan.hpp"
#include "transforms.hpp"

namespace fusegrad {

/// Where a call runs: on a stream of a GPU.
struct cuda_executor : gpu_stream {
  using gpu_stream::gpu_stream;
  void* memory = nullptr;  ///< scratch memory of the caller's
  std::size_t bytes = 0;
  simt::all_rows rows;  ///< of a call that is split over several GPUs

  /// The same with scratch memory of the caller's, aligned to 16 bytes, of which `fg::plan(t, args...).scratch_bytes`
  /// are enough; it may be used again when the call has run. Without it, a stream keeps some for its calls.
  cuda_executor scratch(void* own_memory, std::size_t own_bytes) const {
    cuda_executor made = *this;
    made.memory = own_memory;
    made.bytes = own_bytes;
    return made;
  }
};
/// A stream, on its own GPU: `t.on(fg::cuda(stream)).into(...)(...)`, `fg::to(x, fg::device, fg::cuda(stream))`.
/// Without it, calls run on the default stream of the current GPU.
inline cuda_executor cuda(cudaStream_t stream = nullptr) { return {stream}; }
/// The default stream of a GPU.
inline cuda_executor cuda(int gpu) { return {nullptr, gpu}; }

namespace detail {
template <class D>
simt::function<D> function_on_device(D) {
  return {};
}
}  // namespace detail

/// A transform of a function of numbers for device code: call it in a kernel of your own, or give it to an algorithm of
/// Thrust. `fg::device_function<float, float>(fg::grad<0>(f))` takes two floats; several results come as r[0], r[1],
/// ... The function may capture nothing.
template <element... A, class T>
auto device_function(const T&) {
  using X = detail::executable_of<T, A...>;
  return detail::function_on_device(detail::device_executable_of<X>());
}
namespace detail {

inline cuda_executor place_of(sequential_executor) { return {}; }
inline cuda_executor place_of(cuda_executor executor) { return executor; }
template <class Executor>
cuda_executor place_of(Executor) {
  static_assert(std::is_void_v<Executor>, "fusegrad: arrays in device memory run on fg::cuda(stream)");
  return {};
}

inline simt::gpu_limits limits_of(int gpu) {
  int multiprocessors = 0, shared_bytes = 0;
  simt::check("asking for the number of multiprocessors",
              cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, gpu));
  simt::check("asking for the size of shared memory",
              cudaDeviceGetAttribute(&shared_bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, gpu));
  return {multiprocessors, shared_bytes - simt::shared_bytes_of_block};
}

template <class X, class D, class Inputs>
plan_facts facts_on_device(D, const typename X::table& table, const Inputs& inputs) {
  plan_facts facts = facts_of<D>(0, D::schedule.kernel_count);
  facts.scratch_bytes = scratch_of_call<X>(D{}, table, inputs, limits_of(simt::gpu_of(nullptr))).bytes();
  return facts;
}

/// Scratch memory for a call of D: the caller's, or else the stream's.
template <class D>
simt::scratch_lease scratch_for(D, const cuda_executor& where, std::size_t bytes) {
  using execution = simt::execution<D, results<>, results<>>;
  if (where.memory == nullptr) return simt::stream_scratch(where, bytes, execution::zeroed_bytes);
  check_scratch(where.memory, where.bytes, bytes);
  if constexpr (execution::counts_blocks)
    simt::check("clearing scratch memory", cudaMemsetAsync(where.memory, 0, execution::zeroed_bytes, where.stream));
  return {{}, where.memory};
}

/// Launches the kernels of D, whose type comes as an object, by deduction: see ir/code.hpp. Numbers for which there is
/// no place in device memory get one in the scratch memory, which is the call's until it lets go of the lease; if it
/// has none yet, it is taken here.
template <class D, std::size_t Numbers, class Inputs, class Outputs>
void launch_on_device(D, const cuda_executor& where, const Inputs& inputs, const Outputs& outputs,
                      void* (&numbers)[Numbers], simt::scratch_lease& scratch) {
  const simt::gpu_limits limits = limits_of(where.gpu);
  simt::execution<D, Inputs, Outputs> execution(inputs, outputs, limits, where.rows);
  if (scratch.memory == nullptr) scratch = scratch_for(D{}, where, scratch_bytes(execution, Numbers));
  for (std::size_t k = 0; k < Numbers; ++k)
    if (numbers[k] == nullptr)
      numbers[k] = static_cast<unsigned char*>(scratch.memory) + execution.scratch_bytes() + 8 * k;
  simt::gpu gpu(where.stream, limits.shared_bytes);
  execution.run(gpu, scratch.memory, numbers);
}

/// What is returned for output K: a tensor or a number, both in device memory.
template <class X, int K>
auto new_device_output(const typename X::table& table, const gpu_stream& where) {
  using type = typename X::template output_element<K>;
  if constexpr (X::template output_rank<K> > 0)
    return tensor<type, X::template output_rank<K>, space::device>(output_shape<X, K>(table), uninitialized_t{}, where);
  else return device_number<type>(where);
}

template <class T>
inline constexpr bool is_device_number = false;
template <class T>
inline constexpr bool is_device_number<device_number<T>> = true;

template <class Out>
auto device_target(Out& out) {
  if constexpr (viewable<Out>) return fusegrad::view_of(out);
  else return 0;
}

template <class X>
struct device_calls {
  template <class... B>
  static plan_facts run_returning(plans_only, const B&... bound) {
    const results<B...> inputs{{{bound}...}};
    typename X::table table = table_of<X>(inputs);
    check_inputs<X>(table);
    return facts_on_device<X>(device_executable_of<X>(), table, inputs);
  }
  template <class Executor, class... B>
  static auto run_returning(Executor executor, const B&... bound) {
    const cuda_executor where = place_of(executor);
    const results<const B&...> inputs{{{bound}...}};
    typename X::table table = table_of<X>(inputs);
    check_inputs<X>(table);
    check_place(where, results<>{}, bound...);
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      results<decltype(new_device_output<X, K>(table, where))...> made{{{new_device_output<X, K>(table, where)}...}};
      run(where, table, made, std::index_sequence<K...>{}, bound...);
      if constexpr (sizeof...(K) == 1) return std::move(get<0>(made));
      else return made;
    }(std::make_index_sequence<static_cast<std::size_t>(X::result_count)>{});
  }

  template <class Executor, class... Out, class... B>
  static void run_into(Executor executor, const results<Out&...>& out, const B&... bound) {
    static_assert(sizeof...(Out) == static_cast<std::size_t>(X::result_count),
                  "fusegrad: into() takes one output for each result: the value, then the gradients");
    const cuda_executor where = place_of(executor);
    const results<const B&...> inputs{{{bound}...}};
    typename X::table table = table_of<X>(inputs);
    enter_outputs<X>(table, out);
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (check_type<K, std::remove_reference_t<Out>>(), ...);
      using D = decltype(device_executable_of<X>(element_types(element_type_in<X, K, std::remove_cvref_t<Out>>()...)));
      check_call<X, rules_on_device<X, D>>(table);
      check_place(where, out, bound...);
      run(where, table, out, std::index_sequence<K...>{}, bound...);
    }(std::index_sequence_for<Out...>{});
  }

 private:
  /// Where something lies in device memory; null if nowhere there.
  template <class A>
  static const void* address_of(A& a) {
    if constexpr (is_device_number<std::remove_const_t<A>>) {
      return a.data();
    } else if constexpr (viewable<A>) {
      const auto v = fusegrad::view_of(a);
      return v.size() > 0 ? v.data() : nullptr;
    } else {
      return nullptr;
    }
  }
  /// Where there are several GPUs, everything must lie on the one that the call runs on.
  template <class... Out, class... B>
  static void check_place(const gpu_stream& where, const results<Out&...>& out, const B&... bound) {
    if (!simt::several_gpus()) return;
    const auto holding = [](const void* address, bool anew) {
      return address == nullptr ? -1 : simt::gpu_holding(address, anew);
    };
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      bool here = true;
      for (const void* address : {address_of(bound)..., address_of(get<K>(out))...})
        if (const int gpu = holding(address, false); gpu >= 0 && gpu != where.gpu) here = false;
      if (here) return;
      const int lies_on[]{holding(address_of(bound), true)..., holding(address_of(get<K>(out)), true)...};
      check_gpus(where.gpu, lies_on, sizeof...(B), sizeof...(Out));
    }(std::index_sequence_for<Out...>{});
  }

  template <std::size_t K, class Out>
  static constexpr void check_type() {
    if constexpr (is_device_number<Out>) {
      static_assert(X::template output_rank<static_cast<int>(K)> == 0,
                    "fusegrad: this output is an array; pass something that can be viewed as one");
      static_assert(std::is_same_v<typename Out::value_type, typename X::template output_element<static_cast<int>(K)>>,
                    "fusegrad: an output's element type differs from that of the result");
    } else {
      check_output_type<X, K, Out>();
      if constexpr (viewable<Out>)
        static_assert(
            is_device_view<std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<Out&>()))>>,
            "fusegrad: an output array lies in the host's memory, the arguments in a device's; write to a tensor "
            "of Space fg::device");
      else
        static_assert(std::is_same_v<Out, typename X::template output_element<static_cast<int>(K)>>,
                      "fusegrad: a number comes from a device as it is; pass a variable of the result's type");
    }
  }

  template <class Out>
  static void* number_target(Out& out) {
    if constexpr (is_device_number<std::remove_const_t<Out>>) return out.data();
    else return nullptr;
  }

  /// Runs, and brings numbers that the caller wants on the host there.
  template <class Made, std::size_t... K, class... B>
  static void run(const cuda_executor& where, const typename X::table& table, Made& made, std::index_sequence<K...>,
                  const B&... bound) {
    using D = decltype(device_executable_of<X>(
        element_types(element_type_in<X, K, std::remove_cvref_t<decltype(get<K>(made))>>()...)));
    const results<B...> inputs{{{bound}...}};
    results<decltype(device_target(get<K>(made)))...> outputs{{{device_target(get<K>(made))}...}};
    const simt::gpu_guard guard(where.gpu);
    void* numbers[]{number_target(get<K>(made))...};
    static_assert(D::schedule.kernel_count > 0,
                  "fusegrad: no result of this function depends on elements; call it with numbers");
    {
      simt::scratch_lease lease;
      if constexpr (X::program.window_count > 0) {
        const call_scratch needed = scratch_of_call<X>(D{}, table, inputs, limits_of(where.gpu));
        lease = scratch_for(D{}, where, needed.bytes());
        const auto memory = [&](std::size_t, std::size_t zeros) {
          unsigned char* const all = static_cast<unsigned char*>(lease.memory) + needed.window_offset();
          if (zeros > 0) simt::check("clearing scratch memory", cudaMemsetAsync(all, 0, zeros, where.stream));
          return all;
        };
        with_windows<X, space::device>(table, memory, [&](const auto& arrays, const auto& windows) {
          launch_on_device(D{}, where, joined(inputs, arrays), joined(outputs, windows), numbers, lease);
        });
      } else {
        launch_on_device(D{}, where, inputs, outputs, numbers, lease);
      }
      (bring_number(where.stream, get<K>(made), numbers[K]), ...);
    }
    if constexpr ((element<std::remove_cvref_t<decltype(get<K>(made))>> || ...))
      simt::check("waiting for numbers", cudaStreamSynchronize(where.stream));
  }
  template <class Out>
  static void bring_number(cudaStream_t stream, Out& out, const void* from) {
    if constexpr (element<std::remove_cvref_t<Out>>)
      simt::check("reading a number", cudaMemcpyAsync(&out, from, sizeof(Out), cudaMemcpyDeviceToHost, stream));
  }
};

}  // namespace detail
}  // namespace fusegrad
