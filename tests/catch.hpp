// The one door to the test framework: Catch2 version 2 (one header) and version 3 (a library) look the same behind it.
// Tests include this and never <catch2/...> themselves.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/catch_tostring.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
namespace Catch {  // where version 2 has the matchers as well
using Matchers::ContainsSubstring;
using Matchers::EndsWith;
using Matchers::Equals;
using Matchers::Message;
using Matchers::StartsWith;
inline auto Contains(const std::string& part) { return ContainsSubstring(part); }
}  // namespace Catch
using Catch::Approx;  // version 2 has it here
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {  // version 3's name
inline auto ContainsSubstring(const std::string& part) { return Contains(part); }
}  // namespace Catch::Matchers
#endif
