"""The programs whose time to compile is measured, as text."""
import random

HEADER = "#include <fusegrad/fusegrad.hpp>\n"

FOCAL = HEADER + """#include <vector>
namespace fg = fusegrad;
float focal_loss(const std::vector<float>& logits, const std::vector<float>& targets, std::vector<float>& dlogits) {
  constexpr auto focal = [](auto logit, auto target, auto gamma) {
    auto p  = fg::sigmoid(logit);
    auto pt = p * target + (1 - p) * (1 - target);
    return fg::mean(fg::pow(1 - pt, gamma) * -fg::log(pt));
  };
  float loss;
  fg::value_and_grad<0>(focal).into(loss, dlogits)(logits, targets, 2.0f);
  return loss;
}
"""


def many_arrays(count, into):
    """Value and gradients of a sum of squares of so many arrays, written to the caller's memory or returned."""
    x, g = [f"x{i}" for i in range(count)], [f"g{i}" for i in range(count)]
    loss = f"""  constexpr auto f = []({", ".join("auto " + v for v in x)}) {{
    return fg::sum({" + ".join(f"{v} * {v}" for v in x)});
  }};
"""
    call = f"fg::value_and_grad<{', '.join(map(str, range(count)))}>(f)"
    arguments = ", ".join("const array& " + v for v in x)
    start = HEADER + "#include <vector>\nnamespace fg = fusegrad;\nusing array = std::vector<float>;\n"
    if not into:
        return start + f"auto loss_of({arguments}) {{\n{loss}  return {call}({', '.join(x)});\n}}\n"
    outputs = ", ".join("array& " + v for v in g)
    return start + f"""float loss_of({arguments}, {outputs}) {{
{loss}  float value;
  {call}.into(value, {", ".join(g)})({", ".join(x)});
  return value;
}}
"""


CAMERA = "r0 r1 r2 c0 c1 c2 f u v k1 k2 x y z w m0 m1".split()


def reprojection(form):
    """The Jacobian of the error of Snavely's camera, 30 entries of 17 arrays: returned, `into` memory, or on `par`."""
    entries = ", ".join(f"e{i}" for i in range(30))
    call = f"fg::jacobian<{', '.join(map(str, range(15)))}>(error)"
    call += {"returned": "", "into": f".into({entries})", "par": ".on(fg::par)"}[form]
    outputs = f", array& {entries.replace(', ', ', array& ')}" if form == "into" else ""
    return HEADER + f"""#include <vector>
namespace fg = fusegrad;
using array = std::vector<double>;
constexpr auto error = []({", ".join("auto " + n for n in CAMERA)}) {{
  auto px = x - c0, py = y - c1, pz = z - c2;
  auto angle = fg::sqrt(r0 * r0 + r1 * r1 + r2 * r2);
  auto cosine = fg::cos(angle), sine = fg::sin(angle);
  auto a0 = r0 / angle, a1 = r1 / angle, a2 = r2 / angle;
  auto along = (a0 * px + a1 * py + a2 * pz) * (1 - cosine);
  auto qx = px * cosine + (a1 * pz - a2 * py) * sine + a0 * along;
  auto qy = py * cosine + (a2 * px - a0 * pz) * sine + a1 * along;
  auto qz = pz * cosine + (a0 * py - a1 * px) * sine + a2 * along;
  auto sx = qx / qz, sy = qy / qz;
  auto square = sx * sx + sy * sy;
  auto distortion = 1 + k1 * square + k2 * square * square;
  return fg::outputs(w * (sx * distortion * f + u - m0), w * (sy * distortion * f + v - m1));
}};
{"void" if form == "into" else "auto"} jacobian_of(const array& {", const array& ".join(CAMERA)}{outputs}) {{
  return {call}({", ".join(CAMERA)});
}}
"""


