// Hessian-vector products of softmax and its relatives against their closed forms, written out for each row. That of
// logsumexp is compiled, the others are tried as rules.
#include "arrays.hpp"

namespace fg = fusegrad;
using namespace oracle::axes;

namespace {

using row = std::vector<double>;

double dot(const row& a, const row& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

row softmax_of(const row& x) {
  double top = -inf, sum = 0;
  for (double v : x) top = std::max(top, v);
  row p;
  for (double v : x) p.push_back(std::exp(v - top));
  for (double v : p) sum += v;
  for (double& v : p) v /= sum;
  return p;
}

/// p (v - p.v): the change of the softmax p when its argument moves along v.
row moved(const row& p, const row& v) {
  row result;
  for (std::size_t i = 0; i < p.size(); ++i) result.push_back(p[i] * (v[i] - dot(p, v)));
  return result;
}

template <class T>
row row_of(const fg::tensor<T, 2>& a, std::ptrdiff_t i) {
  return row(a.data() + i * a.extent(1), a.data() + (i + 1) * a.extent(1));
}

const std::vector<fg::shape<2>> shapes{{1, 1}, {3, 5}, {7, 4}, {4, 17}, {2, 33}, {5, 70}, {33, 3}, {1, 200}};

/// Compares hvp(x, v, others...) with expected(x, v, i), a row at a time.
template <class T>
void compare_rows(auto hvp, auto expected, double tolerance = 32) {
  for (const auto& shape : shapes) {
    const auto x = random<T, 2>(shape, 1), v = random<T, 2>(shape, 2);
    const std::vector<double> got = hvp(x, v);
    REQUIRE(got.size() == static_cast<std::size_t>(x.size()));
    for (std::ptrdiff_t i = 0; i < shape[0]; ++i) {
      const row want = expected(row_of(x, i), row_of(v, i), i, shape);
      for (std::size_t k = 0; k < want.size(); ++k) {
        const T element = static_cast<T>(got[static_cast<std::size_t>(i * shape[1]) + k]);
        CAPTURE(shape[0], shape[1], i, k, want[k], element);
        CHECK(near(element, want[k], tolerance));
      }
    }
  }
}

template <class T>
void compare_logsumexp() {
  compare_rows<T>(
      [](const auto& x, const auto& v) {
        const fg::tensor<T, 2> h = fg::hvp<0>([](auto a) { return fg::sum(fg::logsumexp(a, fg::axis<-1>)); })(x, v);
        REQUIRE(h.shape() == x.shape());
        return oracle::elements_of(h);
      },
      [](const row& x, const row& v, std::ptrdiff_t, auto) { return moved(softmax_of(x), v); });
}

std::vector<std::int64_t> labels_for(const fg::shape<2>& shape) {
  std::vector<std::int64_t> labels;
  for (std::ptrdiff_t i = 0; i < shape[0]; ++i) labels.push_back((3 * i + 1) % shape[1]);
  return labels;
}

}  // namespace

TEST_CASE("the Hessian of logsumexp is diag(p) - p p'", "[oracle][axes][closed_forms]") {
  compare_logsumexp<double>();
  compare_logsumexp<float>();
}

TEST_CASE("the Hessian of a weighted softmax", "[oracle][axes][closed_forms]") {
  compare_rows<double>(
      [](const auto& x, const auto& v) {
        const auto w = random<double, 2>(x.shape(), 3);
        return oracle::elements(fg::hvp<0>([](auto a, auto b) { return fg::sum(b * fg::softmax(a, fg::axis<-1>)); }), x,
                                w, v);
      },
      [](const row& x, const row& v, std::ptrdiff_t i, const fg::shape<2>& shape) {
        const row w = row_of(random<double, 2>(shape, 3), i), p = softmax_of(x), q = moved(p, v);
        row h;
        for (std::size_t k = 0; k < p.size(); ++k) h.push_back(q[k] * (w[k] - dot(p, w)) - p[k] * dot(q, w));
        return h;
      });
}

TEST_CASE("the Hessian of a weighted log-softmax", "[oracle][axes][closed_forms]") {
  compare_rows<double>(
      [](const auto& x, const auto& v) {
        const auto w = random<double, 2>(x.shape(), 3);
        return oracle::elements(
            fg::hvp<0>([](auto a, auto b) { return fg::sum(b * fg::log_softmax(a, fg::axis<-1>)); }), x, w, v);
      },
      [](const row& x, const row& v, std::ptrdiff_t i, const fg::shape<2>& shape) {
        const row w = row_of(random<double, 2>(shape, 3), i);
        row h = moved(softmax_of(x), v);
        for (double& k : h) k *= -dot(w, row(w.size(), 1));
        return h;
      },
      256);
}

TEST_CASE("the Hessian of cross-entropy with labels is that of logsumexp", "[oracle][axes][closed_forms]") {
  compare_rows<double>(
      [](const auto& x, const auto& v) {
        return oracle::elements(fg::hvp<0>([](auto a, auto y) { return fg::cross_entropy(a, y); }), x,
                                labels_for(x.shape()), v);
      },
      [](const row& x, const row& v, std::ptrdiff_t, const fg::shape<2>& shape) {
        row h = moved(softmax_of(x), v);
        for (double& k : h) k /= static_cast<double>(shape[0]);
        return h;
      });
}

TEST_CASE("the Hessian of cross-entropy with class weights and label smoothing", "[oracle][axes][closed_forms]") {
  compare_rows<double>(
      [](const auto& x, const auto& v) {
        auto w = random<double, 1>({x.extent(1)}, 4);
        for (double& k : w) k = std::abs(k);
        constexpr auto loss = [](auto a, auto y, auto b) {
          return fg::cross_entropy(a, y, fg::class_weights(b), fg::label_smoothing(0.25));
        };
        return oracle::elements(fg::hvp<0>(loss), x, labels_for(x.shape()), w, v);
      },
      [](const row& x, const row& v, std::ptrdiff_t i, const fg::shape<2>& shape) {
        row w;
        const auto labels = labels_for(shape);
        double all = 0, of_labels = 0;
        for (std::ptrdiff_t k = 0; k < shape[1]; ++k) {
          w.push_back(std::abs(made(4, static_cast<std::uint64_t>(k))));
          all += w.back();
        }
        for (std::int64_t y : labels) of_labels += w[static_cast<std::size_t>(y)];
        const double own = w[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])];
        row h = moved(softmax_of(x), v);
        for (double& k : h) k *= (0.75 * own + 0.25 * all / static_cast<double>(shape[1])) / of_labels;
        return h;
      });
}

TEST_CASE("the Hessian of the norm projects onto what is orthogonal", "[oracle][axes][closed_forms]") {
  compare_rows<double>(
      [](const auto& x, const auto& v) {
        return oracle::elements(fg::hvp<0>([](auto a) { return fg::sum(fg::norm(a, fg::axis<-1>)); }), x, v);
      },
      [](const row& x, const row& v, std::ptrdiff_t, auto) {
        const double length = std::sqrt(dot(x, x));
        row h;
        for (std::size_t k = 0; k < x.size(); ++k) h.push_back((v[k] - x[k] * dot(x, v) / (length * length)) / length);
        return h;
      },
      512);
}
