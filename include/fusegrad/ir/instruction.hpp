// The instruction: one SSA value of a program, and the descriptor of the operation that makes it.
// Knows no particular operation: the set of operations is open, and carried by the programs that use them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "../config.hpp"
#include "../core/axes.hpp"
#include "../core/dtype.hpp"

FUSEGRAD_HARDLY_RUN

namespace fusegrad::ir {

class builder;

/// The largest number of operands that an operation may take.
inline constexpr int max_arity = 4;

enum class op_kind : std::uint8_t {
  input,
  constant,
  count,
  index,
  convert,
  broadcast,
  pad,
  slice,
  elementwise,
  reduction,
  scan,
  arrangement
};

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
  widened   ///< that of the operands; booleans and integers of 32 bits become i64
};

/// FNV-1a, which is a hash that compilers evaluate quickly.
constexpr std::uint32_t hash(std::string_view text) {
  std::uint32_t h = 2166136261u;
  for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h;
}

/// A function that an operation may have. Like a pointer to it, but whether there is one can be asked in a constant
/// expression: g++ with -fsanitize=undefined takes any inline function's address for possibly null (bug 71962).
template <class Function>
class optional_function {
 public:
  constexpr optional_function() = default;
  constexpr optional_function(Function* function) : function_(function), exists_(true) {}

  template <class... A>
  constexpr decltype(auto) operator()(A&&... a) const {
    return function_(static_cast<A&&>(a)...);
  }
  friend constexpr bool operator==(const optional_function& f, std::nullptr_t) { return !f.exists_; }
  constexpr Function* get() const { return function_; }

 private:
  Function* function_ = nullptr;
  bool exists_ = false;
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
  optional_function<bool(dtype type, const number* x, number& y)> fold = {};
  /// An equal value that is cheaper, or -1.
  optional_function<int(builder&, const int* x)> simplify = {};
  /// Writes dy/dx for every operand (-1: identically zero), given the operands and the result.
  optional_function<void(builder&, const int* x, int y, int* dydx)> partials = {};
  /// The value in terms of simpler operations, over the axes that it reduces; null for operations that back-ends
  /// execute.
  optional_function<int(builder&, const int* x, axis_set over)> expand = {};
  /// What loses digits, or a slope, when it is computed of the result y: 1 - y, log(y) and y y in terms of the
  /// operands.
  optional_function<int(builder&, const int* x)> complement = {}, logarithm = {}, squared = {};
  /// The value of numbers of one type, while a program runs value by value: of operations that are not the library's,
  /// all of which the reference knows.
  using function_of_numbers = optional_function<void(const wide_number* x, std::ptrdiff_t n, wide_number* y)>;
  function_of_numbers of_floats = {}, of_doubles = {}, of_integers = {};
  bool expands_rows_only = false;  ///< do back-ends execute it where rows are added to an array?
  /// The name of the operation's type; empty for those that have none.
  std::string_view type = {};
  /// What it does, for people who meet it in a program's text; empty where users know it by its name.
  std::string_view meaning = {};
};

inline constexpr op_info input_op{.name = "input", .hash = hash("input"), .kind = op_kind::input, .flops = 0};
inline constexpr op_info constant_op{
    .name = "constant", .hash = hash("constant"), .kind = op_kind::constant, .flops = 0};
inline constexpr op_info count_op{.name = "count",
                                  .hash = hash("count"),
                                  .kind = op_kind::count,
                                  .flops = 0,
                                  .meaning = "the number of elements along axes"};
inline constexpr op_info index_op{.name = "index", .hash = hash("index"), .kind = op_kind::index, .flops = 0};
inline constexpr op_info convert_op{
    .name = "convert", .hash = hash("convert"), .kind = op_kind::convert, .arity = 1, .flops = 0};
inline constexpr op_info broadcast_op{
    .name = "broadcast", .hash = hash("broadcast"), .kind = op_kind::broadcast, .arity = 1, .flops = 0};
inline constexpr op_info pad_op{.name = "pad",
                                .hash = hash("pad"),
                                .kind = op_kind::pad,
                                .arity = 2,
                                .flops = 0,
                                .meaning = "x where a slice would take it from a longer axis, elsewhere what follows"};

/// What a cut takes of an axis of its operand; a single element lacks the axis.
inline constexpr op_info slice_op{
    .name = "slice", .hash = hash("slice"), .kind = op_kind::slice, .arity = 1, .flops = 0};

