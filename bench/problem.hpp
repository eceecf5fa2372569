// The inputs of each workload (fixed seeds, no zeros) and its reference solution, written apart from every rival in the
// next wider type. Knows nothing of timing.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace problem {

enum class workload { mse, huber, focal, gaussian_nll, giou, black_scholes, dice };

struct shape {
  std::size_t inputs, outputs;
  bool has_loss;
};
constexpr shape shape_of(workload w) {
  switch (w) {
    case workload::gaussian_nll: return {3, 2, true};
    case workload::giou: return {8, 4, true};
    case workload::black_scholes: return {4, 4, false};
    default: return {2, 1, true};
  }
}

constexpr double rate = 0.03;  // the scalar argument of Black-Scholes

/// 64-byte aligned, uninitialised, spaced so that arrays do not start at the same offset of a page: equal offsets
/// make loads wait for unrelated stores, by luck of the allocator.
template <class T>
class buffer {
 public:
  buffer(std::size_t n, std::size_t index) {
    std::size_t shift = (index * 5 % 16) * 256;
    raw_.reset(static_cast<char*>(::operator new(n * sizeof(T) + 4096 + 64, std::align_val_t{4096})));
    data_ = reinterpret_cast<T*>(raw_.get() + shift);
  }
  T* data() const { return data_; }

 private:
  struct release {
    void operator()(char* p) const { ::operator delete(p, std::align_val_t{4096}); }
  };
  std::unique_ptr<char, release> raw_;
  T* data_;
};

struct error {
  double loss, gradient;  // relative
};

/// What one element contributes, in the wider type: a term of the loss, and the gradients times n.
template <class R>
struct terms {
  R loss;
  R gradient[4];
};

template <class R>
terms<R> reference_at(workload w, const R* v, R dice_both, R dice_sum) {
  switch (w) {
    case workload::mse: {
      R d = v[0] - v[1];
      return {d * d, {2 * d}};
    }
    case workload::huber: {
      R d = v[0] - v[1], m = std::fabs(d);
      return {m <= 1 ? d * d / 2 : m - R(0.5), {m <= 1 ? d : d / m}};
    }
    case workload::focal: {
      R s = 2 * v[1] - 1, z = s * v[0], a = R(0.75) - R(0.5) * v[1];
      R q = 1 / (1 + std::exp(z)), p = 1 / (1 + std::exp(-z));
      R softplus = z > 0 ? std::log1p(std::exp(-z)) : std::log1p(std::exp(z)) - z;
      return {a * q * q * softplus, {-s * a * q * q * (2 * p * softplus + q)}};
    }
    case workload::gaussian_nll: {
      R d = v[0] - v[1], weight = std::exp(-v[2]);
      return {(v[2] + d * d * weight) / 2, {-d * weight, (1 - d * d * weight) / 2}};
    }
    case workload::giou: {
      R x1 = v[0], y1 = v[1], x2 = v[2], y2 = v[3], u1 = v[4], v1 = v[5], u2 = v[6], v2 = v[7];
      R iw = std::fmin(x2, u2) - std::fmax(x1, u1), ih = std::fmin(y2, v2) - std::fmax(y1, v1);
      bool inside = iw > 0 && ih > 0;
      R inner = inside ? iw * ih : 0;
      R hw = std::fmax(x2, u2) - std::fmin(x1, u1), hh = std::fmax(y2, v2) - std::fmin(y1, v1), hull = hw * hh;
      R join = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - inner;
      R giou = inner / join - (hull - join) / hull;
      // d giou by each side: quotient rule on inner / join + join / hull
      auto slope = [&](R d_area, R d_inner, R d_hull) {
        R d_join = d_area - d_inner;
        return -((d_inner * join - inner * d_join) / (join * join) + (d_join * hull - join * d_hull) / (hull * hull));
      };
      return {1 - giou,
              {slope(-(y2 - y1), inside && x1 > u1 ? -ih : 0, x1 < u1 ? -hh : 0),
               slope(-(x2 - x1), inside && y1 > v1 ? -iw : 0, y1 < v1 ? -hw : 0),
               slope(y2 - y1, inside && x2 < u2 ? ih : 0, x2 > u2 ? hh : 0),
               slope(x2 - x1, inside && y2 < v2 ? iw : 0, y2 > v2 ? hw : 0)}};
    }
    case workload::black_scholes: {
      R s = v[0], k = v[1], t = v[2], sigma = v[3], r = v[4];
      R d1 = (std::log(s / k) + (r + sigma * sigma / 2) * t) / (sigma * std::sqrt(t)), d2 = d1 - sigma * std::sqrt(t);
      R root2 = std::sqrt(R(2)), n1 = std::erfc(-d1 / root2) / 2, n2 = std::erfc(-d2 / root2) / 2;
      R density = std::exp(-d1 * d1 / 2) / std::sqrt(8 * std::atan(R(1)));
      R present = k * std::exp(-r * t) * n2;
      return {
          0,
          {s * n1 - present, n1, s * density * sigma / (2 * std::sqrt(t)) + r * present, s * density * std::sqrt(t)}};
    }
    case workload::dice: {
      R p = 1 / (1 + std::exp(-v[0]));
      return {0, {(2 * dice_both / dice_sum - 2 * v[1]) / dice_sum * p * (1 - p)}};
    }
  }
  return {};
}

