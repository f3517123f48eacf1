#include "dtmf/tone_detector.h"

#include <algorithm>

namespace tapestry::dtmf {
namespace {

constexpr std::size_t kPortion = 4096;  // samples that are taken in at a time
constexpr float kEdge = 0.25F;          // of the full power: half of the window is tone
constexpr float kLeastPurity = 0.9F;
constexpr std::int64_t kLookBack = 2;  // strides

}  // namespace

ToneDetector::ToneDetector(std::uint32_t rate_hz)
    : bank_(rate_hz),
      window_(static_cast<std::int64_t>(bank_.window())),
      stride_(std::int64_t{rate_hz} / 40),
      hop_(std::int64_t{rate_hz} / 500),
      shortest_(std::int64_t{rate_hz} * 32 / 1000),  // 35 ms, less what the edges may be wrong
      edge_(std::int64_t{rate_hz} * 3 / 1000),
      longest_break_(std::int64_t{rate_hz} / 50) {}

void ToneDetector::add(std::span<const std::int16_t> samples, std::vector<Tone>& found) {
  while (!samples.empty()) {
    const auto portion = samples.first(std::min(samples.size(), kPortion));
    samples = samples.subspan(portion.size());
    held_.insert(held_.end(), portion.begin(), portion.end());
    end_ += static_cast<std::int64_t>(portion.size());
    while (step(found)) {
    }
    forget();
  }
}

void ToneDetector::finish(std::vector<Tone>& found) {
  finished_ = true;
  while (step(found)) {
  }
}

std::optional<std::int64_t> ToneDetector::sounding() const noexcept {
  return open_ && open_->sure ? std::optional(open_->from) : std::nullopt;
}

std::int64_t ToneDetector::settled() const noexcept {
  if (finished_) return end_;
  if (!open_) return std::max(floor_, next_ - kLookBack * stride_);
  return open_->sure ? open_->last + window_ / 2 : open_->from;
}

bool ToneDetector::step(std::vector<Tone>& found) {
  if (open_) return follow(found);
  if (!reached(next_ + window_)) return false;
  const std::optional<Pair> pair = bank_.judge(at(next_));
  if (!pair) {
    next_ += stride_;
    return true;
  }
  if (!reached(next_ + stride_ + window_) && !finished_) return false;
  begin(*pair);
  return true;
}

void ToneDetector::begin(Pair pair) {
  open_ = {.pair = pair, .full = full_power(pair), .from = next_, .last = next_, .next = next_ + hop_};
  const std::int64_t earliest = std::max({floor_, base_, next_ - kLookBack * stride_});
  std::int64_t first = next_;
  while (first - hop_ >= earliest && sounds_at(first - hop_)) first -= hop_;
  open_->from = first - hop_ < earliest ? earliest : first + window_ / 2 - hop_ / 2;
}

bool ToneDetector::follow(std::vector<Tone>& found) {
  const std::int64_t heard_to = open_->last + window_ / 2 + hop_ / 2;
  if (!reached(open_->next + window_)) {
    if (finished_) close(open_->last + hop_ == open_->next ? end_ : heard_to, found);
    return finished_;
  }
  if (sounds_at(open_->next)) {
    open_->last = open_->next;
  } else if (open_->next - open_->last > longest_break_) {
    close(heard_to, found);
    return true;
  }
  open_->next += hop_;
  if (!open_->sure && heard_to - open_->from >= shortest_) {
    open_->sure = steady(heard_to);
    if (!open_->sure) reject();
  }
  return true;
}

void ToneDetector::close(std::int64_t to, std::vector<Tone>& found) {
  const bool sure = open_->sure || (to - open_->from >= shortest_ && steady(to));
  if (!sure) return reject();
  found.push_back({.key = open_->pair.key(), .from = open_->from, .to = to});
  floor_ = to;
  next_ = std::max(next_ + hop_, to);
  open_.reset();
}

void ToneDetector::reject() noexcept {
  floor_ = std::max(floor_, open_->from);
  next_ += stride_;
  open_.reset();
}

PairPower ToneDetector::full_power(Pair pair) const noexcept {
  PairPower most = bank_.power(at(next_), pair);
  for (std::int64_t one = next_ + hop_; one <= next_ + stride_ && reached(one + window_); one += hop_) {
    if (bank_.judge(at(one)) != pair) continue;
    const PairPower power = bank_.power(at(one), pair);
    most = {std::max(most.row, power.row), std::max(most.column, power.column)};
  }
  return most;
}

bool ToneDetector::sounds_at(std::int64_t position) const noexcept {
  const PairPower power = bank_.power(at(position), open_->pair);
  return power.row >= kEdge * open_->full.row && power.column >= kEdge * open_->full.column;
}

bool ToneDetector::steady(std::int64_t to) const noexcept {
  std::int64_t windows = 0;
  std::int64_t good = 0;
  const std::int64_t end = std::min(to, open_->from + shortest_);
  for (std::int64_t one = open_->from; one + window_ <= end && reached(one + window_); one += window_ / 3) {
    ++windows;
    if (bank_.judge(at(one)) == open_->pair) ++good;
  }
  if (windows == 0 || 4 * good < 3 * windows) return false;
  const std::int64_t begin = open_->from + edge_;
  return bank_.purity({at(begin), static_cast<std::size_t>(end - edge_ - begin)}, open_->pair) >= kLeastPurity;
}

void ToneDetector::forget() {
  const std::int64_t needed = open_ && open_->sure ? open_->last : next_ - kLookBack * stride_;
  if (needed <= base_) return;
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(std::min(needed, end_) - base_));
  base_ = std::min(needed, end_);
}

}  // namespace tapestry::dtmf
