// A program spelled as a type, and back. nvcc takes neither closure types nor arrays as template arguments of a kernel:
// what reaches it is a list of operations and integers, the same for every function that has this program.
#pragma once

#include <utility>

#include "../config.hpp"
#include "program.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

// Stand for what has no operation's type.
namespace coding {
struct input {};
struct constant {};
struct count {};
struct index {};
struct convert {};
struct broadcast {};
}  // namespace coding

template <class Op>
struct described_op {
  static constexpr const op_info* info = &ir::info<Op>;
};
template <>
struct described_op<coding::input> {
  static constexpr const op_info* info = &input_op;
};
template <>
struct described_op<coding::constant> {
  static constexpr const op_info* info = &constant_op;
};
template <>
struct described_op<coding::count> {
  static constexpr const op_info* info = &count_op;
};
template <>
struct described_op<coding::index> {
  static constexpr const op_info* info = &index_op;
};
template <>
struct described_op<coding::convert> {
  static constexpr const op_info* info = &convert_op;
};
template <>
struct described_op<coding::broadcast> {
  static constexpr const op_info* info = &broadcast_op;
};

/// The operation, or what stands for it, of which this is the descriptor.
template <const op_info* Info>
constexpr auto named_op() {
  if constexpr (Info->kind == op_kind::input) return op_identity<coding::input>{};
  else if constexpr (Info->kind == op_kind::constant) return op_identity<coding::constant>{};
  else if constexpr (Info->kind == op_kind::count) return op_identity<coding::count>{};
  else if constexpr (Info->kind == op_kind::index) return op_identity<coding::index>{};
  else if constexpr (Info->kind == op_kind::convert) return op_identity<coding::convert>{};
  else if constexpr (Info->kind == op_kind::broadcast) return op_identity<coding::broadcast>{};
  else return described_by(op_tag<Info>{});
}

/// An instruction.
template <class Op, int X0, int X1, int X2, int X3, std::uint64_t Immediate, int Index, std::uint32_t Map,
          axis_set Axes, axis_set Over, int Shape, int Type, int Weight>
struct instruction_code {
  static constexpr instruction value() {
    return {.op = described_op<Op>::info,
            .x = {X0, X1, X2, X3},
            .immediate = Immediate,
            .index = Index,
            .map = {Map},
            .axes = Axes,
            .over = Over,
            .shape = Shape,
            .type = static_cast<dtype>(Type),
            .weight = static_cast<strength>(Weight)};
  }
};

template <int Value, std::uint32_t Map, int Rank>
struct output_code {
  static constexpr int value = Value;
  static constexpr layout at{axis_map{Map}, Rank};
};

template <std::uint64_t Low, std::uint64_t High>
struct extents_code {
  static constexpr extents value() { return extents::from_words(Low, High); }
};

template <class... T>
struct code_list {
  static constexpr int size = static_cast<int>(sizeof...(T));
};

/// Which input an output is read as again; where it lies in it, kernels need not know.
template <int Input, int Output>
struct window_code {
  static constexpr window value() { return {Input, Output, 0, {}}; }
};

/// Which input another is a part of.
template <int Input, int Of>
struct part_code {
  static constexpr part value() { return {Input, Of, 0, {}}; }
};

template <int Input, int Of, int By, axis_set Along>
struct arrangement_code {
  static constexpr arrangement value() { return {Input, Of, By, Along}; }
};

