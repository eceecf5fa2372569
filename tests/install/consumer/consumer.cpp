// A stranger's program.
#include <fusegrad/fusegrad.hpp>

static_assert(fusegrad::grad([](auto x) { return x * x + 2 * x + 1; })(2.0) == 6.0);

int main() {}
