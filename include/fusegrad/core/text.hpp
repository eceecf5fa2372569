// Text made of parts, for errors and explanations, and how an error is raised. Appending, where `"a" +
// std::to_string(n)` would insert: g++ 12 warns of that.
#pragma once

#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fusegrad::detail {

/// A part of a text: a string, or an integer; by default nothing.
class text_part {
 public:
  text_part() = default;
  text_part(const char* text) : text_(text) {}
  text_part(std::string_view text) : text_(text) {}
  text_part(const std::string& text) : text_(text) {}
  text_part(std::integral auto number) : number_(static_cast<long long>(number)), is_number_(true) {}

  void append_to(std::string& text) const {
    if (is_number_) text.append(std::to_string(number_));
    else text.append(text_);
  }

 private:
  std::string_view text_{};
  long long number_ = 0;
  bool is_number_ = false;
};

/// The parts, one after another. A function of so many parts and no template: each program would pay for those that
/// the library's own sentences need.
[[gnu::cold]] inline std::string text_of(text_part a, text_part b = {}, text_part c = {}, text_part d = {},
                                         text_part e = {}, text_part f = {}, text_part g = {}, text_part h = {},
                                         text_part i = {}, text_part j = {}, text_part k = {}, text_part l = {}) {
  std::string text;
  for (const text_part* part : {&a, &b, &c, &d, &e, &f, &g, &h, &i, &j, &k, &l}) part->append_to(text);
  return text;
}

/// Throws the error; where exceptions are switched off, prints its sentence and aborts.
template <class Error>
[[noreturn, gnu::cold, gnu::noinline]] void raise(const Error& error) {
#if defined(__cpp_exceptions)
  throw error;
#else
  std::fprintf(stderr, "%s\n", error.what());
  std::abort();
#endif
}

}  // namespace fusegrad::detail
