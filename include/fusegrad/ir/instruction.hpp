// The instruction: one SSA value of a program, and the descriptor of the operation that makes it.
// Knows no particular operation: the set of operations is open, and carried by the programs that use them.
#pragma once

#include <cstdint>
#include <string_view>

#include "../config.hpp"
#include "../core/axes.hpp"
#include "../core/dtype.hpp"

namespace fusegrad::ir {

class builder;

/// The largest number of operands that an operation may take.
inline constexpr int max_arity = 4;

enum class op_kind : std::uint8_t { input, constant, count, index, convert, broadcast, elementwise, reduction };

/// What an operation asks of its operands' types.
enum class operand_rule : std::uint8_t {
  arithmetic,  ///< a common type; booleans count as integers
  real,        ///< a common floating type; integers count as double
  logical,     ///< booleans
  select,      ///< a boolean, then values of a common type
  any          ///< as they come
};

/// The type of an operation's result.
enum class result_rule : std::uint8_t {
  same,     ///< that of the operands
  boolean,  ///< a condition
  widened   ///< that of the operands; integers and booleans become i64
};

/// Everything that passes need to know of an operation. There is one such object an operation: its address is the
/// operation's identity in programs.
struct op_info {
  std::string_view name;
  std::uint32_t hash = 0;
  op_kind kind = op_kind::elementwise;
  int arity = 0;
  operand_rule operands = operand_rule::any;
  result_rule result = result_rule::same;
  bool commutative = false;
  bool needs_elements = false;  ///< a reduction without a value over an empty range
  int flops = 1;
  /// A known value for these operands: writes the constant and returns true.
  bool (*fold)(dtype type, const double* x, double& y) = nullptr;
  /// An equal value that is cheaper, or -1.
  int (*simplify)(builder&, const int* x) = nullptr;
  /// Writes dy/dx for every operand (-1: identically zero), given the operands and the result.
  void (*partials)(builder&, const int* x, int y, int* dydx) = nullptr;
  /// The value in terms of simpler operations; null for operations that back-ends execute.
  int (*expand)(builder&, const int* x) = nullptr;
};

struct instruction {
  const op_info* op = nullptr;
  int x[max_arity]{-1, -1, -1, -1};
  double immediate = 0;     ///< the value of a constant
  int index = 0;            ///< which input; of counts, indices and broadcasts: whose extents they mean
  axis_map map{};           ///< along which axes the dimensions of an input run
  axis_set axes = 0;        ///< along which axes the value varies
  axis_set over = 0;        ///< the axes that a reduction removes or a count counts
  int shape = 0;            ///< where the extents of its axes are found, by number in the program's list
  dtype type = dtype::f64;  ///< the type of the value
  strength weight = strength::literal;

  constexpr int arity() const { return op->arity; }
  constexpr bool is(op_kind kind) const { return op->kind == kind; }
  constexpr typing traits() const { return {type, weight}; }
};

/// FNV-1a, which is a hash that compilers evaluate quickly.
constexpr std::uint32_t hash(std::string_view text) {
  std::uint32_t h = 2166136261u;
  for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h;
}

// The way back from a descriptor's address to the operation's type, which back-ends need to call its `value`:
// each operation that is described defines the function that its tag declares.
#if defined(__CUDACC__)
#pragma nv_diag_suppress 1301
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <const op_info* Info>
struct op_tag {
  friend constexpr auto described_by(op_tag<Info>);
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#if defined(__CUDACC__)
#pragma nv_diag_default 1301
#endif

template <class Op>
struct op_identity {
  using type = Op;
};

template <class Op>
struct op_registration;

/// The descriptor of an operation.
template <class Op>
inline constexpr op_info info = op_registration<Op>::describe();

template <class Op>
struct op_registration {
  static constexpr op_info describe() { return Op::describe(); }
  friend constexpr auto described_by(op_tag<&info<Op>>) { return op_identity<Op>{}; }
};

/// The operation whose descriptor this is.
template <const op_info* Info>
using op_type = typename decltype(described_by(op_tag<Info>{}))::type;

}  // namespace fusegrad::ir
