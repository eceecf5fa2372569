// From the program as traced to the program as executed: composed operations are replaced by their parts, what is equal
// merges, what is unused goes, and products that only a sum needs join it. Each pass is program in, program out.
#pragma once

#include "../ir/program.hpp"
#include "../ops/arithmetic.hpp"

namespace fusegrad::passes {

/// Replaces composed operations by their parts, and simplifies what that brings together.
template <auto& From>
struct expand {
  static constexpr void run(ir::builder& b, ir::buffer<int>& outputs) {
    ir::rebuild(From, outputs, [&b](int v, const int* operands) {
      const ir::instruction& i = From[v];
      if (i.op->expand == nullptr) return b.replay(i, operands);
      return b.convert(i.op->expand(b, operands), i.type);
    });
  }
};

/// Copies what is needed, simplifying on the way.
template <auto& From>
struct simplify {
  static constexpr void run(ir::builder& b, ir::buffer<int>& outputs) {
    ir::rebuild(From, outputs, [&b](int v, const int* operands) { return b.replay(From[v], operands); });
  }
};

/// Turns a product of floating-point numbers whose only use is a sum or a difference into one multiply_add.
template <auto& From>
struct contract {
  static constexpr void run(ir::builder& b, ir::buffer<int>& outputs) {
    ir::buffer<int> uses(From.size, 0);
    for (int k = 0; k < From.output_count; ++k) ++uses[From.outputs[k]];
    for (int v = 0; v < From.size; ++v)
      for (int k = 0; k < From[v].arity(); ++k) ++uses[From[v].x[k]];
    ir::buffer<int> copies(From.size, -1);
    ir::rebuild(From, outputs, [&](int v, const int* operands) {
      const ir::instruction& i = From[v];
      auto lonely_product = [&](int x) {
        return From[x].op == &ir::info<mul_t> && uses[x] == 1 && From[x].axes == i.axes;
      };
      auto negated = [&b](int x) { return b.emit(ir::info<neg_t>, x); };
      int& made = copies[v];
      made = -1;
      if (is_floating(i.type) && (i.op == &ir::info<add_t> || i.op == &ir::info<sub_t>)) {
        const bool difference = i.op == &ir::info<sub_t>;
        if (lonely_product(i.x[0])) {
          const ir::instruction& product = From[i.x[0]];
          const int addend = difference ? negated(operands[1]) : operands[1];
          made = b.emit(ir::info<multiply_add_t>, copies[product.x[0]], copies[product.x[1]], addend);
        } else if (lonely_product(i.x[1])) {
          const ir::instruction& product = From[i.x[1]];
          const int factor = difference ? negated(copies[product.x[0]]) : copies[product.x[0]];
          made = b.emit(ir::info<multiply_add_t>, factor, copies[product.x[1]], operands[0]);
        }
      }
      if (made < 0) made = b.replay(i, operands);
      return made;
    });
  }
};

/// The program that back-ends execute, and its stages on the way.
template <auto& Traced>
struct lowered {
  static constexpr auto& expanded = ir::frozen<expand<Traced>>::value;
  static constexpr auto& contracted = ir::frozen<contract<expanded>>::value;
  static constexpr auto& value = ir::frozen<simplify<contracted>>::value;
};

}  // namespace fusegrad::passes
