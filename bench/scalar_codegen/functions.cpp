// What compare.py compiles to assembly: every function of functions.hpp under a name the assembler keeps.
#include "functions.hpp"

extern "C" {
double fused_parabola_(double x) { return fused_parabola(x); }
double hand_parabola_(double x) { return hand_parabola(x); }
double fused_polynomial_(double x) { return fused_polynomial(x); }
double hand_polynomial_(double x) { return hand_polynomial(x); }
double fused_sigmoid_(double x) { return fused_sigmoid(x); }
double hand_sigmoid_(double x) { return hand_sigmoid(x); }
void fused_rosenbrock_(double x, double y, double* out) { fused_rosenbrock(x, y, out); }
void hand_rosenbrock_(double x, double y, double* out) { hand_rosenbrock(x, y, out); }
void fused_quotient_(double x, double y, double* out) { fused_quotient(x, y, out); }
void hand_quotient_(double x, double y, double* out) { hand_quotient(x, y, out); }
void fused_mixture_(double x, double y, double z, double* out) { fused_mixture(x, y, z, out); }
void hand_mixture_(double x, double y, double z, double* out) { hand_mixture(x, y, z, out); }
}
