// The workloads with axes: n rows of m columns in float, their inputs (fixed seed) and their reference solution in
// double, written apart from every rival. Knows nothing of timing.
#pragma once

#include "problem.hpp"

#include <algorithm>

namespace problem {

enum class axes_workload { cross_entropy, layer_norm, bias_gelu, softmax_regression, linear_focal };

constexpr std::size_t classes = 10;  // of the softmax regression
constexpr double layer_norm_epsilon = 1e-5;

/// One workload at one shape: inputs, outputs, and how wrong a set of outputs is.
class axes_instance {
 public:
  axes_instance(axes_workload w, std::size_t n, std::size_t m) : kind(w), n(n), m(m) {
    switch (w) {
      case axes_workload::cross_entropy:
        add_input(n * m, 0, 2);
        add_labels(m);
        add_output(n * m);
        break;
      case axes_workload::layer_norm:
        add_input(n * m, 1, 2);  // x
        add_input(m, 1, 0.1);    // gamma
        add_input(m, 0, 0.1);    // beta
        add_input(n * m, 0, 1);  // dy
        for (std::size_t size : {n * m, n * m, m, m}) add_output(size);
        break;
      case axes_workload::bias_gelu:
        add_input(n * m, 0, 1.5);  // x
        add_input(m, 0, 0.5);      // b
        add_input(n * m, 0, 1);    // dy
        add_output(n * m);
        add_output(m);
        break;
      case axes_workload::softmax_regression:
        add_input(n * m, 0, 0);  // x, replaced by grey values 0, 1/16, ..., 1
        for (std::size_t i = 0; i < n * m; ++i) in_[0].data()[i] = static_cast<float>(engine_() % 17) / 16;
        add_input(classes * m, 0, 0.3);
        add_input(classes, 0, 0.1);
        add_labels(classes);
        add_output(classes * m);
        add_output(classes);
        break;
      case axes_workload::linear_focal:
        add_input(n * m, 0, 1);  // x
        add_input(m, 0, 0.3);    // w
        add_input(1, 0.1, 0);    // b
        add_input(n, 0, 0);      // targets
        for (std::size_t i = 0; i < n; ++i) in_[3].data()[i] = engine_() % 8 < 5 ? 1 : 0;
        add_output(m);
        add_output(1);
        break;
    }
    solve();
    for (std::size_t k = 0; k < expected_.size(); ++k) {
      double square = 0;
      for (double e : expected_[k]) square += e * e;
      rms_.push_back(std::sqrt(square / static_cast<double>(expected_[k].size())));
    }
    spoil();
  }

  /// As for the elementwise workloads: the floor is a tenth of the root mean square of each output.
  error check(double loss) const {
    double worst = 0;
    for (std::size_t k = 0; k < expected_.size(); ++k)
      for (std::size_t i = 0; i < expected_[k].size(); ++i) {
        double e =
            std::fabs(static_cast<double>(out[k][i]) - expected_[k][i]) / (std::fabs(expected_[k][i]) + rms_[k] / 10);
        if (!(e <= worst)) worst = e;
      }
    return {loss_ != 0 ? std::fabs((loss - loss_) / loss_) : 0, worst};
  }
  void spoil() {
    for (std::size_t k = 0; k < expected_.size(); ++k) std::fill_n(out[k], expected_[k].size(), -12345.0f);
  }
  std::size_t elements() const { return n * m; }
  /// Bytes of the arrays of n m elements, each read or written once.
  double bytes_per_element() const {
    switch (kind) {
      case axes_workload::cross_entropy: return 8;
      case axes_workload::layer_norm: return 16;
      case axes_workload::bias_gelu: return 12;
      default: return 4;
    }
  }

  axes_workload kind;
  std::size_t n, m;
  const float* in[4] = {};
  const std::int32_t* label = nullptr;
  float* out[4] = {};

 private:
  void add_input(std::size_t size, double mean, double deviation) {
    std::normal_distribution<double> normal(mean, deviation);
    in_.emplace_back(size, in_.size() + out_.size());
    float* p = in_.back().data();
    for (std::size_t i = 0; i < size; ++i) p[i] = static_cast<float>(deviation != 0 ? normal(engine_) : mean);
    in[in_.size() - 1] = p;
  }
  void add_labels(std::size_t end) {
    labels_.resize(n);
    for (auto& l : labels_) l = static_cast<std::int32_t>(engine_() % end);
    label = labels_.data();
  }
  void add_output(std::size_t size) {
    out_.emplace_back(size, in_.size() + out_.size());
    out[out_.size() - 1] = out_.back().data();
    expected_.emplace_back(size, 0.0);
  }
  double at(std::size_t k, std::size_t i) const { return static_cast<double>(in[k][i]); }

