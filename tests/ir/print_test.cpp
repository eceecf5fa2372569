// Programs as text, compared with what was approved, so that a change of fusion shows in review. To approve the present
// text: run this test with the environment variable FUSEGRAD_APPROVE set, and read the difference.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <fusegrad/fusegrad.hpp>
#include <sstream>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {

void approve(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::path(__FILE__).parent_path() / "approved" / (name + ".txt");
  if (std::getenv("FUSEGRAD_APPROVE") != nullptr) std::ofstream(file) << text;
  std::ifstream stream(file);
  REQUIRE(stream);
  std::ostringstream approved;
  approved << stream.rdbuf();
  INFO("to approve: run with FUSEGRAD_APPROVE=1 and review tests/ir/approved/" << name << ".txt");
  CHECK(text == approved.str());
}

const std::vector<float> x, t;

struct two_values {
  static constexpr void run(fg::ir::builder& b, fg::ir::buffer<fg::ir::result>& outputs) {
    const int a = b.input(0, fg::dtype::f32, fg::ir::axis_set{1}, fg::strength::array),
              s = b.input(1, fg::dtype::f64, fg::ir::axis_set{}, fg::strength::scalar);
    const int y = b.emit(fg::ir::info<fg::mul_t>, a, b.constant(0.1, fg::dtype::f32));
    outputs.push_back(b.emit(fg::ir::info<fg::less_t>, y, b.emit(fg::ir::info<fg::exp_t>, s)));
  }
};

}  // namespace

TEST_CASE("a value prints as its name, type, operation and operands", "[ir][print]") {
  const auto& p = fg::ir::frozen<two_values>::value;
  CHECK(fg::ir::to_string(p, 0) == "%0 : f32[i] = input 0");
  CHECK(fg::ir::to_string(p, 1) == "%1 : f64 = input 1");
  CHECK(fg::ir::to_string(p, 2) == "%2 : f32 = constant 0.1");
  CHECK(fg::ir::to_string(p, 3) == "%3 : f32[i] = mul %0 0.1");
  CHECK(fg::ir::to_string(p, p.outputs[0]) == "%6 : bool[i] = less %3 %5");
}

TEST_CASE("constants print without needless digits", "[ir][print]") {
  CHECK(fg::ir::constant_text(2) == "2");
  CHECK(fg::ir::constant_text(-0.0) == "-0");
  CHECK(fg::ir::constant_text(0.5) == "0.5");
  CHECK(fg::ir::constant_text(1e-30) == "1e-30");
  CHECK(fg::ir::constant_text(__builtin_inf()) == "inf");
  CHECK(fg::ir::constant_text(-__builtin_inf()) == "-inf");
  CHECK(fg::ir::constant_text(__builtin_nan("")) == "nan");
}

TEST_CASE("a scalar derivative is as short as by hand", "[ir][print]") {
  approve("polynomial_gradient", fg::explain(fg::grad([](auto v) { return v * v + 2 * v + 1; }), 2.0));
}

TEST_CASE("the mean squared error and its gradient are one kernel", "[ir][print]") {
  approve("mse", fg::explain(fg::value_and_grad([](auto a, auto b) { return fg::mean(fg::square(a - b)); }), x, t));
}

TEST_CASE("the dice loss and its gradient are two kernels", "[ir][print]") {
  const auto dice = [](auto logit, auto target) {
    const auto p = fg::sigmoid(logit);
    return 1 - 2 * fg::sum(p * target) / (fg::sum(p) + fg::sum(target));
  };
  approve("dice", fg::explain(fg::value_and_grad(dice), x, t));
}

TEST_CASE("the focal loss and its gradient are one kernel", "[ir][print]") {
  const auto focal = [](auto logit, auto target) {
    const auto s = 2 * target - 1, z = s * logit, a = 0.75 - 0.5 * target;
    return fg::mean(a * fg::square(fg::sigmoid(-z)) * fg::softplus(-z));
  };
  approve("focal", fg::explain(fg::value_and_grad(focal), x, t));
}
