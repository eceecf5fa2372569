// The cross-entropy of a softmax over the last axis, with labels or soft targets.
#pragma once

#include "row_functions.hpp"

namespace fusegrad {

/// Options of cross_entropy, in any order after its arguments.
template <operand T>
struct label_smoothing {
  T value;
  constexpr explicit label_smoothing(T amount) : value(amount) {}
};
template <operand T>
struct ignore_index {
  T value;
  constexpr explicit ignore_index(T label) : value(label) {}
};
template <operand T>
struct class_weights {
  T value;
  constexpr explicit class_weights(T weights) : value(weights) {}
};

namespace parts {

/// w x, and 0 where w is 0, however large x is. Derivatives x and w.
inline constexpr struct expected_t : composite<expected_t, 2> {
  static constexpr std::string_view name = "expected";
  static constexpr std::array samples{0.0, 0.5, 3.0};
  static constexpr auto value(auto w, auto x) { return where(w == 0, 0.0, w * x); }
  static constexpr auto partials(symbolic auto w, symbolic auto x, symbolic auto) { return outputs(x, w); }
} expected;

/// Operands: logits, targets, then those of the options that are given.
template <bool Smooth, bool Ignore, bool Weigh>
struct cross_entropy_of : operation<cross_entropy_of<Smooth, Ignore, Weigh>, 2 + Smooth + Ignore + Weigh> {
  static constexpr auto on_symbols(const symbolic auto&... given) {
    const ir::symbol x[]{given...};
    const ir::symbol logits = x[0], target = x[1];
    return target.dimensions().rank < logits.dimensions().rank ? labelled(logits, target, x + 2)
                                                               : soft(logits, target, x + 2);
  }

 private:
  template <symbolic S>
  static constexpr S labelled(const S& logits, const S& target, const S* options) {
    const S hot = index(logits, axis<-1>) == unsqueeze(target, axis<-1>);
    const S chosen = sum(where(hot, logits, 0.0), axis<-1>);
    S known = names_class(logits, target);
    S loss = relative_logsumexp(logits, axis<-1>) - below(chosen, peak(logits, axis<-1>));
    if constexpr (!Smooth && !Ignore && !Weigh) {
      return mean(trusted(known, loss));
    } else {
      S weight = where(target == target, 1.0, 0.0);
      if constexpr (Weigh) {
        const S of_class = options[Smooth + Ignore];
        weight = sum(where(hot, of_class, 0.0), axis<-1>);
      }
      loss = weight * loss;
      if constexpr (Smooth) {
        const S amount = options[0];
        loss = (1 - amount) * loss + amount * mean(each_class(logits, options), axis<-1>);
      }
      if constexpr (Ignore) {
        const S counts = target != options[Smooth];
        loss = where(counts, trusted(known || !counts, loss), 0.0);
        weight = where(counts, weight, 0.0);
      } else {
        loss = trusted(known, loss);
      }
      return sum(loss) / sum(weight);
    }
  }
  template <symbolic S>
  static constexpr S soft(const S& logits, const S& target, const S* options) {
    S wanted = target;
    if constexpr (Smooth) wanted = (1 - options[0]) * target + options[0] / element_count(logits, axis<-1>);
    return mean(sum(expected(wanted, each_class(logits, options)), axis<-1>));
  }

  /// The loss if each class were the right one.
  template <symbolic S>
  static constexpr S each_class(const S& logits, const S* options) {
    const S loss = relative_logsumexp(logits, axis<-1>, keepdims) - below(logits, peak(logits, axis<-1>, keepdims));
    if constexpr (Weigh) return options[Smooth + Ignore] * loss;
    else return loss;
  }
  template <symbolic S>
  static constexpr S names_class(const S& logits, const S& target) {
    const S in_range = target >= 0 && target < element_count(logits, axis<-1>);
    const bool floating = is_floating((*target.owner())[target.value()].type);
    return floating ? in_range && target == floor(target) : in_range;
  }
  /// x with its derivatives; both are NaN where the label is not known.
  template <symbolic S>
  static constexpr S trusted(const S& known, const S& x) {
    return where(known, 1.0, __builtin_nan("")) * x;
  }
};

template <template <class> class Option, class... Given>
constexpr auto option(const Given&... given) {
  auto found = [](const auto& self, const auto& first, const auto&... rest) {
    if constexpr (requires { []<class T>(const Option<T>&) {}(first); }) return outputs(first.value);
    else if constexpr (sizeof...(rest) > 0) return self(self, rest...);
    else return results<>{};
  };
  if constexpr (sizeof...(given) > 0) return found(found, given...);
  else return results<>{};
}

}  // namespace parts

/// The mean over all rows of the cross-entropy between softmax(logits), over the last axis, and targets: labels, of one
/// axis less, or distributions, of as many. logits: [..., classes]. One kernel, with the gradient. A label that names
/// no class makes the loss and the gradient of its row NaN; a class that is not wanted (0) may have a logit of
/// -infinity. Options, as in PyTorch: `fg::label_smoothing(e)` mixes targets with a uniform distribution,
/// `fg::ignore_index(k)` leaves rows with that label out, `fg::class_weights(w)` weighs classes, w: [classes].
///
///     fg::cross_entropy(logits, labels, fg::label_smoothing(0.1))
template <traced Logits, operand Target, class... Option>
constexpr auto cross_entropy(const Logits& logits, const Target& target, const Option&... options) {
  const auto smooth = parts::option<label_smoothing>(options...);
  const auto ignore = parts::option<ignore_index>(options...);
  const auto weigh = parts::option<class_weights>(options...);
  constexpr auto given = [](const auto& o) { return std::tuple_size_v<std::remove_cvref_t<decltype(o)>>; };
  static_assert(given(smooth) + given(ignore) + given(weigh) == sizeof...(Option),
                "fusegrad: cross_entropy takes each of label_smoothing, ignore_index and class_weights at most once");
  return
      [&]<class... S, class... I, class... W>(const results<S...>& s, const results<I...>& i, const results<W...>& w) {
        return [&]<std::size_t... K, std::size_t... L, std::size_t... M>(
                   std::index_sequence<K...>, std::index_sequence<L...>, std::index_sequence<M...>) {
          return adl::apply<parts::cross_entropy_of<(sizeof...(S) > 0), (sizeof...(I) > 0), (sizeof...(W) > 0)>>(
              logits, target, get<K>(s)..., get<L>(i)..., get<M>(w)...);
        }(std::index_sequence_for<S...>{}, std::index_sequence_for<I...>{}, std::index_sequence_for<W...>{});
      }(smooth, ignore, weigh);
}

namespace adl {
using fusegrad::cross_entropy;
}
}  // namespace fusegrad
