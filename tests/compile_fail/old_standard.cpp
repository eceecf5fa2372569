// Before C++20 nothing of the library can be read, and nothing more is said.
// expect: fusegrad needs C++20: compile with -std=c++20
// flags: -std=c++17
// lines: 15
#include <fusegrad/fusegrad.hpp>
