// The expression-first style: variables, expressions of them, and backward(), as in PyTorch. The type of an expression
// is still the whole computation, compiled to one loop.
#pragma once

#include "transforms.hpp"

namespace fusegrad {

namespace detail {

/// What the copies of a variable share: its value, its gradient and their number.
template <class T>
struct variable_state {
  T value;
  T gradient;
  long owners = 1;
};

template <element T>
void clear(T& x) {
  x = T{};
}
template <class T, int Rank>
void clear(tensor<T, Rank>& x) {
  for (T& e : x) e = T{};
}
template <element T>
T zero_like(const T&) {
  return T{};
}
template <class T, int Rank>
tensor<T, Rank> zero_like(const tensor<T, Rank>& x) {
  return tensor<T, Rank>(x.shape());
}

template <element T>
void accumulate(T& into, const T& x) {
  into += x;
}
template <class T, int Rank>
void accumulate(tensor<T, Rank>& into, const tensor<T, Rank>& x) {
  for (std::ptrdiff_t i = 0; i < x.size(); ++i) into[i] += x[i];
}

template <class T>
struct stored_value {
  using view_type = std::remove_cvref_t<decltype(fusegrad::view_of(std::declval<const T&>()))>;
  using type = tensor<typename view_type::value_type, view_type::rank>;
};
template <element T>
struct stored_value<T> : std::type_identity<T> {};

}  // namespace detail

/// A number or an array with a gradient. Copies are the same variable, so expressions may outlive the scope in which it
/// was declared. Not for use from several threads at once.
///
///     fg::variable x = 2.0;
///     auto y = x * x + 2 * x + 1;
///     y.backward();
///     x.grad();  // 6
template <class T>
class variable : public expr::expression {
  using state = detail::variable_state<T>;

 public:
  template <class U>
    requires argument<U>
  variable(const U& value) {
    if constexpr (element<U>) {
      state_ = new state{value, T{}};
    } else {
      const auto source = view_of(value);
      T copy = fuse([](auto x) { return stop_gradient(x); })(source);
      state_ = new state{copy, detail::zero_like(copy)};
    }
  }
  variable(const variable& other) : expr::expression(other), state_(other.state_) { ++state_->owners; }
  variable& operator=(const variable&) = delete;
  template <class Y>
  auto operator=(const Y&) {  // not void: clang would lose the user's line
    static_assert(std::is_void_v<Y>,
                  "fusegrad: a variable stays the same variable and cannot be assigned to; change what it holds: "
                  "x.value() = ...");
  }
  ~variable() {
    if (--state_->owners == 0) release(state_);
  }

  /// The value, which may be changed between uses.
  T& value() const { return state_->value; }
  /// The derivatives that backward() has added up since the last zero_grad().
  const T& grad() const { return state_->gradient; }
  void zero_grad() const { detail::clear(state_->gradient); }

  template <class G>
  void accumulate_gradient(const G& g) const {
    detail::accumulate(state_->gradient, g);
  }

 private:
  // out of line: g++ 12 mistakes the last owner's release, once inlined, for a use after free
  [[gnu::noinline]] static void release(state* s) { delete s; }

  state* state_;
};

template <class U>
variable(const U&) -> variable<typename detail::stored_value<U>::type>;

template <class T>
struct expr::leaf_traits<variable<T>> {
  using description = detail::described<T>;
  static decltype(auto) bring(const variable<T>& v) { return detail::bound(std::as_const(v.value())); }
};

namespace detail {

template <class E>
inline constexpr bool is_variable = false;
template <class T>
inline constexpr bool is_variable<variable<T>> = true;

/// The program of an expression on variables: its value, or the gradients with respect to its variables.
template <class E, bool Gradients>
struct trace_variables {
  static constexpr void run(ir::builder& b, ir::buffer<ir::result>& outputs) {
    constexpr int leaf_count = static_cast<int>(std::tuple_size_v<expr::leaf_list<E>>);
    b.expect_arguments(leaf_count);
    expr::root_scope root{&b, 0};
    expr::no_scope outside;
    expr::scope<void, 0, expr::no_scope> here{{}, &outside, &root};
    const ir::symbol y = expr::lower<E>(here);
    if constexpr (!Gradients) {
      outputs.push_back({y.value(), y.dimensions()});
    } else {
      if (b[y.value()].axes != 0) b.fail(ir::trace_error::not_a_scalar);
      ir::buffer<int> results, seeds, sources;
      results.push_back(y.value());
      seeds.push_back(b.constant(1.0));
      int next = 0;
      for (int v = 0; v < b.size(); ++v)
        if (b[v].is(ir::op_kind::input) && b[v].index == next &&
            next < leaf_count) {  // once each, though read along several axes
          ++next;
          if (b[v].weight == strength::literal) continue;
          if (!is_floating(b[v].type)) b.fail(ir::trace_error::integer_argument);
          sources.push_back(v);
        }
      const auto gradients = passes::reverse(b, results, seeds, sources);
      for (int k = 0; k < sources.size(); ++k) {
        int rank = 0;
        while (b[sources[k]].axes >> rank != 0) ++rank;
        outputs.push_back({gradients[k].value, ir::layout{gradients[k].map, rank}});
      }
    }
  }
};

template <class E, bool Gradients, class... L>
auto run_on_leaves(const results<L...>& leaves) {
  using X = executable<trace_variables<E, Gradients>, expr::leaf_description<L>...>;
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return with_parts<X>([](const auto&... inputs) { return run_returning<X, sequential_executor>(inputs...); },
                         expr::leaf_traits<L>::bring(get<K>(leaves))...);
  }(std::index_sequence_for<L...>{});
}

}  // namespace detail

namespace expr {

/// The value of an expression on variables.
template <class E>
auto value_of(const E& e) {
  return detail::run_on_leaves<E, false>(leaves(e));
}

/// Adds the derivatives of an expression to the gradients of its variables.
template <class E>
void backward_from(const E& e) {
  const auto all = leaves(e);
  const auto gradients = detail::run_on_leaves<E, true>(all);
  [&]<class... L>(const results<L...>& found) {
    // each occurrence of a variable is an input of its own; their gradients add up
    constexpr auto position = [] {
      std::array<std::size_t, sizeof...(L) + 1> at{};
      std::size_t k = 0, next = 0;
      ((at[k++] = detail::is_variable<L> ? next++ : 0), ...);
      at[k] = next;
      return at;
    }();
    static_assert(position.back() > 0, "fusegrad: backward() needs an expression that contains an fg::variable");
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      auto add = [&]<std::size_t J>(std::integral_constant<std::size_t, J>) {
        if constexpr (detail::is_variable<std::tuple_element_t<J, results<L...>>>) {
          if constexpr (position.back() == 1) get<J>(found).accumulate_gradient(gradients);
          else get<J>(found).accumulate_gradient(get<position[J]>(gradients));
        }
      };
      (add(std::integral_constant<std::size_t, K>{}), ...);
    }(std::index_sequence_for<L...>{});
  }(all);
}

}  // namespace expr
}  // namespace fusegrad