# {a}, {b}, {c}: earlier values; {k}: a literal. Every template adds one to three operations.
STATEMENTS = [
    "{a} * {b} + {k}", "{a} + {b} * {c}", "fg::tanh({a})", "fg::exp(-fg::square({a}))", "{a} - {k} * {b}",
    "fg::where({a} > {b}, {a}, {c})", "fg::sigmoid({a} + {b})", "fg::log1p(fg::square({a}))", "{a} * {b} * {k}",
    "fg::sqrt(fg::square({a}) + 1)", "{a} / (1 + fg::square({b}))", "fg::max({a}, {b})", "fg::sin({a}) * {k}",
]


def generated(statements, seed=1):
    """A long straight-line loss: each statement uses the last value and two recent ones."""
    source = random.Random(seed)
    names, lines = ["x", "y", "z"], []
    for i in range(statements):
        recent = names[-8:]
        text = STATEMENTS[i % len(STATEMENTS)].format(
            a=names[-1], b=source.choice(recent), c=source.choice(recent), k=f"{source.uniform(0.1, 0.9):.4f}")
        lines.append(f"    auto t{i} = {text};")
        names.append(f"t{i}")
    body = "\n".join(lines)
    return HEADER + f"""#include <vector>
#ifdef COUNT
#include <cstdio>
#endif
namespace fg = fusegrad;
float loss_of(const std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& c,
              std::vector<float>& da, std::vector<float>& db, std::vector<float>& dc) {{
  constexpr auto f = [](auto x, auto y, auto z) {{
{body}
    return fg::mean({names[-1]});
  }};
#ifdef COUNT
  std::printf("%d\\n", static_cast<int>(fg::plan(fg::value_and_grad<0, 1, 2>(f), a, b, c).instructions));
  return static_cast<float>(da.size() + db.size() + dc.size());
#else
  float loss;
  fg::value_and_grad<0, 1, 2>(f).into(loss, da, db, dc)(a, b, c);
  return loss;
#endif
}}
#ifdef COUNT
int main() {{
  std::vector<float> a(1, 0.5f), d(1);
  return loss_of(a, a, a, d, d, d) < 0;
}}
#endif
"""


ROWS = HEADER + """#include <vector>
namespace fg = fusegrad;
using matrix = fg::view<const float, 2>;
"""


def layers(count):
    """Value and gradients of so many layer norms, each of the one before: about four loops a layer."""
    lines = "\n".join(f"""    auto c{i} = y{i} - fg::mean(y{i}, fg::axis<-1>, fg::keepdims);
    auto y{i + 1} = fg::tanh(c{i} * fg::rsqrt(fg::mean(fg::square(c{i}), fg::axis<-1>, fg::keepdims) + 0.01f) * s);"""
                      for i in range(count))
    return ROWS + f"""auto loss_of(matrix x, const std::vector<float>& scale) {{
  constexpr auto f = [](auto y0, auto s) {{
{lines}
    return fg::mean(fg::square(y{count}));
  }};
  return fg::value_and_grad<0, 1>(f)(x, scale);
}}
"""


def nested_differences(steps):
    """The gradient of differences of differences, so many deep, by slices of what is computed."""
    lines = "\n".join(f"    auto s{i + 1} = fg::slice(s{i}, fg::axis<-1>, fg::range<1, fg::end>) - "
                      f"fg::slice(s{i}, fg::axis<-1>, fg::range<0, -1>);" for i in range(steps))
    return HEADER + f"""#include <vector>
namespace fg = fusegrad;
auto slope_of(const std::vector<double>& x) {{
  constexpr auto f = [](auto s0) {{
{lines}
    return fg::sum(fg::square(s{steps}));
  }};
  return fg::grad(f)(x);
}}
"""