/// One workload at one size: inputs, outputs, and how wrong a set of outputs is.
template <class T>
class instance {
 public:
  using wide = std::conditional_t<std::is_same_v<T, float>, double, long double>;

  instance(workload w, std::size_t n) : kind(w), n(n) {
    auto [inputs, outputs, has_loss] = shape_of(w);
    for (std::size_t k = 0; k < inputs; ++k) in_.emplace_back(n, k), in[k] = in_.back().data();
    for (std::size_t k = 0; k < outputs; ++k) out_.emplace_back(n, inputs + k), out[k] = out_.back().data();
    fill();
    for (std::size_t k = 0; k < outputs; ++k)
      for (std::size_t i = 0; i < n; ++i) out[k][i] = T(1);
    solve();
  }

  /// Largest error of the current outputs, relative to the reference, of which a tenth of the root mean square
  /// is the floor (gradients that cancel to nothing have no relative accuracy in any rival).
  error check(double loss) const {
    auto [inputs, outputs, has_loss] = shape_of(kind);
    double worst = 0;
    for (std::size_t k = 0; k < outputs; ++k) {
      wide floor = rms_[k] / 10;
      for (std::size_t i = 0; i < n; i += i + 200 < n ? stride() : 1) {
        wide expected = at(i).gradient[k] * gradient_scale_;
        double e =
            static_cast<double>(std::fabs(static_cast<wide>(out[k][i]) - expected) / (std::fabs(expected) + floor));
        if (!(e <= worst)) worst = e;
      }
    }
    double loss_error = has_loss ? static_cast<double>(std::fabs((wide(loss) - loss_) / loss_)) : 0;
    return {loss_error, worst};
  }
  void spoil() {
    for (std::size_t k = 0; k < shape_of(kind).outputs; ++k)
      for (std::size_t i = 0; i < n; ++i) out[k][i] = T(-12345);
  }
  std::size_t elements() const { return n; }
  /// Bytes read and written once; the dice loss must read its inputs twice.
  double bytes_per_element() const {
    auto [inputs, outputs, has_loss] = shape_of(kind);
    return static_cast<double>(inputs + outputs + (kind == workload::dice ? 2 : 0)) * sizeof(T);
  }

  workload kind;
  std::size_t n;
  const T* in[8] = {};
  T* out[4] = {};

 private:
  std::size_t stride() const { return n <= (1u << 20) ? 1 : 251; }

