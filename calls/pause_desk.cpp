#include "calls/pause_desk.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace tapestry::calls {
namespace {

/// A pause that lasts so long is complained of, and then from time to time.
constexpr Duration kAlarm = std::chrono::seconds(120);
constexpr Duration kAlarmAgain = std::chrono::seconds(60);
/// What a host sends on of a stranger's marker comes so soon.
constexpr Duration kRelayed = std::chrono::seconds(5);
/// So late a toggle may be seen again on another leg, or of another stream.
constexpr Duration kSameToggle = std::chrono::seconds(1);
/// Chunks are handed on so late at most (a second, and a tick).
constexpr Duration kChunkLate = std::chrono::seconds(3);
/// A mirror's copies of what is erased come so late (capture::MirrorCopies).
constexpr Duration kCopies = std::chrono::milliseconds(200);

pause::MarkerRule places_of(const pause::MarkerRule& rule) {
  return {.name = rule.name, .destination = rule.destination, .destination_ip = rule.destination_ip};
}

}  // namespace

PauseDesk::PauseDesk(const Rules& rules, CallTable& calls, ConversationTable& conversations, Output& output)
    : rules_(rules), calls_(calls), conversations_(conversations), output_(output), markers_(rules.pauses.markers) {}

void PauseDesk::report(const Asked& asked, bool honoured, std::string why, std::optional<Time> effective) {
  if (recovering_) return;
  output_.marker({.time = asked.mark.at,
                  .rule = asked.mark.rule,
                  .action = std::string(to_string(asked.action)),
                  .message = asked.mark.message,
                  .call_id = asked.mark.call_id,
                  .from = asked.mark.from,
                  .source = asked.source,
                  .destination = asked.destination,
                  .honoured = honoured,
                  .why = std::move(why),
                  .effective = effective});
}

void PauseDesk::refuse(const Asked& asked, std::string why) {
  if (recovering_) return;
  ++refused_;
  report(asked, false, std::move(why), std::nullopt);
}

bool PauseDesk::holds_somewhere(const pause::MarkerRule& rule) const {
  const auto is_its = [&rule](const pause::Holder& holder) {
    return holder.name == rule.name || holder.name.starts_with(rule.name + " ");
  };
  return std::ranges::any_of(paused_, [&](std::uint64_t serial) {
    return calls_.find(serial) != nullptr && std::ranges::any_of(conversations_.of(serial).pauses.holders(), is_its);
  });
}

pause::Markers PauseDesk::with_retired(std::vector<pause::MarkerRule> rules) const {
  std::vector<pause::MarkerRule> retired;
  for (const pause::MarkerRule& old : markers_.rules()) {
    const auto now = std::ranges::find(rules, old.name, &pause::MarkerRule::name);
    const bool stays = now != rules.end();
    // A leg that the old one is about may be none of the new one's.
    const bool goes = !stays || (is_about_places(old) && !same_places(old, *now));
    if (!goes || !holds_somewhere(old)) continue;
    retired.push_back(stays ? places_of(old) : old);
    retired.back().retired = true;
  }
  if (retired.size() > kMaxRetired) {
    throw std::runtime_error("too many markers that pause a conversation now would go: wait until they have ended");
  }
  rules.insert(rules.end(), retired.begin(), retired.end());
  return pause::Markers(std::move(rules));
}

bool PauseDesk::allows(const Call& call, const Asked& asked, Origin origin) {
  if (!counts(conversations_.of(call.serial), asked)) return false;
  if (asked.rule.side == pause::Side::Any || origin == Origin::Agent || origin == Origin::Controller) return true;
  auto& refused = conversations_.of(call.serial).refused_markers;
  if (origin == Origin::Host) {
    const auto last = refused.find(asked.rule.name);
    const bool relayed = last != refused.end() && asked.requested - last->second <= kRelayed;
    if (relayed) refuse(asked, "passed on from the customer's side");
    return !relayed;
  }
  refused.insert_or_assign(asked.rule.name, asked.requested);
  refuse(asked, "from the customer's side");
  return false;
}

pause::Action PauseDesk::action_of(const Call& call, const Asked& asked) {
  if (asked.action != pause::Action::Toggle) return asked.action;
  const bool held = conversations_.of(call.serial).pauses.is_held_by(holder_of(asked));
  return held ? pause::Action::Resume : pause::Action::Pause;
}

bool PauseDesk::is_same_toggle(Conversation& conversation, const Asked& asked) const {
  if (asked.action != pause::Action::Toggle) return false;
  const auto told = conversation.told.find(holder_of(asked));
  if (told != conversation.told.end() && asked.requested <= told->second) return true;
  const auto [last, first] = conversation.toggles.try_emplace(holder_of(asked), asked.place, asked.requested);
  if (first) return false;
  if (last->second.first != asked.place && asked.requested - last->second.second < kSameToggle) return true;
  last->second = {asked.place, asked.requested};
  return false;
}

