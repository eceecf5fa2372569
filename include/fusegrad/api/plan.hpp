// What the compiler made of a function: facts for static_assert, and the same as text.
#pragma once

#include "../ir/print.hpp"
#include "transforms.hpp"

namespace fusegrad {

/// Facts of a fused call, known at compile time. Loads, stores, bytes and flops are for each element of the arrays.
struct plan_facts {
  int kernels = 0;       ///< passes over the arrays
  int combines = 0;      ///< small loops that finish what kernels have summed up over their rows
  int loads = 0;         ///< array elements read, each kernel's counted
  int stores = 0;        ///< array elements written
  int flops = 0;         ///< operations on numbers, a function such as exp counted as one
  int row_flops = 0;     ///< the same beside those, for each row that a kernel reduces
  int bytes = 0;         ///< memory read and written
  int reductions = 0;    ///< sums and other reductions accumulated on the way
  int arrangements = 0;  ///< sorts of rows and moves of their elements, each a pass of its own between kernels
  int instructions = 0;  ///< instructions of the whole program
  /// Device memory that the call needs besides its arguments and results, which depends on extents and on the GPU.
  std::size_t scratch_bytes = 0;

  /// Arithmetic intensity: flops for each byte of memory traffic.
  constexpr double intensity() const { return bytes == 0 ? 0.0 : static_cast<double>(flops) / bytes; }
};

namespace detail {

template <class X>
constexpr plan_facts facts_of(int first_kernel, int last_kernel) {
  plan_facts facts{.arrangements = X::program.arrangement_count, .instructions = X::program.size()};
  for (int k = first_kernel; k < last_kernel; ++k) {
    const ir::kernel& kernel = X::schedule.kernels[k];
    (kernel.combines ? facts.combines : facts.kernels) += 1;
    if (kernel.combines) continue;  // far fewer elements
    // memory sees a row once, however many loops run over it
    for (int v = 0; v < X::program.size(); ++v) {
      bool read = false;
      for (int phase = 0; phase < kernel.phases; ++phase) read = read || X::reads(kernel.first_loop + phase, v);
      facts.loads += read;
      if (read) facts.bytes += X::stored_bytes(v);
      for (int phase = 0; phase < kernel.phases; ++phase) {
        const int loop = kernel.first_loop + phase;
        if (X::schedule.reduced_in[v] == loop) ++facts.flops;
        if (X::computes(loop, v)) facts.flops += X::program[v].op->flops;
        facts.reductions += X::schedule.reduced_in[v] == loop;
      }
      bool of_row = false;
      for (int step = X::schedule.first_step(k); step <= X::schedule.last_step(k); ++step) {
        of_row = of_row || X::schedule.in_step[step][v];
        const bool summed = X::schedule.reduced_after[v] == step;
        facts.reductions += summed;
        facts.row_flops += summed;
      }
      if (of_row && X::program[v].arity() > 0) facts.row_flops += X::program[v].op->flops;
    }
    for (int o = 0; o < X::program.output_count; ++o)
      if (const int loop = X::schedule.store_loop[o]; loop >= 0 && X::schedule.kernel_of[loop] == k) {
        ++facts.stores;
        facts.bytes += X::output_bytes[static_cast<std::size_t>(o)];
      }
  }
  return facts;
}

[[gnu::cold]] inline std::string facts_text(const plan_facts& f) {
  char text[160];
  __builtin_snprintf(text, sizeof text, ", %.2f flops per byte", f.intensity());
  return text_of(f.loads, " loads, ", f.stores, " stores, ", f.bytes, " bytes and ", f.flops, " flops per element",
                 f.row_flops > 0 ? text_of(", ", f.row_flops, " flops per row") : "", text);
}

/// A scheduled program as text is made from: data, so that the code that makes it exists but once.
struct plan_text_source {
  const ir::printed_instruction* code;
  int size;
  const int* outputs;
  int output_count;
  const int* stage;
  const ir::presence* in_loop;  // loops x size
  const bool* in_step;          // steps x size
  const int *reduced_in, *reduced_after, *keep_step, *keep_loop;
  const int *store_loop, *store_step;
  const ir::kernel* kernels;
  int kernel_count, stages;
  const plan_facts* facts;  // one for each kernel
  plan_facts all;
  const ir::part* parts;
  int part_count;
  const ir::part* parts_in_memory;
  int part_in_memory_count;
  const ir::window* windows;
  int window_count;
  const ir::arrangement* arrangements;
  int arrangement_count;
  ir::replacement_list replacements;
};

/// The extent that a source names.
[[gnu::cold]] inline std::string extent_text(int source) {
  return text_of("the extent of input ", source / ir::max_axes, " along axis ", -1 - source % ir::max_axes);
}
[[gnu::cold]] inline std::string length_text(const ir::length& elements) {
  std::string text;
  const auto add = [&text](const std::string& term) { text += text_of(text.empty() ? "" : " + ", term); };
  for (int source : {elements.first, elements.second})
    if (source >= 0) add(text_of(elements.times != 1 ? text_of(elements.times, " times ") : "", extent_text(source)));
  if (elements.more != 0 || text.empty()) add(std::to_string(elements.more));
  return text;
}
[[gnu::cold]] inline std::string cut_text(const ir::cut& where) {
  const auto bound = [](int at) {
    return at == end ? "the end" : ir::cut::is_extent(at) ? extent_text(ir::cut::source_of(at)) : std::to_string(at);
  };
  std::string text = text_of(" from ", bound(where.start), " to ", bound(where.stop));
  if (where.step > 1) text += text_of(" by ", where.step);
  return text;
}

[[gnu::cold]] inline std::string parts_text(const ir::part* parts, int count) {
  std::string text;
  for (int k = 0; k < count; ++k) {
    const ir::part& p = parts[k];
    text += text_of("  input ", p.input, " = ");
    if (p.is_extent()) text += text_of("no array but an extent, ", length_text(p.elements));
    else text += text_of(p.where.step < 0 ? "flip" : "slice", " of input ", p.of, " along axis ", -1 - p.dimension);
    if (p.where.step > 0 && (!p.is_extent() || p.where != ir::cut{})) text += cut_text(p.where);
    text += "\n";
  }
  return text;
}

/// What inputs are that are no arguments: parts of arguments, arrays around outputs, what is arranged of these, and
/// parts of both.
[[gnu::cold]] inline std::string further_inputs_text(const plan_text_source& p) {
  std::string text = parts_text(p.parts, p.part_count);
  for (int k = 0; k < p.window_count; ++k) {
    const ir::window& w = p.windows[k];
    const auto goes_on = [&](int other) {
      return other >= 0 && other < p.window_count && p.windows[other].input == w.input;
    };
    text += goes_on(k - 1) ? text_of(", output ", w.output) : text_of("  input ", w.input, " = output ", w.output);
    if (goes_on(k + 1)) continue;
    if (w.where != ir::cut{})
      text += text_of(goes_on(k - 1) ? " in their places" : " in its place", " along axis ", -1 - w.dimension,
                      w.filled ? "" : ", zero elsewhere");
    text += "\n";
  }
  for (int k = 0; k < p.arrangement_count; ++k) {
    const auto& [input, of, by, along] = p.arrangements[k];
    text += text_of("  input ", input, " = ", by < 0 ? "order of " : "permuted ", "input ", of);
    if (by >= 0) text += text_of(" by input ", by);
    text += " along";
    for (int d = ir::max_axes; d-- > 0;)
      if (ir::has_axis(along, d)) text += text_of(" axis ", -1 - d);
    text += "\n";
  }
  return text + parts_text(p.parts_in_memory, p.part_in_memory_count);
}

[[gnu::cold]] inline std::string axes_text(ir::axis_set axes) {
  std::string text;
  for (int a = ir::max_axes; a-- > 0;)
    if (ir::has_axis(axes, a)) text += ir::axis_letter(a);
  return text;
}

/// What the operations do that users do not call by their names, each once.
[[gnu::cold]] inline std::string legend_text(const plan_text_source& p) {
  std::string text;
  for (int v = 0; v < p.size; ++v) {
    bool told = p.code[v].meaning.empty();
    for (int u = 0; u < v && !told; ++u) told = p.code[u].meaning == p.code[v].meaning;
    if (!told) text += text_of(text.empty() ? "  where\n" : "", "    ", p.code[v].name, ": ", p.code[v].meaning, "\n");
  }
  return text;
}

[[gnu::cold]] inline std::string replacements_text(const ir::replacement_list& replacements) {
  std::string text;
  for (int k = 0; k < replacements.count; ++k) {
    const auto& [op, of, by] = replacements.told[k];
    text += text_of(k == 0 ? "  to keep digits\n" : "", "    ", by, " in place of ", op, " of ", of, "\n");
  }
  return text;
}

[[gnu::cold]] inline std::string plan_text(const plan_text_source& p) {
  std::string text = text_of(p.size, " instructions, ", p.all.kernels, p.all.kernels == 1 ? " kernel, " : " kernels, ",
                             facts_text(p.all), "\n");
  text += further_inputs_text(p);
  auto line = [&](const char* indent, int v) { text += text_of(indent, ir::to_string(p.code, v), "\n"); };
  auto numbers_of = [&](int stage) {
    for (int v = 0; v < p.size; ++v)
      if (p.code[v].axes == 0 && p.stage[v] == stage && p.code[v].kind != ir::op_kind::constant &&
          p.code[v].kind != ir::op_kind::reduction)
        line("  ", v);
  };
  auto step = [&](int s) {
    for (int v = 0; v < p.size; ++v)
      if (p.in_step[s * p.size + v]) line("    ", v);
    for (int v = 0; v < p.size; ++v) {
      if (p.keep_step[v] == s) text += text_of("    keep %", v, "\n");
      if (p.reduced_after[v] == s) line("    ", v);
    }
    for (int k = 0; k < p.output_count; ++k)
      if (p.store_step[k] == s) text += text_of("    output ", k, " = %", p.outputs[k], "\n");
  };
  int stage = 0;
  numbers_of(stage);
  for (int k = 0; k < p.kernel_count; ++k) {
    const ir::kernel& kernel = p.kernels[k];
    while (stage < kernel.stage) numbers_of(++stage);
    text += text_of("  ", kernel.combines ? "combine " : "kernel ", k);
    if (kernel.outer != 0) text += text_of(" for each row ", axes_text(kernel.outer));
    if (!kernel.combines) text += text_of(": ", facts_text(p.facts[k]));
    text += "\n";
    const bool rows = kernel.outer != 0;
    if (rows) step(kernel.first_loop + k);
    for (int phase = 0; phase < kernel.phases; ++phase) {
      const int loop = kernel.first_loop + phase;
      const char* const indent = rows ? "      " : "    ";
      if (rows) text += text_of("    for each ", axes_text(kernel.inner), "\n");
      for (int v = 0; v < p.size; ++v) switch (p.in_loop[loop * p.size + v]) {
          case ir::presence::absent: break;
          case ir::presence::loaded:
            if (p.code[v].kind != ir::op_kind::input) {
              text += text_of(indent, "load %", v, "\n");
              break;
            }
            [[fallthrough]];
          default: line(indent, v);
        }
      for (int o = 0; o < p.output_count; ++o)
        if (p.store_loop[o] == loop) text += text_of(indent, "output ", o, " = %", p.outputs[o], "\n");
      for (int v = 0; v < p.size; ++v) {
        if (p.keep_loop[v] == loop) text += text_of(indent, "keep %", v, "\n");
        if (p.in_loop[loop * p.size + v] == ir::presence::kept_for_row)
          text += text_of(indent, "keep %", v, " for the row\n");
        if (p.reduced_in[v] == loop) line(indent, v);
      }
      if (rows) step(loop + k + 1);
    }
  }
  while (stage < p.stages) numbers_of(++stage);
  for (int k = 0; k < p.output_count; ++k)
    if (const int v = p.outputs[k]; p.code[v].axes == 0)
      text += text_of("  output ", k, " = ",
                      p.code[v].kind == ir::op_kind::constant ? ir::constant_text({p.code[v].type, p.code[v].immediate})
                                                              : text_of("%", v),
                      "\n");
  return text + legend_text(p) + replacements_text(p.replacements);
}

template <class X>
struct explained {
  static constexpr auto& schedule = X::schedule;
  static constexpr int kernels = schedule.kernel_count;
  struct kernel_facts {
    plan_facts of[kernels > 0 ? kernels : 1];
  };
  static constexpr kernel_facts facts = [] {
    kernel_facts found;
    for (int k = 0; k < kernels; ++k) found.of[k] = facts_of<X>(k, k + 1);
    return found;
  }();
  static constexpr auto& printed = ir::printed_program<X>;
  static constexpr plan_text_source source{printed.code,
                                           X::program.size(),
                                           printed.outputs,
                                           X::program.output_count,
                                           schedule.stage,
                                           schedule.in_loop[0],
                                           schedule.in_step[0],
                                           schedule.reduced_in,
                                           schedule.reduced_after,
                                           schedule.keep_step,
                                           schedule.keep_loop,
                                           schedule.store_loop,
                                           schedule.store_step,
                                           schedule.kernels,
                                           kernels,
                                           schedule.stages,
                                           facts.of,
                                           facts_of<X>(0, kernels),
                                           X::traced.part_list,
                                           X::traced.part_count,
                                           X::program.part_list,
                                           X::program.part_count,
                                           X::program.window_list,
                                           X::program.window_count,
                                           X::program.arrangement_list,
                                           X::program.arrangement_count,
                                           ir::replacements_in<typename X::trace_type>()};
};

}  // namespace detail

/// The facts of the call `t(args...)`; what the arguments hold is not looked at, nor how long they are, unless they lie
/// in device memory.
///
///     static_assert(fg::plan(fg::value_and_grad(loss), x, y).kernels == 1);
template <class T, argument... A>
constexpr plan_facts plan([[maybe_unused]] const T& t, [[maybe_unused]] const A&... a) {
  using X = detail::executable_of<T, A...>;
  if constexpr (detail::runs_on_device<decltype(detail::bound(a))...>())
    return plan_facts{t.run(detail::plans_only{}, results<>{}, a...)};
  else return detail::facts_of<X>(0, X::schedule.kernel_count);
}

/// The same from the arguments' types: `fg::plan<std::vector<float>, float>(t)`.
template <argument... A, class T>
  requires(sizeof...(A) > 0)
constexpr plan_facts plan(const T&) {
  using X = detail::executable_of<T, A...>;
  return detail::facts_of<X>(0, X::schedule.kernel_count);
}

/// The call `t(args...)` as text: its instructions, kernels, and roofline figures.
template <class T, argument... A>
std::string explain(const T&, const A&...) {
  return detail::plan_text(detail::explained<detail::executable_of<T, A...>>::source);
}

}  // namespace fusegrad
