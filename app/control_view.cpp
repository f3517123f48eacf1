#include "app/control_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/text.h"
#include "core/time.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;
// Call-IDs come last and are never cut: they are there to be copied.
constexpr std::array<std::size_t, kColumns> kWidest = {8, 19, 8, 30, 40, 40, 255};

/// What became of the frames.
std::string balance_text(const Json& balance) {
  std::uint64_t ignored = 0;
  for (const auto& [kind, frames] : balance.at("ignored").items()) ignored += frames.get<std::uint64_t>();
  const auto difference = balance.at("difference").get<std::int64_t>();
  const auto number = [&balance](const char* name) { return grouped(balance.at(name).get<std::uint64_t>()); };
  return fmt::format("{} received = {} used + {} duplicates + {} ignored + {} dropped{}{}", number("received"),
                     number("used"), number("duplicates"), grouped(ignored), number("dropped"),
                     balance.at("waiting") == 0 ? "" : fmt::format(" + {} waiting", number("waiting")),
                     difference == 0 ? "" : fmt::format("; {} are missing", difference));
}

std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < kUnits.size(); ++unit) bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, kUnits[unit]);
}

std::string number_text(const Json& number) { return grouped(number.get<std::uint64_t>()); }

std::string seconds_text(const Json& seconds) {
  return seconds.is_null() ? "-" : fmt::format("{:.1f} s", seconds.get<double>());
}

std::string line(std::string_view name, const std::string& text) { return fmt::format("{:<12}{}\n", name, text); }

std::string without_scheme(const std::string& uri) {
  const std::size_t colon = uri.find(':');
  return colon == std::string::npos ? uri : uri.substr(colon + 1);
}

void add_word(std::string& list, const std::string& word) {
  if (!word.empty()) list += (list.empty() ? "" : ", ") + word;
}

std::string why(const Json& call) {
  std::string text;
  for (const Json& pause : call.at("pauses")) {
    const auto from = pause.at("from").get<std::string>();
    add_word(text, fmt::format("{} {}{}", pause.at("reason").get<std::string>(), pause.at("by").get<std::string>(),
                               from.empty() ? "" : " (" + from + ")"));
  }
  for (const Json& hold : call.at("holds")) add_word(text, "by " + without_scheme(hold.at("by").get<std::string>()));
  return text;
}

Row row_of(const Json& call) {
  const auto start = from_rfc3339(call.at("start").get<std::string>());
  Row row;
  row[0] = std::to_string(call.at("conversation").get<std::uint64_t>());
  row[1] = start ? date_text(*start) : "-";
  row[2] = call.at("state").get<std::string>();
  row[3] = why(call);
  for (const Json& party : call.at("parties")) {
    const bool agent = party.at("role").get<std::string>() == "agent";
    add_word(row[agent ? 4 : 5], without_scheme(party.at("uri").get<std::string>()));
  }
  for (const Json& call_id : call.at("call_ids")) add_word(row[6], call_id.get<std::string>());
  for (std::string& cell : row) cell = printable(cell.empty() ? "-" : cell);
  return row;
}

}  // namespace

std::string status_text(const Json& status) {
  const Json& captured = status.at("captured");
  const Json& rate = status.at("per_second");
  const Json& open = status.at("open");
  const Json& spool = status.at("spool");
  const Json& unfinished = status.at("unfinished");
  const Json& disk = status.at("disk");
  std::string dropped;
  for (const auto& [place, packets] : captured.at("dropped").items()) {
    add_word(dropped, fmt::format("{} by {}", number_text(packets), place));
  }
  const auto up = from_seconds(status.at("uptime").get<double>());
  std::string text =
      line("tapestry", fmt::format("{}, up {}", status.at("version").get<std::string>(), clock_text(up)));
  text += line("now", fmt::format("{:.0f} packets/s, {}/s, {:.1f} SIP messages/s, {} behind",
                                  rate.at("packets").get<double>(), bytes_text(rate.at("bytes").get<double>()),
                                  rate.at("sip_messages").get<double>(), seconds_text(status.at("lag"))));
  text += line("captured",
               fmt::format("{} packets, {}, {} SIP messages", number_text(captured.at("packets")),
                           bytes_text(captured.at("bytes").get<double>()), number_text(captured.at("sip_messages"))));
  text += line("dropped", dropped.empty() ? "-" : dropped);
  if (status.contains("balance")) text += line("balance", balance_text(status.at("balance")));
  text += line("open", fmt::format("{} conversations ({} paused), {} calls, {} RTP streams",
                                   number_text(open.at("conversations")), number_text(open.at("paused")),
                                   number_text(open.at("calls")), number_text(open.at("flows"))));
  text += line("spool", fmt::format("{}, {} in memory, {} on disk", printable(spool.at("state").get<std::string>()),
                                    bytes_text(spool.at("memory_bytes").get<double>()),
                                    bytes_text(spool.at("disk_bytes").get<double>())));
  text +=
      line("unfinished", fmt::format("{} conversations, the oldest for {}", number_text(unfinished.at("conversations")),
                                     seconds_text(unfinished.at("oldest"))));
  text += line("finished", fmt::format("{} conversations, {} tries failed", number_text(status.at("finished")),
                                       number_text(status.at("failed"))));
  text += line("disk", fmt::format("{} free of {}", bytes_text(disk.at("free_bytes").get<double>()),
                                   bytes_text(disk.at("bytes").get<double>())));
  return text;
}

std::string calls_table(const Json& calls) {
  std::vector<Row> rows{{"number", "start (UTC)", "state", "paused or held", "agent", "with", "Call-IDs"}};
  for (const Json& call : calls) rows.push_back(row_of(call));
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      widths[i] = std::min(kWidest[i], std::max(widths[i], width_of(row[i])));
    }
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < kColumns; ++i) text += fit(row[i], widths[i]) + "  ";
    text += row.back() + "\n";
  }
  return text;
}

}  // namespace tapestry::app