SINGLE_ELEMENTS = HEADER + """#include <vector>
namespace fg = fusegrad;
auto slope_of(const std::vector<double>& x) {
  constexpr auto f = [](auto a) {
    auto e = [a]<int I>(std::integral_constant<int, I>) { return fg::sum(fg::slice(a, fg::axis<-1>, fg::range<I, I + 1>)); };
    return [e]<int... I>(std::integer_sequence<int, I...>) {
      return (... + fg::square(e(std::integral_constant<int, I>{})));
    }(std::make_integer_sequence<int, 7>{});
  };
  return fg::value_and_grad(f)(x);
}
"""


def lotka_volterra(steps):
    """Value and gradient of predator and prey after so many steps of Runge and Kutta, which a loop in the lambda takes."""
    return HEADER + f"""
namespace fg = fusegrad;
auto slopes_of(double prey, double predators, double a, double b, double c, double d) {{
  constexpr auto f = [](auto x0, auto y0, auto p, auto q, auto r, auto s) {{
    auto x = 1.0 * x0, y = 1.0 * y0;
    const auto dx = [&](auto u, auto v) {{ return p * u - q * u * v; }};
    const auto dy = [&](auto u, auto v) {{ return r * u * v - s * v; }};
    const double h = 0.01;
    for (int step = 0; step < {steps}; ++step) {{
      auto x1 = dx(x, y), y1 = dy(x, y);
      auto x2 = dx(x + h / 2 * x1, y + h / 2 * y1), y2 = dy(x + h / 2 * x1, y + h / 2 * y1);
      auto x3 = dx(x + h / 2 * x2, y + h / 2 * y2), y3 = dy(x + h / 2 * x2, y + h / 2 * y2);
      auto x4 = dx(x + h * x3, y + h * y3), y4 = dy(x + h * x3, y + h * y3);
      x = x + h / 6 * (x1 + 2 * x2 + 2 * x3 + x4);
      y = y + h / 6 * (y1 + 2 * y2 + 2 * y3 + y4);
    }}
    return x * x + y;
  }};
  return fg::value_and_grad<0, 1, 2, 3, 4, 5>(f)(prey, predators, a, b, c, d);
}}
"""


CHECKED_NETWORK = """#include <fusegrad/debug.hpp>
#include <vector>
namespace fg = fusegrad;
using matrix = fg::view<const double, 2>;
auto report_of(matrix x, matrix w1, const std::vector<double>& b1, matrix w2, const std::vector<double>& b2,
               const std::vector<int>& label) {
  constexpr auto product = [](auto a, auto b) {
    return fg::sum(fg::unsqueeze(a, fg::axis<-1>) * fg::unsqueeze(b, fg::axis<0>), fg::axis<-2>);
  };
  constexpr auto loss = [product](auto a, auto v, auto c, auto w, auto d, auto l) {
    return fg::cross_entropy(product(fg::tanh(product(a, v) + c), w) + d, l);
  };
  return fg::check_gradient(loss, x, w1, b1, w2, b2, label);
}
"""


# One step of an LSTM with its four gates, and the pullback of its results, state by state.
LSTM_STEP = ROWS + """auto pullback_of(const std::vector<float>& x, const std::vector<float>& h, const std::vector<float>& c, matrix w,
                 matrix u, const std::vector<float>& b, fg::view<float, 2> dw, fg::view<float, 2> du,
                 std::vector<float>& db, std::vector<float>& dh, std::vector<float>& dc, const std::vector<float>& h_bar,
                 std::vector<float>& next) {
  constexpr auto step = [](auto input, auto hidden, auto cell, auto input_weights, auto hidden_weights, auto bias) {
    auto all = fg::sum(input_weights * input, fg::axis<-1>) + fg::sum(hidden_weights * hidden, fg::axis<-1>) + bias;
    auto forget = fg::sigmoid(all), ingate = fg::sigmoid(2 * all), change = fg::tanh(all), outgate = fg::sigmoid(3 * all);
    return outgate * fg::tanh(cell * forget + ingate * change);
  };
  fg::vjp<1, 2, 3, 4, 5>(step).into(next, dh, dc, dw, du, db)(x, h, c, w, u, b, h_bar);
}
"""