  /// -log of a softmax at the label, summed over the n rows: adds to the loss, gives the derivatives by the logits.
  void cross_entropy_row(std::vector<double>& z, std::int32_t correct) {
    double largest = *std::max_element(z.begin(), z.end()), sum = 0;
    for (double v : z) sum += std::exp(v - largest);
    auto c = static_cast<std::size_t>(correct);
    double count = static_cast<double>(n);
    loss_ += (std::log(sum) + largest - z[c]) / count;
    for (double& v : z) v = std::exp(v - largest) / sum / count;
    z[c] -= 1 / count;
  }

  void solve() {
    std::vector<double> row(kind == axes_workload::softmax_regression ? classes : m);
    double columns = static_cast<double>(m), count = static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t start = i * m;
      switch (kind) {
        case axes_workload::cross_entropy:
          for (std::size_t j = 0; j < m; ++j) row[j] = at(0, start + j);
          cross_entropy_row(row, label[i]);
          std::copy(row.begin(), row.end(), expected_[0].begin() + static_cast<std::ptrdiff_t>(start));
          break;
        case axes_workload::layer_norm: {
          double mean = 0, variance = 0, by_mean = 0, by_scale = 0;
          for (std::size_t j = 0; j < m; ++j) mean += at(0, start + j) / columns;
          for (std::size_t j = 0; j < m; ++j)
            variance += (at(0, start + j) - mean) * (at(0, start + j) - mean) / columns;
          double r = 1 / std::sqrt(variance + layer_norm_epsilon);
          for (std::size_t j = 0; j < m; ++j) {
            double g = at(3, start + j) * at(1, j);
            by_mean += g / columns;
            by_scale += g * (at(0, start + j) - mean) * r / columns;
          }
          for (std::size_t j = 0; j < m; ++j) {
            double normal = (at(0, start + j) - mean) * r, dy = at(3, start + j);
            expected_[0][start + j] = normal * at(1, j) + at(2, j);
            expected_[1][start + j] = r * (dy * at(1, j) - by_mean - normal * by_scale);
            expected_[2][j] += dy * normal;
            expected_[3][j] += dy;
          }
          break;
        }
        case axes_workload::bias_gelu:
          for (std::size_t j = 0; j < m; ++j) {
            double z = at(0, start + j) + at(1, j);
            double slope =
                std::erfc(-z / std::sqrt(2.0)) / 2 + z * std::exp(-z * z / 2) / std::sqrt(8 * std::atan(1.0));
            expected_[0][start + j] = at(2, start + j) * slope;
            expected_[1][j] += at(2, start + j) * slope;
          }
          break;
        case axes_workload::softmax_regression:
          for (std::size_t c = 0; c < classes; ++c) {
            row[c] = at(2, c);
            for (std::size_t j = 0; j < m; ++j) row[c] += at(0, start + j) * at(1, c * m + j);
          }
          cross_entropy_row(row, label[i]);
          for (std::size_t c = 0; c < classes; ++c) {
            expected_[1][c] += row[c];
            for (std::size_t j = 0; j < m; ++j) expected_[0][c * m + j] += row[c] * at(0, start + j);
          }
          break;
        case axes_workload::linear_focal: {
          double v[2] = {at(2, 0), at(3, i)};
          for (std::size_t j = 0; j < m; ++j) v[0] += at(0, start + j) * at(1, j);
          auto focal = reference_at<double>(workload::focal, v, 0, 0);
          loss_ += focal.loss / count;
          expected_[1][0] += focal.gradient[0] / count;
          for (std::size_t j = 0; j < m; ++j) expected_[0][j] += focal.gradient[0] / count * at(0, start + j);
          break;
        }
      }
    }
  }

  std::mt19937_64 engine_{20240229};
  std::vector<buffer<float>> in_, out_;
  std::vector<std::int32_t> labels_;
  std::vector<std::vector<double>> expected_;
  std::vector<double> rms_;
  double loss_ = 0;
};

}  // namespace problem
