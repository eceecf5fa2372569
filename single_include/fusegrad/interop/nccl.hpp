// Calls that are split over several GPUs of a machine by rows: each computes its own, and NCCL adds up what is a sum
// over all of them. Include it in files that nvcc compiles, and link the library nccl. Works with the single header as
// well.
#pragma once

#include <nccl.h>
#include <fusegrad/fusegrad.hpp>

#include <vector>

namespace fusegrad {

/// An array whose rows, along the first axis, are divided among the GPUs of a group.
template <storable T, int Rank>
struct split_tensor {
  std::vector<tensor<T, Rank, space::device>> parts;

  std::ptrdiff_t rows() const {
    std::ptrdiff_t sum = 0;
    for (const auto& part : parts) sum += part.extent(0);
    return sum;
  }
  /// All rows in the host's memory; waits for them.
  tensor<T, Rank> to(host_space) const {
    shape<Rank> extents = parts.front().shape();
    extents[0] = rows();
    tensor<T, Rank> made(extents, detail::uninitialized_t{});
    T* next = made.data();
    for (const auto& part : parts) {
      part.copy_to(view<T, Rank>(next, part.shape()));
      next += part.size();
    }
    for (const auto& part : parts) part.wait();
    return made;
  }
};

/// An array of which each GPU of a group has a copy.
template <storable T, int Rank>
struct shared_tensor {
  std::vector<tensor<T, Rank, space::device>> copies;
  tensor<T, Rank> to(host_space) const { return copies.front().to(host); }
};

namespace detail {

inline void check_nccl(const char* doing, ncclResult_t code) {
  if (code != ncclSuccess)
    raise(std::runtime_error(text_of("fusegrad: ", doing, " failed: ", ncclGetErrorString(code))));
}
template <storable T>
inline constexpr ncclDataType_t nccl_type = [] {
  if constexpr (std::is_same_v<T, float>) return ncclFloat32;
  else if constexpr (std::is_same_v<T, double>) return ncclFloat64;
  else if constexpr (std::is_same_v<T, half>) return ncclFloat16;
  else if constexpr (std::is_same_v<T, bfloat16>) return ncclBfloat16;
  else if constexpr (sizeof(T) == 4) return ncclInt32;
  else return ncclInt64;
}();

/// An argument of a call that is split, and what one GPU has of it.
template <class A>
struct split_argument {
  static_assert(element<A>,
                "fusegrad: a call on several GPUs takes numbers and arrays that split() and share() of the group made");
  using type = A;
  static constexpr int rank = 0;
  static const A& on(const A& a, std::size_t) { return a; }
};
template <storable T, int Rank>
struct split_argument<split_tensor<T, Rank>> {
  using type = tensor<T, Rank, space::device>;
  static constexpr int rank = Rank;
  static const type& on(const split_tensor<T, Rank>& a, std::size_t gpu) { return a.parts[gpu]; }
};
template <storable T, int Rank>
struct split_argument<shared_tensor<T, Rank>> {
  using type = tensor<T, Rank, space::device>;
  static constexpr int rank = 0;
  static const type& on(const shared_tensor<T, Rank>& a, std::size_t gpu) { return a.copies[gpu]; }
};

/// Result K of a call.
template <std::size_t K, class R>
auto& result_of(R& made) {
  if constexpr (is_results<R>) return get<K>(made);
  else return made;
}

}  // namespace detail

/// GPUs of this machine that share calls. They work on their default streams; nothing waits for them but what brings
/// results to the host.
class gpu_group {
 public:
  gpu_group() : gpu_group(every_gpu()) {}
  explicit gpu_group(std::vector<int> gpus) : gpus_(std::move(gpus)), members_(gpus_.size()) {
    detail::check_nccl("joining GPUs", ncclCommInitAll(members_.data(), static_cast<int>(gpus_.size()), gpus_.data()));
  }
  gpu_group(const gpu_group&) = delete;
  gpu_group& operator=(const gpu_group&) = delete;
  ~gpu_group() {
    for (ncclComm_t member : members_) static_cast<void>(ncclCommDestroy(member));
  }
  std::size_t size() const { return gpus_.size(); }

  /// The rows of an array of the host, about as many on each GPU.
  template <viewable A>
  auto split(const A& host_array) const {
    const auto v = view_of(host_array);
    using from = std::remove_cvref_t<decltype(v)>;
    const std::ptrdiff_t rows = v.extent(0), gpus = static_cast<std::ptrdiff_t>(size());
    if (rows < gpus)
      detail::raise(std::invalid_argument(
          detail::text_of("fusegrad: ", rows, " rows cannot be divided among ", gpus, " GPUs; make a group of fewer")));
    split_tensor<typename from::value_type, from::rank> made;
    for (std::ptrdiff_t k = 0; k < gpus; ++k) {
      const std::ptrdiff_t first = rows * k / gpus;
      shape<from::rank> extents = v.shape();
      extents[0] = rows * (k + 1) / gpus - first;
      made.parts.push_back(fusegrad::to(from(v.data() + first * v.strides()[0], extents, v.strides()), device, on(k)));
    }
    return made;
  }
  /// A copy of an array of the host on each GPU.
  template <viewable A>
  auto share(const A& host_array) const {
    using from = std::remove_cvref_t<decltype(view_of(host_array))>;
    shared_tensor<typename from::value_type, from::rank> made;
    for (std::size_t k = 0; k < size(); ++k) made.copies.push_back(fusegrad::to(host_array, device, on(k)));
    return made;
  }

