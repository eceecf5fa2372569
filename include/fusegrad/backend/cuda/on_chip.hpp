// What a kernel of rows keeps in the shared memory of a block, so that it is moved once: rows that several loops read,
// and the sums to which rows add. A thread finds there only what it has put there itself, because in each loop, and for
// each row, it has the same elements: nobody waits for anybody. What finds no room is read again, through the caches,
// and added up in memory.
#pragma once

#include <cstdint>

#include "tuning.hpp"
#include "values.hpp"

namespace fusegrad::simt {

/// What kernel K may keep on the chip.
template <class X, int K>
struct on_chip {
  /// In how many loops of the kernel has a value this part?
  static constexpr int in_loops(int v, presence what) {
    int n = 0;
    for (int p = 0; p < X::schedule.kernels[K].phases; ++p)
      n += X::schedule.in_loop[X::schedule.kernels[K].first_loop + p][v] == what;
    return n;
  }
  /// Has each thread the same elements of every row? Where there are scans, some take part in the work of others.
  static constexpr bool own_elements = [] {
    bool scans = false;
    for (int v = 0; v < X::program.size(); ++v)
      scans = scans || (X::program[v].is(op_kind::scan) && on_chip<X, K>::in_loops(v, presence::computed) > 0);
    return X::schedule.kernels[K].outer != 0 && !scans;
  }();
  /// Is value v a row of an array that several loops read? What all rows share stays in the caches.
  static constexpr bool holds_row(int v) {
    return own_elements && arrays<X>::selects(v) && !array_sums<X>::selects(v) &&
           (X::program[v].axes & X::schedule.kernels[K].outer) != 0 && in_loops(v, presence::loaded) > 1;
  }
  /// Is value v a sum over rows, with an element for each element of a row?
  static constexpr bool holds_sums(int v) {
    const int loop = X::schedule.reduced_in[v] - X::schedule.kernels[K].first_loop;
    return own_elements && X::schedule.kind[v] == reduction_kind::column && loop >= 0 &&
           loop < X::schedule.kernels[K].phases && (X::program[v].axes & X::schedule.kernels[K].outer) == 0;
  }
  struct held_sums : of_values<X> {
    static constexpr bool selects(int v) { return holds_sums(v); }
  };
  /// Is loop L the first that reads the row of v?
  static constexpr bool reads_first(int L, int v) {
    for (int loop = X::schedule.kernels[K].first_loop; loop < L; ++loop)
      if (X::schedule.in_loop[loop][v] == presence::loaded) return false;
    return X::schedule.in_loop[L][v] == presence::loaded;
  }

  /// The rows that loop L brings there.
  template <int L>
  struct brought : of_values<X> {
    static constexpr bool selects(int v) { return holds_row(v) && reads_first(L, v); }
  };

  /// Bytes for each element of a row: of the rows and of the sums of all values before v.
  static constexpr int row_bytes_before(int v) { return before<0>(v); }
  static constexpr int sum_bytes_before(int v) { return before<1>(v); }
  static constexpr int row_bytes = row_bytes_before(X::program.size()), sum_bytes = sum_bytes_before(X::program.size());

 private:
  template <int Sums>
  static constexpr int before(int v) {
    return [v]<int... V>(std::integer_sequence<int, V...>) {
      return (0 + ... + (V < v ? bytes_of<Sums, V>() : 0));
    }(all_values<X>{});
  }
  template <int Sums, int V>
  static constexpr int bytes_of() {
    if constexpr (Sums == 1 && on_chip::holds_sums(V)) return static_cast<int>(sizeof(wide_type<X, V>));
    else if constexpr (Sums == 0 && on_chip::holds_row(V)) return static_cast<int>(sizeof(stored_type<X, V>));
    else return 0;
  }
};

/// Value V on the chip in loop L, as constants that device code may read.
template <class X, int K, int L, int V>
struct chip_place {
  static constexpr bool holds_row = on_chip<X, K>::holds_row(V), reads_first = on_chip<X, K>::reads_first(L, V);
  static constexpr int row_bytes_before = on_chip<X, K>::row_bytes_before(V);
};
template <class X, int K, int V>
struct chip_sums {
  static constexpr bool held = on_chip<X, K>::holds_sums(V);
  static constexpr int bytes_before = on_chip<X, K>::sum_bytes_before(V);
};
template <class X, int K>
struct chip_facts {
  static constexpr bool adds = on_chip<X, K>::sum_bytes > 0;
};
/// Vectors of loop L that a thread loads before it computes: more than one if it brings rows to the chip, which leave
/// room for few threads.
template <class X, int K, int L>
struct chip_loop {
  static constexpr int brought = list_of<typename on_chip<X, K>::template brought<L>>::size;
  static constexpr int vectors = brought == 0 ? 1 : vectors_in_flight(brought);
};

/// How much of it has found room: so many elements of each row, and all sums or none.
struct chip_room {
  int held = 0;
  bool sums = false;
  int sum_elements = 0, rows_at = 0, group_bytes = 0;  ///< of each group of threads that walks along a row

  /// Elements of which the bytes begin and end where 16 bytes do, whatever their type.
  static constexpr std::int64_t rounded_up(std::int64_t elements) { return (elements + 15) / 16 * 16; }
  /// Bytes of all there is to keep.
  static constexpr std::int64_t all_bytes(std::int64_t elements, int row_bytes, int sum_bytes) {
    return rounded_up(elements) * (row_bytes + sum_bytes);
  }
  /// With as much as `room` bytes hold, of a group that has them alone. Sums come first, if at least as much is left to
  /// rows.
  static constexpr chip_room within(std::int64_t room, std::int64_t elements, int row_bytes, int sum_bytes) {
    const std::int64_t all = rounded_up(elements), for_sums = all * sum_bytes;
    const bool fits = all_bytes(elements, row_bytes, sum_bytes) <= room;
    const bool sums = sum_bytes > 0 && (fits || (row_bytes > 0 ? 2 : 1) * for_sums <= room);
    const std::int64_t most = row_bytes > 0 ? (sums ? room - for_sums : room) / row_bytes / 16 * 16 : 0;
    chip_room made;
    made.held = static_cast<int>(most < all ? most : all);
    made.sums = sums;
    made.sum_elements = static_cast<int>(sums ? all : 0);
    made.rows_at = made.sum_elements * sum_bytes;
    made.group_bytes = made.rows_at + made.held * row_bytes;
    return made;
  }
};

}  // namespace fusegrad::simt