bool PauseDesk::may_resume(const Call& call, const Asked& asked) {
  const pause::Pauses& pauses = conversations_.of(call.serial).pauses;
  return pauses.is_held_by(holder_of(asked)) || (!asked.rule.retired && pauses.is_held_by(kFailClosed));
}

void PauseDesk::pause(const Call& call, const Asked& asked) {
  Conversation& conversation = conversations_.of(call.serial);
  if (!counts(conversation, asked)) return;
  if (is_same_toggle(conversation, asked)) return refuse(asked, "repeated");
  for (pause::Holder& holder : conversation.pauses.holders()) {
    if (holder.name != holder_of(asked)) continue;
    holder.asked = std::max(holder.asked, asked.requested);
    return report(asked, true, "already paused", std::nullopt);
  }
  const pause::MarkerRule* const found = markers_.find(asked.rule.name);
  assert(found != nullptr);  // it was seen just now
  const pause::MarkerRule& by = *found;
  const Time since = asked.mark.at - std::min(by.pre_roll, rules_.pauses.delay);
  hold(call, {.name = holder_of(asked),
              .mark = asked.mark,
              .asked = asked.requested,
              .since = since,
              .reason = by.reason,
              .post_roll = by.post_roll,
              .longest = by.longest,
              .resumes_by_itself = by.resumes_by_itself});
  report(asked, true, "paused", since);
}

void PauseDesk::write_down(const Call& call, const PauseDecision& decision) {
  if (journal_ != nullptr) journal_->pause({call.serial, call.call_id}, decision);
}

void PauseDesk::apply(const Call& call, PauseDecision decision) {
  const auto tell = [&](const std::string& holder, Time asked) {
    Time& last = conversations_.of(call.serial).told.try_emplace(holder, asked).first->second;
    last = std::max(last, asked);
  };
  if (const auto* holder = std::get_if<pause::Holder>(&decision)) tell(holder->name, holder->asked);
  if (const auto* release = std::get_if<PauseRelease>(&decision)) tell(release->holder, release->at);
  if (auto* holder = std::get_if<pause::Holder>(&decision)) {
    auto& holders = conversations_.of(call.serial).pauses.holders();
    const auto held = std::ranges::find(holders, holder->name, &pause::Holder::name);
    if (held == holders.end()) return do_hold(call, std::move(*holder));
    // It was made longer. The log has what comes again behind a kill twice: in the same order.
    write_down(call, *holder);
    held->longest = holder->longest;
    held->resumes_by_itself = holder->resumes_by_itself;
    held->alarm = held->since + holder->longest.value_or(kAlarm);
    return;
  }
  if (auto* pause = std::get_if<Pause>(&decision)) {
    conversations_.of(call.serial).keyed_digits = true;
    return do_add(call, std::move(*pause));
  }
  if (let_go(call, std::move(std::get<PauseRelease>(decision)))) ++resumes_;
}

bool PauseDesk::let_go(const Call& call, PauseRelease release) {
  pause::Pauses& pauses = conversations_.of(call.serial).pauses;
  if (!pauses.is_held_by(release.holder)) return false;
  write_down(call, release);
  return pauses.release(release.holder, release.at, std::move(release.mark), release.how);
}

void PauseDesk::hold(const Call& call, pause::Holder holder) {
  if (rules_.pauses.ignore || recovering_) return;
  do_hold(call, std::move(holder));
}

void PauseDesk::do_hold(const Call& call, pause::Holder holder) {
  Conversation& conversation = conversations_.of(call.serial);
  const Time since = holder.since;
  holder.alarm = since + holder.longest.value_or(kAlarm);
  if (conversation.pauses.is_held_by(holder.name)) return;
  write_down(call, holder);
  if (!conversation.pauses.hold(std::move(holder))) return;
  ++pauses_;
  paused_.insert(call.serial);
  erase(conversation, since, Time::max());
}

void PauseDesk::prolong(const Call& call, std::string_view holder, std::optional<Duration> longest, Time now) {
  auto& holders = conversations_.of(call.serial).pauses.holders();
  const auto held = std::ranges::find(holders, holder, &pause::Holder::name);
  if (held == holders.end() || !held->longest) return;
  if (longest) {
    held->alarm = std::max(held->alarm, now + *longest);
  } else {
    held->longest.reset();
    held->resumes_by_itself = false;
    held->alarm = now + kAlarm;
  }
  pause::Holder longer = *held;
  if (longer.longest) longer.longest = longer.alarm - longer.since;
  write_down(call, longer);
}