/// A program, and which extents it requires to be equal: pairs of sources, one after another.
template <class Instructions, class Outputs, class Shapes, class Parts, class Windows, class Arrangements, class Equal>
struct program_code;
template <class... I, class... O, class... S, class... P, class... W, class... A, int... E>
struct program_code<code_list<I...>, code_list<O...>, code_list<S...>, code_list<P...>, code_list<W...>,
                    code_list<A...>, std::integer_sequence<int, E...>> {
  struct lowered {
    using type = program<program_size{.code = sizeof...(I),
                                      .outputs = sizeof...(O),
                                      .shapes = sizeof...(S),
                                      .constraints = 0,
                                      .requirements = 0,
                                      .parts = sizeof...(P),
                                      .windows = sizeof...(W),
                                      .arrangements = sizeof...(A)}>;
    static constexpr type value{.code = {I::value()...},
                                .outputs = {O::value...},
                                .layouts = {O::at...},
                                .shape_list = {S::value()...},
                                .constraint_list = {},
                                .requirement_list = {},
                                .part_list = {P::value()...},
                                .window_list = {W::value()...},
                                .arrangement_list = {A::value()...}};
  };
  struct traced {
    struct equalities {
      static constexpr int constraint_count = sizeof...(E) / 2;
      struct pair {
        int first, second;
      };
      pair constraint_list[sizeof...(E) / 2 + 1];
    };
    static constexpr equalities value = [] {
      equalities made{};
      constexpr int sources[]{E..., 0};
      for (int c = 0; c < equalities::constraint_count; ++c)
        made.constraint_list[c] = {sources[2 * c], sources[2 * c + 1]};
      return made;
    }();
  };
};

// Types are found by deduction alone: where an alias is on the way, nvcc spells the kernel's type through it, closures
// and all.
namespace coding {
template <class... T>
constexpr code_list<T...> list(T...) {
  return {};
}
template <class X, int I, class Op>
constexpr auto instruction(op_identity<Op>) {
  return instruction_code<Op, X::program[I].x[0], X::program[I].x[1], X::program[I].x[2], X::program[I].x[3],
                          X::program[I].immediate, X::program[I].index, X::program[I].map.digits, X::program[I].axes,
                          X::program[I].over, X::program[I].shape, static_cast<int>(X::program[I].type),
                          static_cast<int>(X::program[I].weight)>{};
}
template <class X>
constexpr int source(int c) {
  const auto& met = X::traced.constraint_list[c / 2];
  return c % 2 == 0 ? met.first : met.second;
}
template <class I, class O, class S, class P, class W, class A, class E>
constexpr program_code<I, O, S, P, W, A, E> whole(I, O, S, P, W, A, E) {
  return {};
}
template <class X, int... V, int... O, int... S, int... P, int... W, int... A, int... C>
constexpr auto encoded(std::integer_sequence<int, V...>, std::integer_sequence<int, O...>,
                       std::integer_sequence<int, S...>, std::integer_sequence<int, P...>,
                       std::integer_sequence<int, W...>, std::integer_sequence<int, A...>,
                       std::integer_sequence<int, C...>) {
  return whole(
      list(instruction<X, V>(named_op<X::program[V].op>())...),
      list(output_code<X::program.outputs[O], X::program.layouts[O].map.digits, X::program.layouts[O].rank>{}...),
      list(extents_code<X::program.shape_list[S].word(0), X::program.shape_list[S].word(1)>{}...),
      list(part_code<X::program.part_list[P].input, X::program.part_list[P].of>{}...),
      list(window_code<X::program.window_list[W].input, X::program.window_list[W].output>{}...),
      list(arrangement_code<X::program.arrangement_list[A].input, X::program.arrangement_list[A].of,
                            X::program.arrangement_list[A].by, X::program.arrangement_list[A].along>{}...),
      std::integer_sequence<int, source<X>(C)...>{});
}
}  // namespace coding

/// The code of an executable's program, as an object of its type.
template <class X>
constexpr auto code_of() {
  return coding::encoded<X>(std::make_integer_sequence<int, X::program.size()>{},
                            std::make_integer_sequence<int, X::program.output_count>{},
                            std::make_integer_sequence<int, X::program.shape_count>{},
                            std::make_integer_sequence<int, X::program.part_count>{},
                            std::make_integer_sequence<int, X::program.window_count>{},
                            std::make_integer_sequence<int, X::program.arrangement_count>{},
                            std::make_integer_sequence<int, 2 * X::traced.constraint_count>{});
}

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
