// Gradients of a function that has further results, which are returned beside them.
#pragma once

#include "transforms.hpp"

namespace fusegrad {

/// A function whose first result is differentiated; the others, its auxiliary ones, come out of the same pass, after
/// the value and before the gradients:
///
///     auto [loss, logits, dw] = fg::value_and_grad(fg::with_aux([](auto w, auto x, auto target) {
///       auto z = fg::sum(w * x, fg::axis<-1>);
///       return fg::outputs(fg::mean(fg::softplus(z) - target * z), z);
///     }))(w, x, target);
template <class F>
struct with_aux {
  [[no_unique_address]] F f;
  constexpr explicit with_aux(F function) : f(static_cast<F&&>(function)) {}
};

/// {auxiliary result..., gradient...}
template <int... I, class F>
constexpr auto grad(with_aux<F> f) {
  return gradient_of<false, true, F, detail::indices_or_first<I...>>(static_cast<F&&>(f.f));
}

/// {value, auxiliary result..., gradient...}
template <int... I, class F>
constexpr auto value_and_grad(with_aux<F> f) {
  return gradient_of<true, true, F, detail::indices_or_first<I...>>(static_cast<F&&>(f.f));
}

}  // namespace fusegrad
