// The scalar functions that no C library has, where the oracle's tables do not reach: higher orders.
#include <fusegrad/core/special_math.hpp>

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
