#include "calls/pause_command.h"

#include <algorithm>
#include <tuple>

#include "calls/identity.h"

namespace tapestry::calls {
namespace {

constexpr std::string_view kCommand = "command";

bool is_agent(const Call& call, const std::string& agent) {
  return std::ranges::any_of(call.sides, [&](const SideEvidence& side) {
    return std::ranges::any_of(side.uris,
                               [&](const std::string& uri) { return uri == agent || user_of(uri) == agent; });
  });
}

bool is_same(const PauseCommand& one, const PauseCommand& another) {
  const auto all = [](const PauseCommand& command) {
    return std::tie(command.action, command.call_id, command.agent, command.number, command.interaction_id, command.by,
                    command.reason, command.longest);
  };
  return all(one) == all(another);
}

Time time_of(const PauseCommand& command, Time now) {
  const bool late = command.action == pause::Action::Resume && command.given && *command.given > now;
  return late && *command.given - now <= kMostLag ? *command.given : now;
}

std::string text_of(const PauseCommand& command, const PauseAnswer& answer) {
  switch (answer.outcome) {
    case PauseOutcome::Done:
      return command.action == pause::Action::Resume ? "resumed" : "paused";
    case PauseOutcome::NoSuchCall:
      return "no such call";
    case PauseOutcome::OtherRequest:
      return "another command had this request id";
    case PauseOutcome::Refused:
      return "pauses are ignored";
    case PauseOutcome::StillPaused:
      return answer.why;
  }
  return {};
}

}  // namespace

std::vector<const Call*> PauseCommands::named(const PauseCommand& command) {
  std::vector<const Call*> found;
  if (!command.call_id.empty()) {
    if (const Call* call = calls_.find(command.call_id)) found.push_back(call);
    return found;
  }
  if (command.number != 0) {
    const Conversation* conversation = conversations_.find(command.number);
    if (conversation == nullptr) return found;
    for (const std::uint64_t serial : conversation->calls) found.push_back(calls_.find(serial));
    return found;
  }
  for (const std::uint64_t serial : calls_.all()) {
    const Call* call = calls_.find(serial);
    const bool of_agent = !command.agent.empty() && !call->over && is_agent(*call, command.agent);
    const bool of_interaction =
        !command.interaction_id.empty() && call->fields.interaction_id == command.interaction_id;
    if (of_agent || of_interaction) found.push_back(call);
  }
  return found;
}

void PauseCommands::pause(const Call& call, const PauseCommand& command, const Asked& asked, PauseAnswer& answer) {
  const pause::Pauses& pauses = conversations_.of(call.serial).pauses;
  if (pauses.is_held_by(kCommand)) {
    desk_.prolong(call, kCommand, command.longest, asked.mark.at);
  } else {
    desk_.hold(call, {.name = std::string(kCommand),
                      .mark = asked.mark,
                      .since = asked.mark.at,
                      .reason = command.reason,
                      .longest = command.longest,
                      .resumes_by_itself = command.longest.has_value()});
  }
  const auto held = std::ranges::find(pauses.holders(), kCommand, &pause::Holder::name);
  if (held == pauses.holders().end()) {
    answer.outcome = PauseOutcome::Refused;
  } else {
    answer.since = std::max(answer.since, held->since);
  }
}

void PauseCommands::resume(const Call& call, const Asked& asked, PauseAnswer& answer) {
  for (const std::string_view holder : {kCommand, kFailClosed}) {
    desk_.release(call, holder, asked.mark.at, PauseEnd::Resume, asked.mark);
  }
  answer.since = asked.mark.at;
  const pause::Pauses& pauses = conversations_.of(call.serial).pauses;
  if (pauses.holders().empty()) return;
  answer.outcome = PauseOutcome::StillPaused;
  answer.why = "still paused by " + pauses.holders().front().name;
}

PauseAnswer PauseCommands::apply(const PauseCommand& command, Time now) {
  if (!command.id.empty()) {
    const auto known = std::ranges::find(done_, command.id, [](const auto& entry) { return entry.first.id; });
    if (known != done_.end() && is_same(known->first, command)) return known->second;
    if (known != done_.end()) {
      PauseAnswer other;
      other.outcome = PauseOutcome::OtherRequest;
      other.why = text_of(command, other);
      return other;
    }
  }
  const Asked asked{.action = command.action,
                    .mark = {.rule = std::string(kCommand),
                             .message = std::string(kCommand),
                             .call_id = command.call_id,
                             .from = command.by,
                             .at = time_of(command, now)}};
  PauseAnswer answer;
  for (const Call* call : named(command)) {
    if (answer.call_ids.empty()) answer.outcome = PauseOutcome::Done;
    answer.call_ids.push_back(call->call_id);
    if (command.action == pause::Action::Resume) {
      resume(*call, asked, answer);
    } else {
      pause(*call, command, asked, answer);
    }
  }
  answer.effective = answer.outcome == PauseOutcome::Done;
  answer.why = text_of(command, answer);
  desk_.note(asked, answer.effective, answer.why);
  if (!command.id.empty() && answer.outcome != PauseOutcome::NoSuchCall) {
    done_.emplace_back(command, answer);
    if (done_.size() > kRemembered) done_.pop_front();
  }
  return answer;
}

}  // namespace tapestry::calls
