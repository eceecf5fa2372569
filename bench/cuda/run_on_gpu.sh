#!/usr/bin/env bash
# What can only be done where there is a GPU: the tests, three times under compute-sanitizer, then the benchmarks, whose
# hand-written kernels are compared with the CPU first, and the peers that are installed. Results go to the folder given,
# by default bench/results/gpu. FUSEGRAD_ARCH is the GPU's, by default native.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-bench/results/gpu}
mkdir -p "$out" build/gpu
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv | tee "$out/device.txt"
date -u +%F | tee -a "$out/device.txt"
flags=(-std=c++20 -O3 "-arch=${FUSEGRAD_ARCH:-native}" -I include)
nvcc "${flags[@]}" -lineinfo -o build/gpu/check tests/cuda/gpu_check.cu
nvcc "${flags[@]}" -o build/gpu/bench bench/cuda/bench.cu
build/gpu/check | tee "$out/check.txt"
if nvcc "${flags[@]}" -o build/gpu/nccl_check tests/cuda/nccl_check.cu -lnccl; then
  build/gpu/nccl_check | tee "$out/nccl_check.txt"
else
  echo "NCCL is not found: calls on several GPUs were not checked" | tee "$out/nccl_check.txt"
fi
for tool in memcheck racecheck initcheck; do
  compute-sanitizer --tool "$tool" --error-exitcode 1 build/gpu/check 1 2>&1 | tail -n 3 | tee "$out/$tool.txt"
done
build/gpu/bench --check | tee "$out/hand_check.txt"
compute-sanitizer --error-exitcode 1 build/gpu/bench --check 2>&1 | tail -n 3 | tee "$out/hand_memcheck.txt"
build/gpu/bench | tee "$out/fused.tsv"
python3 bench/cuda/peers.py | tee "$out/peers.tsv"