void PauseDesk::resume(const Call& call, const Asked& asked, Time at) {
  Conversation& conversation = conversations_.of(call.serial);
  const auto held = std::ranges::find(conversation.pauses.holders(), holder_of(asked), &pause::Holder::name);
  if (is_same_toggle(conversation, asked)) return refuse(asked, "repeated");
  if (recovering_) return;
  if (held != conversation.pauses.holders().end() && asked.requested < held->asked)
    return refuse(asked, "paused again since it was asked for");
  PauseMark mark = asked.mark;
  mark.at = at;
  const bool by_rule = let_go(call, {.holder = holder_of(asked), .at = at, .how = PauseEnd::Resume, .mark = mark});
  // Anybody may say that something is recorded; nobody knows who that is.
  const bool may_open = asked.rule.kind != pause::Kind::RecordingSession && !asked.rule.retired;
  const bool opened =
      may_open && let_go(call, {.holder = std::string(kFailClosed), .at = at, .how = PauseEnd::Resume, .mark = mark});
  if (!by_rule && !opened) return refuse(asked, "not paused by this rule");
  ++resumes_;
  if (conversation.pauses.holders().empty()) {
    report(asked, true, "resumed", conversation.pauses.list().back().end);
  } else {
    report(asked, true, "still paused by " + conversation.pauses.holders().front().name, std::nullopt);
  }
}

void PauseDesk::release(const Call& call, std::string_view holder, Time at, PauseEnd how,
                        std::optional<PauseMark> mark) {
  if (recovering_) return;
  if (let_go(call, {.holder = std::string(holder), .at = at, .how = how, .mark = std::move(mark)})) ++resumes_;
}

void PauseDesk::add(const Call& call, Pause pause) {
  if (rules_.pauses.ignore || recovering_) return;
  write_down(call, pause);
  do_add(call, std::move(pause));
}

void PauseDesk::do_add(const Call& call, Pause pause) {
  Conversation& conversation = conversations_.of(call.serial);
  Time from = pause.start;
  for (const Pause& have : conversation.pauses.list()) {
    // All before was erased when the run was known to go as far; what came since is at most a chunk late.
    const bool same = have.opened.rule == pause.opened.rule && have.start <= pause.start && pause.start <= have.end;
    if (same && have.end != Time::max()) from = std::max(from, have.end - kChunkLate);
  }
  erase(conversation, from, pause.end);
  const Asked asked{.mark = pause.opened};
  const std::size_t known = conversation.pauses.list().size();
  conversation.pauses.add(std::move(pause));
  ++keyed_;
  if (conversation.pauses.list().size() > known) note(asked, true, "keyed without a pause");
}

void PauseDesk::erase(const Conversation& conversation, Time from, Time to) {
  for (const std::uint64_t serial : conversation.calls) {
    const Call* call = calls_.find(serial);
    if (call == nullptr) continue;
    if (journal_ != nullptr) journal_->erase({call->serial, call->call_id}, from, to);
    for (const OpenTrack& open : call->tracks) {
      if (open.kept) output_.erase(open.track.id, from, to);
    }
  }
}

void PauseDesk::check(Conversation& conversation, Time now) {
  std::vector<std::string> over;
  for (pause::Holder& holder : conversation.pauses.holders()) {
    if (now < holder.alarm) continue;
    if (holder.longest && holder.resumes_by_itself) {
      over.push_back(holder.name);
    } else {
      ++alarms_;
      holder.alarm += kAlarmAgain;
    }
  }
  for (const std::string& name : over) {
    const auto holder = std::ranges::find(conversation.pauses.holders(), name, &pause::Holder::name);
    const Time at = holder->alarm;
    (void)conversation.pauses.release(name, at, std::nullopt, PauseEnd::Timeout);
    ++timeouts_;
  }
}

void PauseDesk::advance(Time now) {
  for (const std::uint64_t serial : conversations_.take_joined_pauses()) {
    if (calls_.find(serial) == nullptr) continue;
    const Conversation& conversation = conversations_.of(serial);
    for (const Pause& pause : conversation.pauses.list()) {
      erase(conversation, pause.start, pause.end == Time::max() ? pause.end : pause.end + kCopies);
    }
    if (!conversation.pauses.holders().empty()) paused_.insert(serial);
  }
  for (auto next = paused_.begin(); next != paused_.end();) {
    const bool open = calls_.find(*next) != nullptr;
    if (open) conversations_.of(*next).pauses.begin_by(now);
    if (open) check(conversations_.of(*next), now);
    if (open && !conversations_.of(*next).pauses.holders().empty()) {
      ++next;
    } else {
      next = paused_.erase(next);
    }
  }
}

Counters PauseDesk::counters() const {
  return {{"pause.pauses", pauses_},     {"pause.resumes", resumes_}, {"pause.refused_markers", refused_},
          {"pause.timeouts", timeouts_}, {"pause.alarms", alarms_},   {"pause.keyed_digits", keyed_}};
}

}  // namespace tapestry::calls
