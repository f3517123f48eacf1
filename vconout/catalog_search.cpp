#include "vconout/catalog_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <variant>

#include "vconout/catalog_schema.h"

namespace tapestry::vconout {
namespace {

constexpr const char* kSelect =
    "SELECT uuid, fingerprint, vcon_path, start, duration, parties, agents, disposition, recordings, gaps, id"
    " FROM conversations WHERE 1";

using Value = std::variant<std::int64_t, std::string>;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// SQL's form of a pattern.
std::string like_of(const std::string& pattern) {
  std::string like;
  for (const char c : pattern) {
    if (c == '%' || c == '_' || c == '\\') like += '\\';
    like += c == '*' ? '%' : c;
  }
  return like;
}

/// The conditions as SQL, with their values in order.
class Conditions {
 public:
  void add(std::string_view condition, std::int64_t value) {
    sql_ += fmt::format(" AND {}", condition);
    values_.emplace_back(value);
  }
  /// One of the patterns holds for `column` in a row of `table` that is about the conversation.
  void add_in(std::string_view table, std::string_view column, std::string_view besides,
              const std::vector<std::string>& patterns) {
    sql_ += fmt::format(" AND (id IN (SELECT conversation FROM {} WHERE {}(", table, besides);
    for (std::size_t n = 0; n < patterns.size(); ++n) {
      // What is no pattern is found by the index.
      const bool plain = patterns[n].find('*') == std::string::npos;
      sql_ += fmt::format(R"({}{} {})", n == 0 ? "" : " OR ", column, plain ? "= ?" : R"(LIKE ? ESCAPE '\')");
      values_.emplace_back(plain ? patterns[n] : like_of(patterns[n]));
    }
    sql_ += "))";
  }
  void also_uuid(const std::string& pattern) {
    sql_ += R"( OR uuid LIKE ? ESCAPE '\')";
    values_.emplace_back(like_of(pattern));
  }
  void end() { sql_ += ")"; }

  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
  void bind(Use& use) const {
    for (const Value& value : values_) {
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        use.bind(*number);
      } else {
        use.bind(std::get<std::string>(value));
      }
    }
  }

 private:
  std::string sql_;
  std::vector<Value> values_;
};

std::int64_t micros(Duration duration) { return std::chrono::floor<std::chrono::microseconds>(duration).count(); }

Conditions conditions_of(const CatalogQuery& query) {
  Conditions all;
  if (query.from) all.add("began >= ?", micros(query.from->time_since_epoch()));
  if (query.to) all.add("began < ?", micros(query.to->time_since_epoch()));
  if (query.at_least) all.add("ended - began >= ?", micros(*query.at_least));
  if (query.at_most) all.add("ended - began <= ?", micros(*query.at_most));
  if (!query.party.empty()) {
    all.add_in("parties", "uri", "", uri_patterns(query.party));
    all.end();
  }
  if (!query.agent.empty()) {
    all.add_in("parties", "uri", "recorded = 1 AND ", uri_patterns(query.agent));
    all.end();
  }
  if (!query.gap.empty()) {
    all.add_in("gap_reasons", "reason", "", {query.gap});
    all.end();
  }
  if (!query.queue.empty()) {
    all.add_in("labels", "value", "kind = 'queue' AND ", uri_patterns(query.queue));
    all.end();
  }
  if (!query.key.empty()) {
    all.add_in("keys", "value", "", {query.key});
    all.also_uuid(query.key);
    all.end();
  }
  return all;
}

FoundConversation found_of(const Use& use) {
  FoundConversation found;
  found.row = {.number = use.number(10), .row = catalog_row_of(use)};
  return found;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;  // the last `*` that was passed, and what it began at
  std::size_t from = 0;
  for (std::size_t n = 0; n < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      from = n;
    } else if (at < pattern.size() && lower(pattern[at]) == lower(text[n])) {
      ++at;
      ++n;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::vector<std::string> uri_patterns(const std::string& pattern) {
  if (pattern.find(':') != std::string::npos) return {pattern};
  if (pattern.find('@') != std::string::npos) return {pattern, "sip:" + pattern, "sips:" + pattern};
  return {pattern, "sip:" + pattern + "@*", "sips:" + pattern + "@*", "sip:" + pattern, "tel:" + pattern};
}

FactsReader::FactsReader(const Database& database)
    : parties_(database.prepare("SELECT uri, role, recorded FROM parties WHERE conversation = ?1 ORDER BY rowid")),
      keys_(database.prepare("SELECT kind, value FROM keys WHERE conversation = ?1 ORDER BY rowid")),
      labels_(database.prepare("SELECT kind, value FROM labels WHERE conversation = ?1 ORDER BY rowid")),
      gaps_(database.prepare("SELECT reason, count, seconds FROM gap_reasons WHERE conversation = ?1 ORDER BY rowid")),
      amends_(database.prepare("SELECT amends FROM conversations WHERE id = ?1")) {}

CatalogFacts FactsReader::of(std::int64_t number) const {
  CatalogFacts facts;
  Use parties(parties_);
  parties.bind(number);
  while (parties.step()) {
    facts.parties.push_back({.uri = parties.text(0), .role = parties.text(1), .recorded = parties.integer(2) != 0});
  }
  for (const auto& [statement, list] : {std::pair{&keys_, &facts.keys}, std::pair{&labels_, &facts.labels}}) {
    Use use(*statement);
    use.bind(number);
    while (use.step()) list->push_back({.kind = use.text(0), .value = use.text(1)});
  }
  Use gaps(gaps_);
  gaps.bind(number);
  while (gaps.step()) {
    facts.gaps.push_back({.reason = gaps.text(0), .count = gaps.integer(1), .seconds = gaps.real(2)});
  }
  Use amends(amends_);
  if (amends.bind(number).step()) facts.amends = amends.text(0);
  return facts;
}

bool search(const std::filesystem::path& catalog, const CatalogQuery& query,
            const std::function<void(const FoundConversation&)>& use_found) {
  const Database database(catalog, Database::Mode::Read);
  if (known_version(database) < kCatalogVersion) {
    throw std::runtime_error(fmt::format("{} was made by an older program", database.file()));
  }
  const Conditions conditions = conditions_of(query);
  const FactsReader facts(database);
  const Statement statement = database.prepare(kSelect + conditions.sql() + " ORDER BY began DESC, id DESC LIMIT ?");
  Use use(statement);
  conditions.bind(use);
  use.bind(static_cast<std::int64_t>(query.limit) + 1);
  for (std::size_t given = 0; use.step(); ++given) {
    if (given == query.limit) return true;
    FoundConversation found = found_of(use);
    found.facts = facts.of(found.row.number);
    use_found(found);
  }
  return false;
}

}  // namespace tapestry::vconout
