#include "dtmf/digit_guard.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/secret.h"
#include "dtmf/key.h"

namespace tapestry::dtmf {

DigitGuard::DigitGuard(std::size_t most) : most_(std::min(most, kMostCardDigits)) {}

void DigitGuard::set_most(std::size_t most) noexcept { most_ = std::min(most, kMostCardDigits); }

DigitGuard::~DigitGuard() { wipe(digits_); }

std::optional<Run> DigitGuard::add(const Press& press) {
  const bool same = begun_ && press.start - run_.end <= kBetweenKeys && run_.start - press.end <= kBetweenKeys;
  if (!same) begin(press);
  run_.start = std::min(run_.start, press.start);
  run_.end = std::max(run_.end, press.end);
  if (is_digit_key(press.key)) {
    ++run_.digits;
    if (!run_.card) insert(press);
    run_.card = run_.card || card();
    suspicious_ = suspicious_ || run_.card || many();
    if (run_.card) wipe(digits_);
  }
  return suspicious_ ? std::optional(run_) : std::nullopt;
}

void DigitGuard::begin(const Press& press) noexcept {
  wipe(digits_);
  used_ = 0;
  begun_ = true;
  suspicious_ = false;
  run_ = {.start = press.start, .end = press.end};
}

void DigitGuard::insert(const Press& press) noexcept {
  if (used_ == digits_.size()) {
    std::shift_left(digits_.begin(), digits_.end(), 1);
    std::shift_left(starts_.begin(), starts_.end(), 1);
    --used_;
  }
  std::size_t place = used_;
  for (; place > 0 && starts_[place - 1] > press.start; --place) {
    digits_[place] = digits_[place - 1];
    starts_[place] = starts_[place - 1];
  }
  digits_[place] = static_cast<std::uint8_t>(press.key);
  starts_[place] = press.start;
  ++used_;
}

bool DigitGuard::many() const noexcept {
  if (most_ == 0) return false;
  for (std::size_t first = 0; first + most_ <= used_; ++first) {
    if (starts_[first + most_ - 1] - starts_[first] <= kWindow) return true;
  }
  return false;
}

bool DigitGuard::card() const noexcept {
  const Bytes held = Bytes(digits_).first(used_);
  for (std::size_t count = kLeastCardDigits; count <= used_; ++count) {
    if (passes_luhn(as_text(held.last(count)))) return true;
  }
  return false;
}

}  // namespace tapestry::dtmf
