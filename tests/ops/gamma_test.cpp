// The scalar functions that no C library has, where the oracle's tables do not reach: higher orders.
#include <fusegrad/core/incomplete_math.hpp>

#include "slopes.hpp"

using fusegrad::math::polygamma;

TEST_CASE("polygamma of any order follows its recurrence", "[ops]") {
  // psi_n(x + 1) = psi_n(x) + (-1)^n n! / x^(n+1), across zero and the reflection as well
  for (int n = 1; n <= 10; ++n) {
    double factorial = 1;
    for (int k = 2; k <= n; ++k) factorial *= k;
    for (double x : {-7.3, -2.5, -0.75, -0.25, 0.5, 1.0, 3.5, 11.9, 30.0}) {
      const double low = polygamma(double(n), x), high = polygamma(double(n), x + 1);
      const double step = (n % 2 == 0 ? 1 : -1) * factorial / std::pow(x, n + 1);
      INFO("n = " << n << ", x = " << x);
      CHECK(std::abs(high - low - step) <= 1e-13 * (std::abs(high) + std::abs(low) + std::abs(step)));
    }
  }
}

TEST_CASE("polygamma has poles at zero and NaN where it is not defined", "[ops]") {
  CHECK(polygamma(1.0, 0.0) == slopes::inf);
  CHECK(polygamma(2.0, 0.0) == -slopes::inf);
  CHECK(polygamma(2.0, -0.0) == slopes::inf);
  CHECK(std::isnan(polygamma(-1.0, 1.0)));
  CHECK(std::isnan(polygamma(1.5, 1.0)));
  CHECK(polygamma(3.0, slopes::inf) == 0);
  CHECK(polygamma(0.0, 1.0) == Approx(-0.57721566490153286));
}

TEST_CASE("the derivatives of sinc agree with their series and their recurrence where these meet", "[ops]") {
  for (int n = 1; n <= 6; ++n) {
    const double x = (n + 0.5) / 3.141592653589793;
    const double below = fusegrad::math::sinc_derivative(double(n), x * (1 - 1e-12));
    const double above = fusegrad::math::sinc_derivative(double(n), x * (1 + 1e-12));
    INFO("n = " << n);
    CHECK(std::abs(above - below) <= 1e-10 * std::pow(3.2, n));
  }
}

TEST_CASE("incomplete gamma functions go on where their expansion for large shapes begins", "[ops]") {
  using namespace fusegrad::math;
  for (double sigmas : {-6.0, -2.0, -0.01, 0.0, 0.5, 3.0, 7.0}) {
    // the same quantile of shapes on both sides: P(a, a + s sqrt(a)) moves by some 1e-9 of itself from one to the other
    const double below = 999999.5, above = 1000000.5;
    const double p = gammainc(below, below + sigmas * std::sqrt(below)),
                 q = gammainc(above, above + sigmas * std::sqrt(above));
    INFO("sigmas = " << sigmas << ", " << p << " and " << q);
    CHECK(p == Approx(q).epsilon(1e-7));
    CHECK(gammainc(above, above * (1 + 1e-4 * sigmas)) + gammaincc(above, above * (1 + 1e-4 * sigmas)) ==
          Approx(1).epsilon(1e-15));
    const double x = above + sigmas * std::sqrt(above), step = 1;
    const double slope = (gammainc(above + step, x) - gammainc(above - step, x)) / (2 * step);
    CHECK(gammainc_slope(above, x) == Approx(slope).epsilon(1e-4).margin(1e-16));
  }
  CHECK(gammaincc(1e6, 1e6) == Approx(0.49986701923912741).epsilon(1e-14));
}

TEST_CASE("incomplete functions take their limits at the ends of their domains", "[ops]") {
  using namespace fusegrad::math;
  const double inf = slopes::inf;
  CHECK((gammainc(2.0, 0.0) == 0 && gammaincc(2.0, 0.0) == 1 && gammainc(2.0, inf) == 1 && gammainc(inf, 2.0) == 0));
  CHECK((gammainc(0.0, 1.0) == 1 && std::isnan(gammainc(0.0, 0.0)) && std::isnan(gammainc(inf, inf))));
  CHECK((betainc(2.0, 3.0, 0.0) == 0 && betainc(2.0, 3.0, 1.0) == 1 && std::isnan(betainc(2.0, 3.0, 1.5))));
  CHECK((lbeta(0.0, 2.0) == inf && lbeta(2.0, inf) == -inf && std::isnan(lbeta(-1.0, 2.0)) && lbeta(1.0, 1.0) == 0));
  CHECK(betainc(0.5, 2.5, 0.25) + betainc(2.5, 0.5, 0.75) == Approx(1).epsilon(1e-15));
}
