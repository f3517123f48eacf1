#include "core/card_numbers.h"

#include <algorithm>

namespace tapestry {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t run_end(std::string_view text, std::size_t from) noexcept {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

/// End of the longest card number that begins with the run of digits at `from`; `from` itself when none does.
std::size_t card_end(std::string_view text, std::size_t from) noexcept {
  std::size_t found = from;
  std::size_t digits = 0;
  for (std::size_t begin = from;;) {
    const std::size_t end = run_end(text, begin);
    digits += end - begin;
    if (digits > kMostCardDigits) return found;
    if (digits >= kLeastCardDigits && passes_luhn(text.substr(from, end - from))) found = end;
    const bool joined = end + 1 < text.size() && (text[end] == ' ' || text[end] == '-') && is_digit(text[end + 1]);
    if (!joined) return found;
    begin = end + 1;
  }
}

}  // namespace

bool passes_luhn(std::string_view text) noexcept {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t at = text.size(); at > 0; --at) {
    const char c = text[at - 1];
    if (!is_digit(c)) continue;
    const unsigned value = static_cast<unsigned>(c - '0') * (twice ? 2U : 1U);
    sum += value > 9 ? value - 9 : value;
    twice = !twice;
  }
  return sum % 10 == 0;
}

std::string mask_card_numbers(std::string_view text) {
  std::string masked(text);
  std::size_t hidden = 0;  // all before it is masked already
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    const std::size_t end = card_end(text, at);
    for (std::size_t n = std::max(at, hidden); n < end; ++n) {
      if (is_digit(text[n])) masked[n] = 'X';
    }
    hidden = std::max(hidden, end);
    at = run_end(text, at);
  }
  return masked;
}

}  // namespace tapestry
