#include "app/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/catalog_index.h"
#include "app/config.h"
#include "app/text.h"

namespace tapestry::app {
namespace {

using OrderedJson = nlohmann::ordered_json;
using vconout::FoundConversation;

constexpr double kMostSeconds = 1e9;
constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;
// The vCon's path comes last and is never cut: it is there to be copied.
constexpr std::array<std::size_t, kColumns> kWidest = {19, 9, 48, 30, 20, 30, 24, 255};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string without_scheme(const std::string& uri) {
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    if (uri.starts_with(scheme)) return uri.substr(scheme.size());
  }
  return uri;
}

std::vector<std::string> labels(const FoundConversation& found, std::string_view kind) {
  std::vector<std::string> all;
  for (const vconout::NamedFact& label : found.facts.labels) {
    if (label.kind == kind) all.push_back(label.value);
  }
  return all;
}

Row row_of(const FoundConversation& found) {
  std::vector<std::string> parties;
  std::vector<std::string> agents;
  for (const vconout::PartyFact& party : found.facts.parties) {
    (party.recorded ? agents : parties).push_back(party.uri.empty() ? party.role : without_scheme(party.uri));
  }
  std::vector<std::string> gaps;
  for (const vconout::GapFact& gap : found.facts.gaps) {
    gaps.push_back(gap.count == 1 ? gap.reason : fmt::format("{} {}", gap.count, gap.reason));
  }
  const auto start = from_rfc3339(found.row.row.start);
  std::vector<std::string> queues = labels(found, "queue");
  for (std::string& queue : queues) queue = without_scheme(queue);
  Row row = {start ? date_text(*start) : found.row.row.start,
             clock_text(from_seconds(found.row.row.duration)),
             joined(parties),
             joined(agents),
             found.row.row.disposition,
             joined(gaps),
             joined(queues),
             found.row.row.vcon_path};
  for (std::string& cell : row) cell = printable(cell);
  return row;
}

OrderedJson json_of(const FoundConversation& found) {
  OrderedJson parties = OrderedJson::array();
  for (const vconout::PartyFact& party : found.facts.parties) {
    parties.push_back({{"uri", party.uri}, {"role", party.role}, {"recorded", party.recorded}});
  }
  OrderedJson gaps = OrderedJson::array();
  for (const vconout::GapFact& gap : found.facts.gaps) {
    gaps.push_back({{"reason", gap.reason}, {"count", gap.count}, {"seconds", gap.seconds}});
  }
  OrderedJson keys = OrderedJson::array();
  for (const vconout::NamedFact& key : found.facts.keys) keys.push_back({{"kind", key.kind}, {"value", key.value}});
  OrderedJson named = OrderedJson::array();
  for (const vconout::NamedFact& one : found.facts.labels) named.push_back({{"kind", one.kind}, {"value", one.value}});
  OrderedJson json = {{"uuid", found.row.row.uuid},
                      {"start", found.row.row.start},
                      {"duration", found.row.row.duration},
                      {"disposition", found.row.row.disposition},
                      {"parties", parties},
                      {"recordings", found.row.row.recordings},
                      {"gaps", gaps},
                      {"labels", named},
                      {"keys", keys},
                      {"vcon", found.row.row.vcon_path}};
  if (!found.facts.amends.empty()) json["amends"] = found.facts.amends;
  return json;
}

void draw(const std::vector<Row>& rows, std::ostream& out) {
  const Row head = {"start (UTC)", "duration", "parties", "agent", "outcome", "gaps", "queue", "vCon"};
  std::array<std::size_t, kColumns> widths{};
  const auto widen = [&](const Row& row) {
    for (std::size_t n = 0; n < kColumns; ++n) {
      widths.at(n) = std::min(kWidest.at(n), std::max(widths.at(n), width_of(row.at(n))));
    }
  };
  const auto put = [&](const Row& row) {
    for (std::size_t n = 0; n + 1 < kColumns; ++n) out << fit(row.at(n), widths.at(n)) << "  ";
    out << row.back() << "\n";
  };
  widen(head);
  for (const Row& row : rows) widen(row);
  put(head);
  for (const Row& row : rows) put(row);
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= kMostSeconds)) return {};
  return value;
}

/// `1:30` and `1:02:03`, or a number with `s`, `m`, `h`, or none.
std::optional<double> seconds_of(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const char unit = text.empty() ? 's' : text.back();
    const double factor = unit == 'h' ? 3600 : unit == 'm' ? 60 : 1;
    if (unit == 'h' || unit == 'm' || unit == 's') text.remove_suffix(text.empty() ? 0 : 1);
    const auto value = number(text);
    if (!value) return std::nullopt;
    return *value * factor;
  }
  double sum = 0;
  for (int part = 0; part < 3; ++part) {
    const std::size_t colon = text.find(':');
    const auto value = number(text.substr(0, colon));
    if (!value) return std::nullopt;
    sum = sum * 60 + *value;
    if (colon == std::string_view::npos) return sum;
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

vconout::CatalogQuery query_of(const SearchCommand& command) {
  vconout::CatalogQuery query = command.query;
  if (!command.from.empty()) query.from = parse_when(command.from);
  if (!command.to.empty()) query.to = parse_when(command.to);
  if (!command.at_least.empty()) query.at_least = parse_length(command.at_least);
  if (!command.at_most.empty()) query.at_most = parse_length(command.at_most);
  return query;
}

}  // namespace

Time parse_when(const std::string& text) {
  constexpr std::string_view kDate = "2026-11-20";
  std::string whole = text;
  if (whole.size() > kDate.size() && whole[kDate.size()] == ' ') whole[kDate.size()] = 'T';
  for (const std::string_view rest : {"", "Z", ":00Z", "T00:00:00Z"}) {
    if (const auto time = from_rfc3339(whole + std::string(rest))) return *time;
  }
  throw ConfigError(
      fmt::format("{} is no time: 2026-11-20, 2026-11-20 08:00 (UTC), or 2026-11-20T08:00:00+01:00", printable(text)));
}

Duration parse_length(const std::string& text) {
  const auto seconds = seconds_of(text);
  if (!seconds || *seconds > kMostSeconds) {
    throw ConfigError(fmt::format("{} is no duration: 90, 90s, 5m, 2h, 1:30 or 1:02:03", printable(text)));
  }
  return from_seconds(*seconds);
}

int search(const SearchCommand& command, std::ostream& out) {
  const vconout::CatalogQuery query = query_of(command);
  (void)index_catalog(command.out);
  std::vector<Row> rows;
  std::size_t found = 0;
  const bool more = vconout::search(command.out / "catalog.sqlite", query, [&](const FoundConversation& one) {
    ++found;
    if (command.json) {
      out << json_of(one).dump(-1, ' ', false, OrderedJson::error_handler_t::replace) << "\n";
    } else {
      rows.push_back(row_of(one));
    }
  });
  if (command.json) return 0;
  if (rows.empty()) {
    out << "no conversation is as asked for\n";
    return 0;
  }
  draw(rows, out);
  out << fmt::format("\n{} {}{}\n", found, found == 1 ? "conversation" : "conversations",
                     more ? ", and older ones: raise --limit, or end before with --to" : "");
  return 0;
}

}  // namespace tapestry::app
