// The expression-first style: variables, values, backward(), accumulated gradients.
#include <cmath>
#include <fusegrad/fusegrad.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

static_assert(std::is_same_v<decltype(fg::variable(2.0)), fg::variable<double>>);
static_assert(std::is_same_v<decltype(fg::variable(std::vector<float>{})), fg::variable<fg::tensor<float, 1>>>);

TEST_CASE("the textbook example", "[api][variable]") {
  fg::variable x = 2.0;
  auto y = x * x + 2 * x + 1;
  y.backward();
  CHECK(x.grad() == 6);
  CHECK(y.value() == 9);
}

TEST_CASE("gradients add up until they are cleared", "[api][variable]") {
  fg::variable x = 3.0f;
  auto y = x * x;
  y.backward();
  y.backward();
  CHECK(x.grad() == 12);
  (2 * x).backward();
  CHECK(x.grad() == 14);
  x.zero_grad();
  CHECK(x.grad() == 0);
  (x * 5).backward();
  CHECK(x.grad() == 5);
}

TEST_CASE("two variables of one type and value are never confused", "[api][variable]") {
  fg::variable a = 2.0, b = 2.0;
  auto y = a * a * b - b / a;
  y.backward();
  CHECK(a.grad() == 8 + 0.5);
  CHECK(b.grad() == 4 - 0.5);
  CHECK(y.value() == 7);
}

TEST_CASE("one variable used many times accumulates", "[api][variable]") {
  fg::variable x = 1.5;
  auto e = exp(x);
  auto y = x * e + sin(x * x) + e;
  y.backward();
  CHECK(x.grad() == Approx(std::exp(1.5) * 3.5 + 3 * std::cos(2.25)));
}

TEST_CASE("values may change between uses of an expression", "[api][variable]") {
  fg::variable x = 1.0;
  auto y = x * x * x;
  CHECK(y.value() == 1);
  x.value() = 2;
  CHECK(y.value() == 8);
  y.backward();
  CHECK(x.grad() == 12);
  // Newton's method
  x.value() = 3;
  auto f = x * x - 2;
  for (int i = 0; i < 8; ++i) {
    x.zero_grad();
    f.backward();
    x.value() -= f.value() / x.grad();
  }
  CHECK(x.value() == Approx(std::sqrt(2.0)));
}

TEST_CASE("array variables have gradients of their shape and type", "[api][variable]") {
  const std::vector<float> data{1, 2, 3};
  fg::variable x = data;
  fg::variable s = 2.0f;
  auto loss = fg::sum(x * x * s) + fg::mean(x);
  loss.backward();
  static_assert(std::is_same_v<decltype(x.grad()), const fg::tensor<float, 1>&>);
  CHECK(x.grad().size() == 3);
  CHECK(x.grad()[2] == Approx(12 + 1.0 / 3));
  CHECK(s.grad() == 14);
  loss.backward();
  CHECK(s.grad() == 28);
  x.zero_grad();
  CHECK(x.grad()[0] == 0);
  CHECK(data[0] == 1);  // a variable owns a copy
  const auto y = (x * 2).value();
  CHECK(y[1] == 4);
  fg::tensor<double, 2> m({2, 2});
  m(1, 0) = 5;
  fg::variable w = m;
  fg::sum(w * w).backward();
  CHECK(w.grad()(1, 0) == 10);
  CHECK(w.grad().shape() == fg::shape<2>{2, 2});
}

TEST_CASE("a variable made of a strided view holds its elements", "[api][variable]") {
  const double storage[]{1, 9, 2, 9, 3};
  fg::variable x = fg::view<const double, 1>(storage, {3}, {2});
  CHECK(fg::sum(x).value() == 6);
}

TEST_CASE("copies are the same variable", "[api][variable]") {
  fg::variable x = 2.0;
  const fg::variable<double> y = x;
  (x * y).backward();
  CHECK(x.grad() == 4);
  CHECK(y.grad() == 4);
  y.value() = 10;
  CHECK(x.value() == 10);
}

TEST_CASE("an expression outlives the scope of its variables", "[api][variable]") {
  auto make = [] {
    fg::variable x = 3.0;
    fg::variable w = std::vector<double>{1, 2};
    return fg::outputs(fg::sum(w * x * x), x, w);
  };
  const auto [loss, x, w] = make();
  loss.backward();
  CHECK(loss.value() == 27);
  CHECK(x.grad() == 18);
  CHECK(w.grad()[1] == 9);
  auto alone = [] {
    fg::variable x = 4.0;
    return x * x + x;
  }();
  CHECK(alone.value() == 20);
  CHECK_NOTHROW(alone.backward());
}

TEST_CASE("numbers in expressions on variables are kept by value", "[api][variable]") {
  fg::variable x = 2.0;
  auto y = [&x] {
    const double local = 10;
    return x * local + local;
  }();
  CHECK(y.value() == 30);
  y.backward();
  CHECK(x.grad() == 10);
}

TEST_CASE("transforms apply to variables", "[api][variable]") {
  fg::variable x = 2.0;
  auto slope = fg::grad([](auto v) { return v * v * v; })(x);  // 3 x^2
  CHECK(slope.value() == 12);
  slope.backward();
  CHECK(x.grad() == 12);
}

TEST_CASE("a selection passes the gradient of the branch taken", "[api][variable]") {
  fg::variable x = 0.0;
  where(x > 0, sqrt(x), 3 * x).backward();
  CHECK(x.grad() == 3);
}

TEST_CASE("shapes of variables that differ are refused", "[api][variable]") {
  fg::variable a = std::vector<float>{1, 2}, b = std::vector<float>{1, 2, 3};
  CHECK_THROWS_AS(fg::sum(a * b).value(), std::invalid_argument);
  CHECK_THROWS_AS(fg::sum(a * b).backward(), std::invalid_argument);
  CHECK(a.grad()[0] == 0);
}
