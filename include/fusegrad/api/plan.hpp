// What the compiler made of a function: facts for static_assert, and the same as text.
#pragma once

#include "../ir/print.hpp"
#include "transforms.hpp"

namespace fusegrad {

/// Compile-time facts of a fused call. Loads, stores, bytes and flops are for each element of the arrays.
struct plan_facts {
  int kernels = 0;       ///< passes over the arrays
  int loads = 0;         ///< array elements read, each kernel's counted
  int stores = 0;        ///< array elements written
  int flops = 0;         ///< operations on numbers, a function such as exp counted as one
  int bytes = 0;         ///< memory read and written
  int reductions = 0;    ///< numbers accumulated over all elements
  int instructions = 0;  ///< instructions of the whole program

  /// Arithmetic intensity: flops for each byte of memory traffic.
  constexpr double intensity() const { return bytes == 0 ? 0.0 : static_cast<double>(flops) / bytes; }
};

namespace detail {

template <class X>
constexpr plan_facts facts_of(int first_loop, int last_loop) {
  plan_facts facts{.kernels = last_loop - first_loop, .instructions = X::program.size()};
  for (int loop = first_loop; loop < last_loop; ++loop) {
    facts.bytes += X::bytes_per_element(loop);
    for (int v = 0; v < X::program.size(); ++v) {
      const ir::instruction& i = X::program[v];
      if (i.is(ir::op_kind::reduction) && X::schedule.stage[v] == loop + 1) {
        ++facts.reductions;
        ++facts.flops;
      } else if (X::schedule.in_loop[loop][v]) {
        facts.flops += i.op->flops;
      }
    }
    for (int i = 0; i < X::input_count; ++i) facts.loads += X::reads(loop, i);
    for (int k = 0; k < X::program.output_count; ++k) facts.stores += X::writes(loop, k);
  }
  return facts;
}

inline std::string facts_text(const plan_facts& f) {
  char text[160];
  __builtin_snprintf(text, sizeof text, "%d loads, %d stores, %d bytes and %d flops per element, %.2f flops per byte",
                     f.loads, f.stores, f.bytes, f.flops, f.intensity());
  return text;
}

template <class X>
std::string explain() {
  const auto& p = X::program;
  const auto& s = X::schedule;
  const plan_facts all = facts_of<X>(0, s.loops);
  std::string text = text_of(p.size(), " instructions, ", s.loops, s.loops == 1 ? " kernel, " : " kernels, ",
                             facts_text(all), "\n");
  auto numbers = [&](int stage) {
    for (int v = 0; v < p.size(); ++v)
      if (p[v].axes == 0 && s.stage[v] == stage && !p[v].is(ir::op_kind::constant) && !p[v].is(ir::op_kind::reduction))
        text += text_of("  ", ir::to_string(p, v), "\n");
  };
  for (int loop = 0; loop < s.loops; ++loop) {
    numbers(loop);
    text += text_of("  kernel ", loop, ": ", facts_text(facts_of<X>(loop, loop + 1)), "\n");
    for (int v = 0; v < p.size(); ++v)
      if (s.in_loop[loop][v]) text += text_of("    ", ir::to_string(p, v), "\n");
    for (int k = 0; k < p.output_count; ++k)
      if (X::writes(loop, k)) text += text_of("    output ", k, " = %", p.outputs[k], "\n");
    for (int v = 0; v < p.size(); ++v)
      if (p[v].is(ir::op_kind::reduction) && s.stage[v] == loop + 1) text += text_of("    ", ir::to_string(p, v), "\n");
  }
  numbers(s.loops);
  for (int k = 0; k < p.output_count; ++k)
    if (p[p.outputs[k]].axes == 0)
      text += text_of("  output ", k, " = ",
                      p[p.outputs[k]].is(ir::op_kind::constant) ? ir::constant_text(p[p.outputs[k]].immediate)
                                                                : text_of("%", p.outputs[k]),
                      "\n");
  return text;
}

}  // namespace detail

/// The facts of the call `t(args...)`; what the arguments hold is not looked at.
///
///     static_assert(fg::plan(fg::value_and_grad(loss), x, y).kernels == 1);
template <class T, argument... A>
constexpr plan_facts plan(const T&, const A&...) {
  using X = detail::executable_of<T, A...>;
  return detail::facts_of<X>(0, X::schedule.loops);
}

/// The same from the arguments' types: `fg::plan<std::vector<float>, float>(t)`.
template <argument... A, class T>
  requires(sizeof...(A) > 0)
constexpr plan_facts plan(const T&) {
  using X = detail::executable_of<T, A...>;
  return detail::facts_of<X>(0, X::schedule.loops);
}

/// The call `t(args...)` as text: its instructions, kernels, and roofline figures.
template <class T, argument... A>
std::string explain(const T&, const A&...) {
  return detail::explain<detail::executable_of<T, A...>>();
}

}  // namespace fusegrad
