// Random programs, made and executed at run time: traced, differentiated, lowered and scheduled as calls do it.
// FUSEGRAD_RANDOM_PROGRAMS says how many; FUSEGRAD_RANDOM_SEED with which to begin.
#include <cstdlib>

#include "../catch.hpp"
#include "check.hpp"

using namespace random_programs;

namespace {

long setting(const char* name, long otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::atol(text) : otherwise;
}

/// Every `parts`-th program, from `part` on.
void check_programs(long part, long parts) {
  const long count = setting("FUSEGRAD_RANDOM_PROGRAMS", 20000), first = setting("FUSEGRAD_RANDOM_SEED", 0);
  tally counts;
  int failures = 0;
  for (long k = part; k < count && failures < 3; k += parts) {
    const recipe r = drawn(static_cast<std::uint64_t>(first + k));
    if (checked(r, counts).empty()) continue;
    ++failures;
    UNSCOPED_INFO(report(r));
    CHECK(false);
  }
  INFO(counts.programs << " programs of at most " << counts.longest << " instructions, " << counts.scheduled
                       << " scheduled; " << counts.values << " values, " << counts.undecided << " undecided; "
                       << counts.differences << " differences, " << counts.rough << " rough; " << counts.second
                       << " second derivatives; " << counts.without_derivative << " without a finite derivative");
  // most of it must have been looked at
  CHECK(counts.undecided < counts.values / 3);
  CHECK(counts.rough < counts.differences / 3);
  CHECK(counts.scheduled > counts.programs / 10 * 7);
  CHECK(counts.second > counts.programs / 20);
}

}  // namespace

TEST_CASE("random programs keep their meaning, the first half") { check_programs(0, 2); }
TEST_CASE("random programs keep their meaning, the second half") { check_programs(1, 2); }
