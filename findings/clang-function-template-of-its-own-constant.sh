#!/usr/bin/env bash
# clang: a constexpr function whose address a constant holds cannot be called through that constant, in a constant
# expression, if it is a template and its body names the constant.
#
# A table of functions, `info<Op>`, holds the address of `Op::simplify`, which compares with &info<Op>, as passes of
# compilers do. Where simplify takes `box& b`, static_assert(info<Op>.simplify(b) == 6) holds. Where it takes `auto& b`,
# the same specialization by the same pointer, clang says that the expression is no constant: the body was not
# instantiated when the constant was, and is not later, when it is called. Where the body does not name the constant the
# template is called. g++ 12.2 takes all three. An expert would expect no difference.
# Seen 2026-11-30 with clang 18.1.6 (ziglang 0.13.0 from PyPI), also with Debian's clang 14.0.6 and 19.1.7:
#   error: static assertion expression is not an integral constant expression
#   note: undefined function 'simplify<box>' cannot be used in a constant expression
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export ZIG_GLOBAL_CACHE_DIR="$folder/cache" ZIG_LOCAL_CACHE_DIR="$folder/cache"
python3 -m venv venv
venv/bin/pip install --quiet ziglang==0.13.0
clang() { venv/bin/python -m ziglang c++ "$@"; }
clang --version | head -1

cat > table.cpp << 'CODE'
struct box {
  int value;
};
struct table {
  int (*simplify)(box&);
};
template <class Op>
inline constexpr table info = {.simplify = &Op::simplify};
struct twice {
#if FORM == 1
  static constexpr int simplify(box& b) { return &info<twice> == nullptr ? 0 : 2 * b.value; }
#elif FORM == 2
  static constexpr int simplify(auto& b) { return &info<twice> == nullptr ? 0 : 2 * b.value; }
#else
  static constexpr int simplify(auto& b) { return 2 * b.value; }
#endif
};
constexpr int six() {
  box b{3};
  return info<twice>.simplify(b);
}
static_assert(six() == 6);
CODE

compiles() { clang -std=c++20 -w -DFORM="$1" -c table.cpp -o table.o > log 2>&1; }

compiles 1 || { cat log; echo "changed: the function that is no template is refused"; exit 1; }
echo "no template: a constant"
if compiles 2; then
  echo "changed: the template that names the constant is called"
  exit 1
fi
grep -E 'not an integral constant expression|undefined function' log || { cat log; echo "changed: another error"; exit 1; }
compiles 3 || { cat log; echo "changed: the template that does not name the constant is refused"; exit 1; }
echo "a template that does not name the constant: a constant"
