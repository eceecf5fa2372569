#!/usr/bin/env bash
# g++ 12.2: a function that moves sums of floats to sums of doubles, which lie behind them in the same memory, is
# believed to have no effect; its calls are dropped at -O1, and in larger programs at -O2.
#
# The function adds n floats to n doubles at an address computed from that of the floats, and clears the floats. It is
# valid: memory from calloc, each object reached by its own type. Induction variable optimisation serves both arrays by
# one variable, so that the doubles are reached by an address without a base (`MEM[(double *)0B + ...]` in
# -fdump-tree-local-pure-const2); the search for pure functions takes that for an access through a null pointer
# ("NULL memory access; terminating BB"), and the function for `const`. -fno-strict-aliasing, and -fno-ipa-pure-const or
# -fno-ipa-modref alone, make no difference; both together do, and so does -fno-ivopts. Inlined, it works: it takes a
# `noinline`, or a caller to which the call seems too large. An expert would expect no compiler to drop stores.
# Seen 2026-12-01 with g++ 12.2.0 (Debian 12.2.0-14+deb12u1), not with 11.3.0 (Debian 11.3.0-12); at -O1:
#   12.2: 0 0 0 0 in the doubles, 1 2 3 4 left in the floats; 11.3: 1 2 3 4 and 0 0 0 0
# Needs Debian 12's apt, binutils and libc6-dev.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
bring() {
  apt-get download -q "$1" > download.log 2>&1 || { cat download.log && exit 1; }
}
for release in 12=12.2.0-14+deb12u1 11=11.3.0-12; do
  for package in cpp gcc g++; do bring "$package-$release"; done
  for package in libgcc libstdc++; do bring "$package-${release/=/-dev=}"; done
done
for package in *.deb; do dpkg -x "$package" tools; done

cat > sums.cpp << 'CODE'
#include <cstddef>
#include <cstdio>
#include <cstdlib>

static std::size_t bytes_of_floats(std::size_t n) { return (n * sizeof(float) + 63) / 64 * 64; }

__attribute__((noinline)) static void move_to_doubles(float* sums, std::size_t n) {
  double* const to = reinterpret_cast<double*>(reinterpret_cast<unsigned char*>(sums) + bytes_of_floats(n));
  for (std::size_t i = 0; i < n; ++i) {
    to[i] += static_cast<double>(sums[i]);
    sums[i] = 0;
  }
}

int main() {
  const std::size_t n = 4;
  unsigned char* const memory = static_cast<unsigned char*>(std::calloc(1, bytes_of_floats(n) + n * sizeof(double)));
  float* const sums = reinterpret_cast<float*>(memory);
  const double* const wide = reinterpret_cast<const double*>(memory + bytes_of_floats(n));
  for (std::size_t i = 0; i < n; ++i) sums[i] = static_cast<float>(i + 1);
  move_to_doubles(sums, n);
  for (std::size_t i = 0; i < n; ++i) std::printf("%g ", wide[i]);
  for (std::size_t i = 0; i < n; ++i) std::printf("%g ", static_cast<double>(sums[i]));
}
CODE

seen() {
  "tools/usr/bin/g++-$1" "${@:2}" sums.cpp -o sums
  ./sums
}
expect() {
  local found
  found=$(seen "${@:2}" | sed "s| $||")
  printf 'g++-%s: %s\n' "${*:2}" "$found"
  if [ "$found" != "$1" ]; then
    echo "the behaviour has changed: expected $1"
    exit 1
  fi
}
tools/usr/bin/g++-12 --version | head -1
tools/usr/bin/g++-11 --version | head -1
right="1 2 3 4 0 0 0 0" wrong="0 0 0 0 1 2 3 4"
expect "$right" 12 -O0
expect "$wrong" 12 -O1
expect "$wrong" 12 -O1 -fno-strict-aliasing
expect "$wrong" 12 -O1 -fno-ipa-pure-const
expect "$wrong" 12 -O1 -fno-ipa-modref
expect "$right" 12 -O1 -fno-ipa-pure-const -fno-ipa-modref
expect "$right" 12 -O1 -fno-ivopts
expect "$right" 11 -O1
