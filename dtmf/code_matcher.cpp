#include "dtmf/code_matcher.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/secret.h"

namespace tapestry::dtmf {

CodeMatcher::CodeMatcher(std::string code) : code_(std::move(code)) {}

CodeMatcher::~CodeMatcher() { wipe(keys_); }

std::optional<Match> CodeMatcher::add(const Press& press) {
  if (code_.empty() || code_.size() > kMostKeys) return std::nullopt;
  const std::size_t place = insert(press);
  const std::size_t earliest = place + 1 > code_.size() ? place + 1 - code_.size() : 0;
  for (std::size_t from = earliest; from <= place && from + code_.size() <= used_; ++from) {
    if (!matches(from)) continue;
    const std::size_t behind = from + code_.size();
    const Match match{times_[from].start, times_[behind - 1].end};
    drop_first(behind);
    return match;
  }
  return std::nullopt;
}

std::size_t CodeMatcher::insert(const Press& press) {
  if (used_ == 2 * code_.size()) drop_first(1);
  std::size_t place = used_;
  for (; place > 0 && times_[place - 1].start > press.start; --place) {
    keys_[place] = keys_[place - 1];
    times_[place] = times_[place - 1];
  }
  keys_[place] = static_cast<std::uint8_t>(press.key);
  times_[place] = {press.start, press.end};
  ++used_;
  return place;
}

bool CodeMatcher::matches(std::size_t from) const noexcept {
  for (std::size_t n = 0; n < code_.size(); ++n) {
    if (keys_[from + n] != static_cast<std::uint8_t>(code_[n])) return false;
    if (n > 0 && times_[from + n].start - times_[from + n - 1].end > kBetweenKeys) return false;
  }
  return true;
}

void CodeMatcher::drop_first(std::size_t count) noexcept {
  std::shift_left(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(used_),
                  static_cast<std::ptrdiff_t>(count));
  std::shift_left(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(used_),
                  static_cast<std::ptrdiff_t>(count));
  used_ -= count;
  wipe(std::span(keys_).subspan(used_));
}

}  // namespace tapestry::dtmf
