#!/usr/bin/env bash
# nvcc 13.0: whether a __host__ __device__ template that the host alone calls may be given a vector type of GCC's depends on
# whether its body names the type.
#
# sum(x, y) is instantiated for a class that holds a float __attribute__((vector_size(16))), in host code only. With the
# body `return x + y;` it compiles. With `if constexpr (std::integral<T>) ... else return x + y;`, whose value for that
# type is the same, nvcc refuses the whole file: the class "contains a vector, which is not supported in device code",
# though no device code calls it, and though g++, the host compiler, takes both. An expert would expect both or neither.
# Seen 2026-11-30 with nvcc 13.0.88 (PyPI) and g++ 12.2:
#   sum.cu(15): error: "four" contains a vector, which is not supported in device code
# A second overload, `template <std::integral T>`, does what the condition in the body was for, and compiles.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88 \
  nvidia-cuda-runtime==13.0.88
toolkit=$(echo venv/lib/python3*/site-packages/nvidia/cu13)
"$toolkit/bin/nvcc" --version | grep release

cat > sum.cu << 'CODE'
#include <concepts>
typedef float quad __attribute__((vector_size(16)));
struct four {
  quad v;
  friend four operator+(four a, four b) { return {a.v + b.v}; }
};
#if FORM == 1
template <class T>
__host__ __device__ T sum(T x, T y) {
  return x + y;
}
#elif FORM == 2
template <class T>
__host__ __device__ T sum(T x, T y) {
  if constexpr (std::integral<T>) return static_cast<T>(static_cast<unsigned>(x) + static_cast<unsigned>(y));
  else return x + y;
}
#else
template <class T>
__host__ __device__ T sum(T x, T y) {
  return x + y;
}
template <std::integral T>
__host__ __device__ T sum(T x, T y) {
  return static_cast<T>(static_cast<unsigned>(x) + static_cast<unsigned>(y));
}
#endif
four on_the_host(four x) { return sum(x, x); }
int of_integers(int x) { return sum(x, x); }
CODE

compiles() { "$toolkit/bin/nvcc" -std=c++20 -DFORM="$1" -I "$toolkit/include" -c sum.cu -o sum.o > log 2>&1; }

compiles 1 || { cat log; echo "changed: the plain body is refused"; exit 1; }
echo "return x + y: compiles"
if compiles 2; then
  echo "changed: a body that names the type compiles"
  exit 1
fi
grep 'contains a vector' log || { cat log; echo "changed: another error"; exit 1; }
compiles 3 || { cat log; echo "changed: two overloads are refused"; exit 1; }
echo "two overloads: compile"
