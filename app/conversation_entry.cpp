#include "app/conversation_entry.h"

#include <fmt/format.h>

#include "app/text.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kMostFields = 32;  // of one entry in the journal

/// Whose recording: the first agent's.
std::string agent_of(const ConversationReport& report) {
  for (const DialogReport& dialog : report.dialogs) {
    if (!dialog.agent.empty()) return dialog.agent;
  }
  return "no agent";
}

std::string line_of(const ConversationReport& report) {
  if (!report.fault.empty()) return fmt::format("conversation {} could not be written: {}", report.uuid, report.fault);
  const char* kept = report.already ? "was recorded before" : "recorded";
  return fmt::format("conversation {} {}: {}, {}, {}", report.uuid, kept, clock_text(report.duration), agent_of(report),
                     report.disposition);
}

}  // namespace

service::Entry entry_of(const ConversationReport& report) {
  service::Entry entry{report.fault.empty() ? service::Level::Info : service::Level::Error, printable(line_of(report))};
  entry.fields.push_back({"CONVERSATION", report.uuid});
  entry.fields.push_back({"DISPOSITION", report.disposition});
  for (const std::string& call_id : report.call_ids) {
    if (entry.fields.size() >= kMostFields) break;
    entry.fields.push_back({"CALL_ID", printable(call_id)});
  }
  return entry;
}

}  // namespace tapestry::app
