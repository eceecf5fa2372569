// An op of one's own, with the same rights as the built-in ones: how high Mercator's map draws a latitude.
#include <fusegrad/debug.hpp>

#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

namespace fg = fusegrad;

/// y = asinh(tan(latitude)), dy/dlatitude = 1 / cos(latitude): the factor by which the map stretches.
inline constexpr struct mercator_t : fg::elementwise<mercator_t, 1> {
  static constexpr std::string_view name = "mercator";
  static constexpr auto value(auto latitude) {
    using fg::math::asinh, fg::math::tan;  // for plain numbers; SIMD packs bring their own
    return asinh(tan(latitude));
  }
  static constexpr auto partials(fg::symbolic auto latitude, fg::symbolic auto) { return 1 / fg::cos(latitude); }
} mercator;

struct place {
  const char* name;
  float latitude;
};
constexpr std::array places{place{"Quito", -0.2f}, place{"Cairo", 30.0f}, place{"Rome", 41.9f}, place{"Oslo", 59.9f},
                            place{"Longyearbyen", 78.2f}};

int main() {
  constexpr float degree = 3.14159265f / 180;
  std::vector<float> latitude;
  for (const place& p : places) latitude.push_back(p.latitude * degree);

  // Forward mode with tangent 1 gives each height and its derivative; the op fuses and vectorises like any other.
  auto [height, stretch] = fg::jvp<0>([](auto x) { return mercator(x); })(latitude, 1.0f);
  std::printf("%-13s %9s %7s %8s\n", "", "latitude", "height", "stretch");
  for (std::size_t i = 0; i < places.size(); ++i)
    std::printf("%-13s %8.1f° %7.3f %7.2fx\n", places[i].name, static_cast<double>(places[i].latitude), height[i],
                stretch[i]);

  const auto check = fg::check_gradient([](auto x) { return fg::sum(mercator(x)); }, latitude);
  std::printf("\n%s\n", check.text().c_str());
  return check ? 0 : 1;
}
