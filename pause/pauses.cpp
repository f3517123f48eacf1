#include "pause/pauses.h"

#include <algorithm>
#include <iterator>

namespace tapestry::pause {
namespace {

/// The later end of two, with who brought it about.
void take_later_end(Pause& into, const Pause& from) {
  if (from.end <= into.end) return;
  into.end = from.end;
  into.closed = from.closed;
  into.how = from.how;
}

}  // namespace

bool Pauses::is_held_by(std::string_view name) const noexcept {
  return std::ranges::find(holders_, name, &Holder::name) != holders_.end();
}

bool Pauses::hold(Holder holder) {
  if (is_held_by(holder.name)) return false;
  const bool open = !holders_.empty();
  if (!open) latest_ = {};
  if (open) {
    pauses_.back().start = std::min(pauses_.back().start, holder.since);
    if (holders_.size() == kMaxHolders) return true;
  } else if (!pauses_.empty() && (pauses_.size() == kMaxPauses || holder.since <= pauses_.back().end)) {
    // Within the rolls of the one before: that goes on.
    Pause& last = pauses_.back();
    last.start = std::min(last.start, holder.since);
    latest_ = {.end = last.end, .mark = std::move(last.closed), .how = last.how};
    last.end = Time::max();
    last.closed.reset();
  } else {
    pauses_.push_back({.start = holder.since, .end = Time::max(), .reason = holder.reason, .opened = holder.mark});
  }
  holders_.push_back(std::move(holder));
  return true;
}

bool Pauses::release(std::string_view name, Time at, std::optional<PauseMark> mark, PauseEnd how) {
  const auto holder = std::ranges::find(holders_, name, &Holder::name);
  if (holder == holders_.end()) return false;
  take_later({.end = at + holder->post_roll, .mark = std::move(mark), .how = how});
  holders_.erase(holder);
  if (!holders_.empty() || pauses_.size() == kMaxPauses) return true;
  Pause& last = pauses_.back();
  last.end = std::max(last.start, latest_.end);
  last.closed = std::move(latest_.mark);
  last.how = latest_.how;
  return true;
}

void Pauses::take_later(Release release) {
  if (release.end > latest_.end) latest_ = std::move(release);
}

void Pauses::add(Pause pause) {
  for (Pause& have : pauses_) {
    if (have.opened.rule != pause.opened.rule || pause.start < have.start || pause.start > have.end) continue;
    return take_later_end(have, pause);
  }
  if (pauses_.size() + 1 >= kMaxPauses) {
    // What cannot be listed any more is covered all the same.
    Pause& last = pauses_.back();
    last.start = std::min(last.start, pause.start);
    take_later_end(last, pause);
    return;
  }
  // The open one stays the last.
  pauses_.insert(holders_.empty() ? pauses_.end() : std::prev(pauses_.end()), std::move(pause));
}

void Pauses::begin_by(Time now) noexcept {
  if (!holders_.empty()) pauses_.back().start = std::min(pauses_.back().start, now);
}

void Pauses::join(Pauses&& from) {
  const bool open = !holders_.empty();
  const bool other_open = !from.holders_.empty();
  std::optional<Pause> last;
  if (other_open) {
    last = std::move(from.pauses_.back());
    from.pauses_.pop_back();
  }
  for (Pause& pause : from.pauses_) add(std::move(pause));
  if (open && other_open) {
    take_later(std::move(from.latest_));
  } else if (other_open) {
    latest_ = std::move(from.latest_);
  }
  if (last && open) {
    pauses_.back().start = std::min(pauses_.back().start, last->start);
  } else if (last) {
    pauses_.push_back(std::move(*last));
  }
  for (Holder& holder : from.holders_) {
    if (!is_held_by(holder.name) && holders_.size() < kMaxHolders) holders_.push_back(std::move(holder));
  }
}

bool Pauses::is_covered_only_by(std::string_view rule, Time time) const noexcept {
  const auto by_others = [&](const Pause& pause) {
    return pause.start <= time && time < pause.end && pause.opened.rule != rule;
  };
  return covers(time) && std::ranges::none_of(pauses_, by_others);
}

bool Pauses::covers(Time time) const noexcept {
  return std::ranges::any_of(pauses_, [time](const Pause& pause) { return pause.start <= time && time < pause.end; });
}

std::vector<Pause> Pauses::finished(Time end) const {
  std::vector<Pause> sorted = pauses_;
  std::ranges::sort(sorted, {}, &Pause::start);
  std::vector<Pause> all;
  for (Pause& pause : sorted) {
    if (pause.end > end) {
      pause.end = end;
      if (!pause.closed) pause.how = PauseEnd::CallEnd;
    }
    if (pause.start >= pause.end) continue;
    if (!all.empty() && pause.start <= all.back().end) {
      take_later_end(all.back(), pause);
    } else {
      all.push_back(std::move(pause));
    }
  }
  return all;
}

}  // namespace tapestry::pause
