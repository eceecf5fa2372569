#!/usr/bin/env bash
# glibc 2.36 (x86-64, with FMA): cos and tan of the double that lies nearest to an odd multiple of pi / 2 are off by 8 and
# 14 units in the last place, although the manual's table of errors ("Known Maximum Errors in Math Functions") gives 1 for
# cos. The argument is 0x1.6ac5b262ca1ffp+849 = 6381956970095103 * 2^797, the classic worst case of argument reduction
# (Muller, Elementary Functions, chapter 11): its cosine is about 4.7e-19, and the reduction keeps too few bits for it.
# sin there is right, since it is 1. Seen 2026-11-30 with Debian's glibc 2.36-9+deb12u14 and mpmath 1.3.0:
#   cos -0x1.14ae72e6ba227p-61, exact -0x1.14ae72e6ba22fp-61: 7.95 ulp
#   tan -0x1.d9ba9a7975644p+60, exact -0x1.d9ba9a7975636p+60: 14.36 ulp
# An oracle that compares against libm must exempt this argument, or compute in more precision.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mpmath==1.3.0
ldd --version | sed -n 1p
"$folder/venv/bin/python" - <<'PROGRAM'
import math
import sys

import mpmath

mpmath.mp.prec = 3000
x = float.fromhex("0x1.6ac5b262ca1ffp+849")


def ulps(f, exact):
    y, e = f(x), exact(mpmath.mpf(x))
    error = float(abs(mpmath.mpf(y) - e) / mpmath.mpf(math.ulp(float(e))))
    print(f"{f.__name__} {y.hex()}, exact {float(e).hex()}: {error:.2f} ulp")
    return error


errors = [ulps(math.cos, mpmath.cos), ulps(math.tan, mpmath.tan), ulps(math.sin, mpmath.sin)]
if not (7 < errors[0] < 9 and 13 < errors[1] < 16 and errors[2] < 1):
    sys.exit("the errors have changed")
PROGRAM