  terms<wide> at(std::size_t i) const {
    wide v[8] = {};
    for (std::size_t k = 0; k < shape_of(kind).inputs; ++k) v[k] = static_cast<wide>(in[k][i]);
    if (kind == workload::black_scholes) v[4] = static_cast<wide>(static_cast<T>(rate));
    return reference_at<wide>(kind, v, dice_both_, dice_sum_);
  }

  void fill() {
    std::mt19937_64 engine(20240229);
    std::normal_distribution<double> normal;
    auto uniform = [&](double lo, double hi) {
      return lo + (hi - lo) * (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53;
    };
    auto set = [&](std::size_t k, std::size_t i, double x) {
      const_cast<T*>(in[k])[i] = static_cast<T>(std::fabs(x) < 1e-4 && x != 0 ? 1e-4 : x);
    };
    for (std::size_t i = 0; i < n; ++i) {
      switch (kind) {
        case workload::mse:
        case workload::huber:
          set(0, i, 1.5 * normal(engine));
          set(1, i, normal(engine));
          break;
        case workload::focal:
          set(0, i, 3 * normal(engine));
          set(1, i, uniform(0, 1) < 0.3 ? 1 : 0);
          break;
        case workload::gaussian_nll:
          set(0, i, normal(engine));
          set(1, i, normal(engine));
          set(2, i, 0.5 * normal(engine));
          break;
        case workload::giou:
          for (std::size_t box = 0; box < 8; box += 4) {
            double x = uniform(0, 1), y = uniform(0, 1);
            set(box, i, x);
            set(box + 1, i, y);
            set(box + 2, i, x + uniform(0.1, 1));
            set(box + 3, i, y + uniform(0.1, 1));
          }
          break;
        case workload::black_scholes:
          set(0, i, uniform(80, 120));
          set(1, i, uniform(80, 120));
          set(2, i, uniform(0.25, 2));
          set(3, i, uniform(0.15, 0.6));
          break;
        case workload::dice:
          set(0, i, 2 * normal(engine) - 1);
          set(1, i, uniform(0, 1) < 0.3 ? 1 : 0);
          break;
      }
    }
  }

  void solve() {
    if (kind == workload::dice)
      for (std::size_t i = 0; i < n; ++i) {
        wide p = 1 / (1 + std::exp(-static_cast<wide>(in[0][i])));
        dice_both_ += p * static_cast<wide>(in[1][i]);
        dice_sum_ += p + static_cast<wide>(in[1][i]);
      }
    bool averaged = kind != workload::dice && kind != workload::black_scholes;
    gradient_scale_ = averaged ? 1 / static_cast<wide>(n) : 1;
    long double total = 0;
    wide square[4] = {};
    std::size_t seen = 0;
    for (std::size_t i = 0; i < n; i += averaged ? 1 : stride(), ++seen) {
      terms<wide> t = at(i);
      total += static_cast<long double>(t.loss);
      for (int k = 0; k < 4; ++k) square[k] += t.gradient[k] * t.gradient[k];
    }
    for (int k = 0; k < 4; ++k) rms_[k] = std::sqrt(square[k] / static_cast<wide>(seen)) * gradient_scale_;
    loss_ = kind == workload::dice ? 1 - 2 * dice_both_ / dice_sum_
                                   : static_cast<wide>(total / static_cast<long double>(n));
  }

  std::vector<buffer<T>> in_, out_;
  wide loss_ = 0, gradient_scale_ = 1, dice_both_ = 0, dice_sum_ = 0, rms_[4] = {};
};

/// The instance of a workload and size, built on first use; kept, so that all rivals see the same memory.
template <class Instance, class Workload, class... Sizes>
Instance& get(Workload w, Sizes... sizes) {
  static std::map<std::tuple<Workload, Sizes...>, std::unique_ptr<Instance>> all;
  auto& slot = all[{w, sizes...}];
  if (!slot) slot = std::make_unique<Instance>(w, sizes...);
  return *slot;
}

}  // namespace problem
