#include "web/conversations.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

namespace tapestry::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostUri = 1024;

template <class Number>
std::optional<Number> number(std::string_view text, Number lowest, Number highest) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < lowest || value > highest)
    return std::nullopt;
  return value;
}

/// False when the value is none for that parameter.
bool read_parameter(std::string_view name, const std::string& value, ConversationQuery& query) {
  if (name == "from") return (query.from = from_rfc3339(value)).has_value();
  if (name == "to") return (query.to = from_rfc3339(value)).has_value();
  if (name == "limit") {
    const auto limit = number<std::size_t>(value, 1, kMostListed);
    query.limit = limit.value_or(0);
    return limit.has_value();
  }
  if (name == "cursor") {
    const auto cursor = number<std::int64_t>(value, 0, std::numeric_limits<std::int64_t>::max());
    query.cursor = cursor.value_or(0);
    return cursor.has_value();
  }
  if (value.empty() || value.size() > kMostUri || value.find(' ') != std::string::npos) return false;
  (name == "party" ? query.party : query.agent) = value;
  return true;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) all.emplace_back(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return all;
}

bool names(std::string_view uris, const std::string& uri) {
  return uri.empty() || fmt::format(" {} ", uris).find(fmt::format(" {} ", uri)) != std::string::npos;
}

Json json_of(const vconout::CatalogRow& row) {
  return {{"uuid", row.uuid},
          {"start", row.start},
          {"duration", row.duration},
          {"parties", words(row.parties)},
          {"agents", words(row.agents)},
          {"disposition", row.disposition},
          {"recordings", row.recordings},
          {"gaps", row.gaps}};
}

}  // namespace

std::expected<ConversationQuery, std::string> parse_conversation_query(const Query& query) {
  ConversationQuery read;
  for (const auto& [name, value] : query) {
    // The name is told only when it is one that we know: an error repeats nothing of the request.
    bool known = false;
    for (const std::string_view one : {"from", "to", "party", "agent", "limit", "cursor"}) known = known || one == name;
    if (!known) return std::unexpected("a parameter is unknown: there are from, to, party, agent, limit, cursor");
    if (!read_parameter(name, value, read))
      return std::unexpected(fmt::format("{} has no value that it can have", name));
  }
  return read;
}

bool is_wanted(const vconout::CatalogRow& row, const ConversationQuery& query) {
  if (query.from || query.to) {
    const auto start = from_rfc3339(row.start);
    if (!start || (query.from && *start < *query.from) || (query.to && *start >= *query.to)) return false;
  }
  return names(row.parties, query.party) && names(row.agents, query.agent);
}

vconout::CatalogReader* Conversations::reader() {
  if (!reader_ && std::filesystem::exists(file_)) reader_ = std::make_unique<vconout::CatalogReader>(file_);
  return reader_.get();
}

std::string Conversations::list(const ConversationQuery& query) {
  Json found = Json::array();
  std::int64_t cursor = query.cursor;
  std::size_t scanned = 0;
  bool more = false;
  const std::scoped_lock locked(mutex_);
  if (const auto* catalog = reader()) {
    catalog->each(query.cursor, [&](std::int64_t number, const vconout::CatalogRow& row) {
      more = found.size() == query.limit || scanned == kMostScanned;
      if (more) return false;
      ++scanned;
      cursor = number;
      if (is_wanted(row, query)) found.push_back(json_of(row));
      return true;
    });
  }
  const Json answer = {{"conversations", found}, {"cursor", std::to_string(cursor)}, {"more", more}};
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<std::string> Conversations::vcon_path(const std::string& uuid) {
  const std::scoped_lock locked(mutex_);
  const auto* catalog = reader();
  const auto row = catalog == nullptr ? std::nullopt : catalog->find_uuid(uuid);
  if (!row) return std::nullopt;
  return row->vcon_path;
}

bool Conversations::is_deleted(const std::string& uuid) {
  const std::scoped_lock locked(mutex_);
  const auto* catalog = reader();
  return catalog != nullptr && catalog->find_tombstone(uuid).has_value();
}

std::uint64_t Conversations::count() {
  const std::scoped_lock locked(mutex_);
  const auto* catalog = reader();
  return catalog == nullptr ? 0 : catalog->count();
}

}  // namespace tapestry::web
