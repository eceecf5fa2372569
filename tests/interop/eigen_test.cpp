// Eigen's types as arguments and outputs, in either storage order, whole and in part.
#include <Eigen/Core>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/interop/eigen.hpp>
#include <vector>

#include "catch.hpp"

namespace fg = fusegrad;

namespace {
template <class T>
using view_type = decltype(fg::view_of(std::declval<T&>()));
constexpr auto twice = fg::fuse([](auto x) { return 2 * x; });
}  // namespace

static_assert(std::is_same_v<view_type<Eigen::ArrayXf>, fg::view<float, 1>> &&
              std::is_same_v<view_type<const Eigen::VectorXd>, fg::view<const double, 1>> &&
              std::is_same_v<view_type<Eigen::MatrixXf>, fg::view<float, 2>>);
static_assert(!fg::viewable<decltype(Eigen::ArrayXf() + Eigen::ArrayXf())>);  // not in memory

TEST_CASE("Eigen's vectors are arguments and outputs", "[interop][eigen]") {
  Eigen::ArrayXf x(5);
  x << 1, 2, 3, 4, 5;
  const Eigen::RowVectorXf t = Eigen::RowVectorXf::Constant(5, 2.0f);
  Eigen::VectorXf dx(5);
  float loss = 0;
  fg::value_and_grad([](auto a, auto b) { return fg::sum(fg::square(a - b)); }).into(loss, dx)(x, t);
  CHECK(loss == 1 + 0 + 1 + 4 + 9);
  CHECK(dx(4) == 6);
}

TEST_CASE("Eigen's matrices have rank 2 in either storage order", "[interop][eigen]") {
  Eigen::Matrix<double, 2, 3, Eigen::RowMajor> rows;
  rows << 1, 2, 3, 4, 5, 6;
  const Eigen::MatrixXd columns = rows;
  const auto sum = fg::fuse([](auto a, auto b) { return 10 * a + b; })(rows, columns);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) CHECK(sum(i, j) == 11 * rows(i, j));
  Eigen::ArrayXXd out(2, 3);
  twice.into(out)(columns);
  CHECK(out(1, 0) == 8);
  CHECK(out(0, 2) == 6);
}

TEST_CASE("blocks and maps of Eigen's touch only their own elements", "[interop][eigen]") {
  Eigen::MatrixXf m = Eigen::MatrixXf::Constant(4, 5, -1.0f);
  const std::vector<float> memory{1, 9, 2, 9, 3, 9};
  const Eigen::Map<const Eigen::VectorXf, 0, Eigen::InnerStride<2>> every_other(memory.data(), 3);
  auto row = m.row(2).segment(1, 3);
  twice.into(row)(every_other);
  CHECK(m(2, 1) == 2);
  CHECK(m(2, 3) == 6);
  CHECK((m.array() == -1).count() == 17);
  auto block = m.block(0, 0, 2, 2);
  twice.into(block)(m.block(1, 2, 2, 2));
  CHECK(m(0, 0) == -2);
  CHECK(m(1, 0) == 8);
}
