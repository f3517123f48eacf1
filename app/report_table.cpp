#include "app/report_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/text.h"
#include "calls/gap_name.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;
// The vCon's path comes last and is never cut: it is there to be copied.
constexpr std::array<std::size_t, kColumns> kWidest = {19, 9, 30, 30, 30, 28, 4, 255};

/// Of one address, or of each of a list.
std::string without_scheme(const std::string& uri) {
  if (const std::size_t comma = uri.find(", "); comma != std::string::npos)
    return without_scheme(uri.substr(0, comma)) + ", " + without_scheme(uri.substr(comma + 2));
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    if (uri.starts_with(scheme)) return uri.substr(scheme.size());
  }
  return uri;
}

void add_word(std::string& list, const std::string& word) {
  if (word.empty() || (", " + list + ",").find(", " + word + ",") != std::string::npos) return;
  list += (list.empty() ? "" : ", ") + word;
}

bool is_recorded(const DialogReport& dialog) { return dialog.type == "recording" || dialog.type == "recording-set"; }

std::string heard_of(const ConversationReport& conversation) {
  std::string codecs;
  for (const DialogReport& dialog : conversation.dialogs) {
    for (const std::string& codec : dialog.codecs) add_word(codecs, codec);
  }
  if (!codecs.empty()) return conversation.disposition + " " + codecs;
  // Nothing was heard: whoever reads only this line must know, and why.
  for (const DialogReport& dialog : conversation.dialogs) {
    if (!is_recorded(dialog) || dialog.gaps.empty()) continue;
    const auto longest =
        std::ranges::max_element(dialog.gaps, {}, [](const calls::Gap& gap) { return gap.end - gap.start; });
    return fmt::format("{}, {}", conversation.disposition, calls::name_of(*longest));
  }
  return conversation.disposition;
}

std::string outcome_of(const ConversationReport& conversation) {
  if (!conversation.fault.empty()) return "fault";
  if (conversation.deleted) return "deleted before";
  if (conversation.already) return "already recorded";
  return heard_of(conversation) + (conversation.quarantined ? ", quarantined" : "");
}

Row row_of(const ConversationReport& conversation) {
  std::string agents;
  std::size_t gaps = 0;
  for (const DialogReport& dialog : conversation.dialogs) {
    const bool placeholder = !dialog.gaps.empty() && dialog.gaps.front().reason == calls::GapReason::NotRecorded;
    if (is_recorded(dialog) && !placeholder) add_word(agents, without_scheme(dialog.agent));
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

// printable() leaves no control character in a cell.
constexpr char kCellEnd = '\x1f';

Row split(std::string_view cells) {
  Row row;
  for (std::string& cell : row) {
    const std::size_t end = cells.find(kCellEnd);
    cell = cells.substr(0, end);
    cells.remove_prefix(std::min(cells.size(), end + 1));
  }
  return row;
}

using Widths = std::array<std::size_t, kColumns>;

void widen(Widths& widths, const Row& row) {
  for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::min(kWidest[i], std::max(widths[i], width_of(row[i])));
}

void draw(const Row& row, const Widths& widths, std::ostream& out) {
  for (std::size_t i = 0; i + 1 < kColumns; ++i) out << fit(row[i], widths[i]) << "  ";
  out << row.back() << "\n";
}

void draw(const ConversationLog& conversations, std::ostream& out) {
  const Row head = {"start (UTC)", "duration", "from", "to", "agent", "outcome", "gaps", "vCon"};
  Widths widths{};
  widen(widths, head);
  conversations.for_each([&](std::string_view cells) { widen(widths, split(cells)); });
  draw(head, widths, out);
  conversations.for_each([&](std::string_view cells) { draw(split(cells), widths, out); });
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::uint64_t value_of(const Counters& counters, std::string_view name) {
  const auto found = std::ranges::find(counters, name, &Counter::name);
  return found == counters.end() ? 0 : found->value;
}

}  // namespace

std::string conversation_cells(const ConversationReport& conversation) {
  std::string text;
  for (const std::string& cell : row_of(conversation)) text += cell + kCellEnd;
  return text;
}

void write_table(const Report& report, const ConversationLog& conversations, std::ostream& out) {
  std::uint64_t packets = 0;
  for (const CaptureReport& capture : report.captures) packets += capture.info.packets;
  if (conversations.size() == 0) {
    out << "no conversations found\n";
  } else {
    draw(conversations, out);
  }
  out << fmt::format("\n{}, {}, {}, {}, {}, {:.2f} s, output in {}\n", plural(packets, "packet", "packets"),
                     plural(conversations.size(), "conversation", "conversations"),
                     plural(conversations.calls(), "call", "calls"), plural(report.streams.size(), "stream", "streams"),
                     plural(report.faults.size(), "fault", "faults"), report.wall_seconds, printable(report.out));
  const std::uint64_t already = conversations.already();
  if (already != 0 && already == conversations.size()) {
    out << fmt::format("nothing added: {} already in {}\n",
                       already == 1 ? "1 conversation was" : fmt::format("{} conversations were", grouped(already)),
                       printable(report.out));
  } else if (already != 0) {
    out << fmt::format("{} already recorded\n", plural(already, "conversation was", "conversations were"));
  }
  if (conversations.size() == 0 && !report.streams.empty()) {
    out << "RTP that no SIP names is recorded with `record_unsignalled = true` below [recording]\n";
  }
  const std::uint64_t sealed = value_of(report.counters, "tls.connections");
  if (sealed != 0 && value_of(report.counters, "tls.opened") == 0) {
    const bool logged = value_of(report.counters, "keylog.secrets") != 0;
    out << fmt::format(
        "{} not read: {}\n", plural(sealed, "TLS connection was", "TLS connections were"),
        logged ? "the key log has none of their secrets, or they use suites that are not read (`--json`, tls.*)"
               : "`file` below [keylog] must name a log of their secrets");
  }
  const std::uint64_t dropped = value_of(report.counters, "keylog.secrets_dropped");
  const std::uint64_t no_key = value_of(report.counters, "tls.no_key") + value_of(report.counters, "dtls.no_key");
  if (dropped != 0 && no_key != 0) {
    out << fmt::format(
        "{} found no secret, and {} of the key log went for want of room: raise `secrets` below [keylog]\n",
        plural(no_key, "TLS handshake", "TLS handshakes"), plural(dropped, "secret", "secrets"));
  }
}

}  // namespace tapestry::app
