#include "app/report_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/text.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;
// The vCon's path comes last and is never cut: it is there to be copied.
constexpr std::array<std::size_t, kColumns> kWidest = {19, 9, 30, 30, 30, 28, 4, 255};

std::string without_scheme(const std::string& uri) {
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    if (uri.starts_with(scheme)) return uri.substr(scheme.size());
  }
  return uri;
}

void add_word(std::string& list, const std::string& word) {
  if (word.empty() || (", " + list + ",").find(", " + word + ",") != std::string::npos) return;
  list += (list.empty() ? "" : ", ") + word;
}

std::string outcome_of(const ConversationReport& conversation) {
  if (!conversation.fault.empty()) return "fault";
  if (conversation.already) return "already recorded";
  std::string codecs;
  for (const DialogReport& dialog : conversation.dialogs) {
    for (const std::string& codec : dialog.codecs) add_word(codecs, codec);
  }
  return codecs.empty() ? conversation.disposition : conversation.disposition + " " + codecs;
}

Row row_of(const ConversationReport& conversation) {
  std::string agents;
  std::size_t gaps = 0;
  for (const DialogReport& dialog : conversation.dialogs) {
    if (dialog.type == "recording") add_word(agents, without_scheme(dialog.agent));
    gaps += dialog.gaps.size();
  }
  Row row = {date_text(conversation.start),
             clock_text(conversation.duration),
             without_scheme(conversation.from),
             without_scheme(conversation.to),
             agents,
             outcome_of(conversation),
             conversation.already ? "-" : std::to_string(gaps),
             conversation.vcon.empty() ? "-" : conversation.vcon};
  for (std::string& cell : row) cell = printable(cell);
  return row;
}

std::string draw(const std::vector<Row>& rows) {
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::min(kWidest[i], std::max(widths[i], width_of(row[i])));
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < kColumns; ++i) text += fit(row[i], widths[i]) + "  ";
    text += row.back() + "\n";
  }
  return text;
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

}  // namespace

std::string to_table(const Report& report) {
  std::vector<Row> rows = {{"start (UTC)", "duration", "from", "to", "agent", "outcome", "gaps", "vCon"}};
  std::size_t calls = 0;
  std::size_t already = 0;
  for (const ConversationReport& conversation : report.conversations) {
    rows.push_back(row_of(conversation));
    calls += conversation.call_ids.size();
    already += conversation.already ? 1U : 0U;
  }
  std::uint64_t packets = 0;
  for (const CaptureReport& capture : report.captures) packets += capture.info.packets;
  std::string text = report.conversations.empty() ? "no conversations found\n" : draw(rows);
  text += fmt::format("\n{}, {}, {}, {}, {}, {:.2f} s, output in {}\n", plural(packets, "packet", "packets"),
                      plural(report.conversations.size(), "conversation", "conversations"),
                      plural(calls, "call", "calls"), plural(report.streams.size(), "stream", "streams"),
                      plural(report.faults.size(), "fault", "faults"), report.wall_seconds, printable(report.out));
  if (already != 0 && already == report.conversations.size()) {
    text += fmt::format("nothing added: {} already in {}\n",
                        already == 1 ? "1 conversation was" : fmt::format("{} conversations were", grouped(already)),
                        printable(report.out));
  } else if (already != 0) {
    text += fmt::format("{} already recorded\n", plural(already, "conversation was", "conversations were"));
  }
  return text;
}

}  // namespace tapestry::app
