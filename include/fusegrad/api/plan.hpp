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

[[gnu::cold]] inline std::string facts_text(const plan_facts& f) {
  char text[160];
  __builtin_snprintf(text, sizeof text, "%d loads, %d stores, %d bytes and %d flops per element, %.2f flops per byte",
                     f.loads, f.stores, f.bytes, f.flops, f.intensity());
  return text;
}

/// A scheduled program as text is made from: data, so that the code that makes it exists but once.
struct plan_text_source {
  const ir::printed_instruction* code;
  int size;
  const int* outputs;
  int output_count;
  const int* stage;
  const bool* in_loop;        // loops x size
  const plan_facts* kernels;  // one for each loop
  int loops;
  plan_facts all;
};

[[gnu::cold]] inline std::string plan_text(const plan_text_source& p) {
  std::string text =
      text_of(p.size, " instructions, ", p.loops, p.loops == 1 ? " kernel, " : " kernels, ", facts_text(p.all), "\n");
  auto line = [&](const char* indent, int v) { text += text_of(indent, ir::to_string(p.code, v), "\n"); };
  for (int stage = 0; stage <= p.loops; ++stage) {
    for (int v = 0; v < p.size; ++v)
      if (!p.code[v].varies && p.stage[v] == stage && p.code[v].kind != ir::op_kind::constant &&
          p.code[v].kind != ir::op_kind::reduction)
        line("  ", v);
    if (stage == p.loops) break;
    text += text_of("  kernel ", stage, ": ", facts_text(p.kernels[stage]), "\n");
    for (int v = 0; v < p.size; ++v)
      if (p.in_loop[stage * p.size + v]) line("    ", v);
    for (int k = 0; k < p.output_count; ++k)
      if (const int v = p.outputs[k]; p.code[v].varies && p.stage[v] == stage)
        text += text_of("    output ", k, " = %", v, "\n");
    for (int v = 0; v < p.size; ++v)
      if (p.code[v].kind == ir::op_kind::reduction && p.stage[v] == stage + 1) line("    ", v);
  }
  for (int k = 0; k < p.output_count; ++k)
    if (const int v = p.outputs[k]; !p.code[v].varies)
      text += text_of(
          "  output ", k, " = ",
          p.code[v].kind == ir::op_kind::constant ? ir::constant_text(p.code[v].immediate) : text_of("%", v), "\n");
  return text;
}

template <class X>
struct explained {
  static constexpr int loops = X::schedule.loops;
  struct kernel_facts {
    plan_facts of[loops > 0 ? loops : 1];
  };
  static constexpr kernel_facts kernels = [] {
    kernel_facts found;
    for (int loop = 0; loop < loops; ++loop) found.of[loop] = facts_of<X>(loop, loop + 1);
    return found;
  }();
  static constexpr auto& printed = ir::printed_program<X::program>;
  static constexpr plan_text_source source{
      printed.code,           X::program.size(), printed.outputs, X::program.output_count, X::schedule.stage,
      X::schedule.in_loop[0], kernels.of,        loops,           facts_of<X>(0, loops)};
};

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
  return detail::plan_text(detail::explained<detail::executable_of<T, A...>>::source);
}

}  // namespace fusegrad