  /// The call t(args...), in which each GPU computes its rows of the split arguments. What is a sum or a mean over
  /// rows, a loss and the gradients of shared arguments, is added up: all GPUs have it, the same bits. Results are
  /// split_tensors of rows, shared_tensors, and device_numbers on the first GPU.
  template <class T, class... A>
  auto run(const T& t, const A&... args) const {
    using X = detail::executable_of<T, typename detail::split_argument<A>::type...>;
    constexpr auto facts = facts_of<X, A...>();
    std::ptrdiff_t rows = -1;
    (check_rows(args, rows), ...);
    using made_type = decltype(t.on(on(0))(detail::split_argument<A>::on(args, 0)...));
    std::vector<made_type> made;
    made.reserve(size());
    for (std::size_t k = 0; k < size(); ++k) {
      cuda_executor where = on(k);
      where.rows = {facts.axis, rows};
      made.push_back(t.on(where)(detail::split_argument<A>::on(args, k)...));
    }
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      detail::check_nccl("adding up over GPUs", ncclGroupStart());
      (add_up<K, facts.of[K]>(made), ...);
      detail::check_nccl("adding up over GPUs", ncclGroupEnd());
      if constexpr (sizeof...(K) == 1) return together<0, facts.of[0]>(made);
      else return outputs(together<K, facts.of[K]>(made)...);
    }(std::make_index_sequence<static_cast<std::size_t>(X::result_count)>{});
  }

 private:
  static std::vector<int> every_gpu() {
    int count = 0;
    simt::check("counting GPUs", cudaGetDeviceCount(&count));
    std::vector<int> all(static_cast<std::size_t>(count));
    for (int k = 0; k < count; ++k) all[static_cast<std::size_t>(k)] = k;
    return all;
  }
  cuda_executor on(auto k) const { return cuda(gpus_[static_cast<std::size_t>(k)]); }

  template <class X, class... A>
  static constexpr auto facts_of() {
    constexpr int ranks[X::argument_count]{detail::split_argument<A>::rank...};
    constexpr auto facts = detail::split_of<X>(ranks);
    static_assert(facts.axis != 0, "fusegrad: no argument is split; call the function on one GPU");
    static_assert(
        X::program.window_count == 0,
        "fusegrad: a call on several GPUs neither joins, pads or repeats arrays, nor has gradients with respect "
        "to one of which the function takes slices; pass the slices as arguments");
    constexpr bool possible = [&] {
      for (passes::possession p : facts.of)
        if (p == passes::possession::nothing) return false;
      return true;
    }();
    static_assert(possible,
                  "fusegrad: a call is split by rows where each result belongs to a row or is a sum or mean over rows; "
                  "here a result combines rows in another way");
    return facts;
  }

  template <class A>
  static void check_rows(const A& a, std::ptrdiff_t& rows) {
    if constexpr (detail::split_argument<A>::rank > 0) {
      if (rows >= 0 && a.rows() != rows)
        detail::raise(std::invalid_argument(
            detail::text_of("fusegrad: split arguments have ", rows, " and ", a.rows(), " rows; they need as many")));
      rows = a.rows();
    }
  }

  template <std::size_t K, passes::possession P, class Made>
  void add_up(std::vector<Made>& made) const {
    if constexpr (P == passes::possession::summand)
      for (std::size_t k = 0; k < size(); ++k) {
        auto& mine = detail::result_of<K>(made[k]);
        using type = typename std::remove_cvref_t<decltype(mine)>::value_type;
        std::size_t count = 1;
        if constexpr (requires { mine.size(); }) count = static_cast<std::size_t>(mine.size());
        detail::check_nccl("adding up over GPUs",
                           ncclAllReduce(mine.data(), mine.data(), count, detail::nccl_type<type>, ncclSum, members_[k],
                                         mine.stream()));
      }
  }
  template <std::size_t K, passes::possession P, class Made>
  static auto together(std::vector<Made>& made) {
    using type = std::remove_cvref_t<decltype(detail::result_of<K>(made[0]))>;
    if constexpr (requires { type::rank; }) {
      std::vector<type> on_each;
      for (Made& m : made) on_each.push_back(std::move(detail::result_of<K>(m)));
      if constexpr (P == passes::possession::rows)
        return split_tensor<typename type::value_type, type::rank>{std::move(on_each)};
      else return shared_tensor<typename type::value_type, type::rank>{std::move(on_each)};
    } else {
      return std::move(detail::result_of<K>(made[0]));
    }
  }

  std::vector<int> gpus_;
  std::vector<ncclComm_t> members_;
};

}  // namespace fusegrad
