#include "app/hold.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "app/catalog_index.h"
#include "app/config.h"
#include "app/retention_log.h"
#include "app/text.h"
#include "vconout/retention_book.h"
#include "vconout/uuid.h"

namespace tapestry::app {
namespace {

using vconout::Hold;

constexpr std::size_t kMostText = 1024;
constexpr std::size_t kMostHolds = 10'000;

void check(std::string_view what, const std::string& text) {
  const bool control = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (text.empty() || text.size() > kMostText || control) {
    throw ConfigError(fmt::format("{} must be a text of 1 to {} octets", what, kMostText));
  }
}

/// What the command names.
std::vector<Hold> named(const HoldCommand& command) {
  check("--matter", command.matter);
  std::vector<Hold> all;
  const std::string who = command.by.empty() ? local_user() : command.by;
  const auto add = [&](const char* kind, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      check(kind, value);
      if (kind == std::string_view("uuid") && !vconout::is_uuid(value)) {
        throw ConfigError(fmt::format("{} is no uuid of a vCon", printable(value)));
      }
      all.push_back({.matter = command.matter,
                     .kind = kind,
                     .value = value,
                     .who = who,
                     .placed = to_rfc3339(std::chrono::floor<std::chrono::seconds>(command.now))});
    }
  };
  add("uuid", command.uuids);
  add("party", command.parties);
  add("key", command.keys);
  return all;
}

RetentionEntry entry_of(const Hold& hold, std::string action, Time now) {
  const std::string who = local_user();
  return {.time = now,
          .action = std::move(action),
          .who = who,
          .matter = hold.matter,
          .kind = hold.kind,
          .value = hold.value,
          .reason = hold.who == who ? "" : "for " + hold.who};
}

int place(const HoldCommand& command, std::ostream& out) {
  const std::vector<Hold> all = named(command);
  if (all.empty()) throw ConfigError("nothing is named that is to be held: a UUID, --party or --key");
  vconout::RetentionBook book(command.out / "catalog.sqlite");
  if (book.holds().size() + all.size() > kMostHolds) throw ConfigError(fmt::format("more than {} holds", kMostHolds));
  RetentionLog log(command.out);
  for (const Hold& one : all) {
    log.add(entry_of(one, "hold", command.now));
    const bool placed = book.place(one);
    out << fmt::format("{} {} {} for {}\n", placed ? "held:" : "held already:", one.kind, printable(one.value),
                       printable(one.matter));
    if (const auto begun = book.find(one.value); begun && one.kind == "uuid") {
      out << fmt::format("its deletion began on {}: what is gone is gone\n", begun->deleted);
    }
  }
  return 0;
}

int release(const HoldCommand& command, std::ostream& out) {
  std::vector<Hold> all = named(command);
  if (all.empty()) {
    const std::string who = command.by.empty() ? local_user() : command.by;
    all.push_back({.matter = command.matter, .kind = {}, .value = {}, .who = who, .placed = {}});
  }
  vconout::RetentionBook book(command.out / "catalog.sqlite");
  RetentionLog log(command.out);
  std::size_t released = 0;
  for (const Hold& one : all) {
    log.add(entry_of(one, "release", command.now));
    released += book.release(one.matter, one.kind, one.value);
  }
  out << fmt::format("{} {} of {} released\n", released, released == 1 ? "hold" : "holds", printable(command.matter));
  return released == 0 ? 1 : 0;
}

int list(const HoldCommand& command, std::ostream& out) {
  const vconout::RetentionBook book(command.out / "catalog.sqlite");
  const std::vector<Hold> all = book.holds();
  if (command.json) {
    auto json = nlohmann::ordered_json::array();
    for (const Hold& one : all) {
      json.push_back(
          {{"matter", one.matter}, {"kind", one.kind}, {"value", one.value}, {"by", one.who}, {"placed", one.placed}});
    }
    out << json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return 0;
  }
  constexpr std::array<std::size_t, 4> kWidths = {19, 20, 16, 6};
  const auto draw = [&](const std::array<std::string, 5>& row) {
    for (std::size_t n = 0; n < kWidths.size(); ++n) out << fit(printable(row.at(n)), kWidths.at(n)) << "  ";
    out << printable(row.back()) << "\n";
  };
  if (all.empty()) out << "no holds\n";
  if (!all.empty()) draw({"placed (UTC)", "matter", "by", "kind", "what"});
  for (const Hold& one : all) {
    const auto placed = from_rfc3339(one.placed);
    draw({placed ? date_text(*placed) : one.placed, one.matter, one.who, one.kind, one.value});
  }
  return 0;
}

}  // namespace

int hold(const HoldCommand& command, std::ostream& out) {
  (void)index_catalog(command.out);
  if (command.list) return list(command, out);
  return command.release ? release(command, out) : place(command, out);
}

}  // namespace tapestry::app
