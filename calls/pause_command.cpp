#include "calls/pause_command.h"

#include <algorithm>

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

}  // namespace

std::vector<const Call*> PauseCommands::named(const PauseCommand& command) {
  std::vector<const Call*> found;
  if (!command.call_id.empty()) {
    if (const Call* call = calls_.find(command.call_id)) found.push_back(call);
    return found;
  }
  for (const std::uint64_t serial : calls_.all()) {
    const Call* call = calls_.find(serial);
    if (!command.agent.empty() && !call->over && is_agent(*call, command.agent)) found.push_back(call);
  }
  return found;
}

PauseAnswer PauseCommands::apply(const PauseCommand& command, Time now) {
  if (!command.id.empty()) {
    const auto known = std::ranges::find(done_, command.id, &std::pair<std::string, PauseAnswer>::first);
    if (known != done_.end()) return known->second;
  }
  const Asked asked{.action = command.action,
                    .mark = {.rule = std::string(kCommand),
                             .message = std::string(kCommand),
                             .call_id = command.call_id,
                             .from = command.by,
                             .at = now}};
  PauseAnswer answer;
  for (const Call* call : named(command)) {
    answer.call_ids.push_back(call->call_id);
    answer.effective = true;
    if (command.action == pause::Action::Resume) {
      desk_.release(*call, kCommand, now, PauseEnd::Resume, asked.mark);
    } else {
      desk_.hold(*call, {.name = std::string(kCommand),
                         .mark = asked.mark,
                         .since = now,
                         .reason = command.reason,
                         .longest = command.longest,
                         .resumes_by_itself = command.longest.has_value()});
    }
  }
  answer.why = answer.call_ids.empty()                   ? "no such call"
               : command.action == pause::Action::Resume ? "resumed"
                                                         : "paused";
  desk_.note(asked, answer.effective, answer.why);
  if (!command.id.empty()) {
    done_.emplace_back(command.id, answer);
    if (done_.size() > kRemembered) done_.pop_front();
  }
  return answer;
}

}  // namespace tapestry::calls
