// The test programs' main function, compiled once and linked into each of them: the framework is slow to compile.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif

// clang's OpenMP keeps what it allocated for its threads until the process ends; the address sanitizer reads this.
extern "C" const char* __lsan_default_suppressions() { return "leak:libomp.so\n"; }