/// The positions of a row's elements in their order: of equal ones the first one first, NaN last.
inline constexpr op_info order_op{
    .name = "order",
    .hash = hash("order"),
    .kind = op_kind::arrangement,
    .arity = 1,
    .flops = 0,
    .meaning = "the positions of the elements from the smallest to the largest; of an order: the rank of each element"};

/// A row's elements at given positions, each of which occurs once: those of an order.
inline constexpr op_info permuted_op{.name = "permuted",
                                     .hash = hash("permuted"),
                                     .kind = op_kind::arrangement,
                                     .arity = 2,
                                     .flops = 0,
                                     .meaning = "the elements of the first at the positions that the second tells"};

/// Can the compiler tell these two apart? Not g++ with -fsanitize=undefined, to which inline variables may be null,
/// too.
template <const op_info& A, const op_info& B>
concept distinguishable = requires { typename std::bool_constant<(&A == &B)>; };

/// Which operation it is: a pointer to its descriptor.
class op_ref {
 public:
  constexpr op_ref() = default;
  constexpr op_ref(std::nullptr_t) {}
  constexpr op_ref(const op_info* op) : info(op), exists_(true) {}
  constexpr operator const op_info*() const { return info; }
  constexpr const op_info* operator->() const { return info; }
  constexpr const op_info& operator*() const { return *info; }

  friend constexpr bool operator==(const op_ref& a, const op_ref& b) {
    if constexpr (distinguishable<input_op, constant_op>) return a.info == b.info;
    else if (!a.exists_ || !b.exists_) return a.exists_ == b.exists_;
    else return a.info->hash == b.info->hash && a.info->type == b.info->type;
  }
  friend constexpr bool operator==(const op_ref& a, const op_info* b) {
    if constexpr (distinguishable<input_op, constant_op>) return a.info == b;
    else return a == op_ref(b);
  }
  friend constexpr bool operator==(const op_ref& a, std::nullptr_t) { return !a.exists_; }

  const op_info* info = nullptr;  ///< the descriptor, at the least cost to who evaluates this

 private:
  bool exists_ = false;
};

struct instruction {
  op_ref op;
  int x[max_arity]{-1, -1, -1, -1};
  std::uint64_t immediate = 0;  ///< the bits of a constant, as its type reads them; of pads and slices: start and step
  int index = 0;  ///< which input; of counts, indices and broadcasts: whose extents they mean; of pads and slices: stop
  axis_map map{};           ///< along which axes the dimensions of an input run
  axis_set axes = 0;        ///< along which axes the value varies
  axis_set over = 0;        ///< the axes that a reduction removes, a count counts, a scan or a move runs along
  int shape = 0;            ///< where the extents of its axes are found, by number in the program's list
  dtype type = dtype::f64;  ///< the type of the value
  strength weight = strength::literal;

  constexpr int arity() const { return op.info->arity; }
  constexpr bool is(op_kind kind) const { return op.info->kind == kind; }
  constexpr typing traits() const { return {type, weight}; }
  /// The value of a constant.
  constexpr number value() const { return {type, immediate}; }
  /// Where a pad puts its operand, or a slice takes it from; and how it is noted.
  constexpr cut where() const {
    return {static_cast<int>(static_cast<std::uint32_t>(immediate >> 32)), index,
            static_cast<int>(static_cast<std::uint32_t>(immediate))};
  }
  constexpr void set_where(const cut& at) {
    immediate = std::uint64_t{static_cast<std::uint32_t>(at.start)} << 32 | static_cast<std::uint32_t>(at.step);
    index = at.stop;
  }
  constexpr bool moves_elements() const { return is(op_kind::pad) || is(op_kind::slice); }
};

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
  static constexpr op_info describe() {
    op_info made = Op::describe();
    made.type = __PRETTY_FUNCTION__;
    if constexpr (requires { Op::meaning; }) made.meaning = Op::meaning;
    return made;
  }
  friend constexpr auto described_by(op_tag<&info<Op>>) { return op_identity<Op>{}; }
};

/// The operation whose descriptor this is.
template <const op_info* Info>
using op_type = typename decltype(described_by(op_tag<Info>{}))::type;

}  // namespace fusegrad::ir

FUSEGRAD_HARDLY_RUN_END
