#include "app/audit.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/text.h"
#include "verify/audit.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using verify::AuditEntry;
using verify::AuditResult;

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;
// The last column is never cut.
constexpr std::array<std::size_t, kColumns> kWidths = {19, 20, 6, 8, 26, 0};

fs::path log_of(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  const fs::path inside = path / "audit" / "audit.jsonl";
  return fs::exists(inside) ? inside : path / "audit.jsonl";
}

void draw(const Row& row, std::ostream& out) {
  for (std::size_t i = 0; i + 1 < kColumns; ++i) out << fit(printable(row[i]), kWidths[i]) << "  ";
  out << printable(row.back()) << "\n";
}

/// `2026-11-20 08:00:00` of an RFC 3339 date-time; what is none stays as it is.
std::string seconds_of(const std::string& time) {
  const auto read = from_rfc3339(time);
  return read ? date_text(*read) : time;
}

Json json_of(const AuditEntry& entry) {
  Json json = {{"line", entry.line},         {"time", entry.time},       {"rule", entry.rule},
               {"action", entry.action},     {"message", entry.message}, {"call_id", entry.call_id},
               {"from", entry.from},         {"source", entry.source},   {"destination", entry.destination},
               {"honoured", entry.honoured}, {"why", entry.why}};
  json["effective"] = entry.effective.empty() ? Json(nullptr) : Json(entry.effective);
  return json;
}

std::string text_of(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

AuditResult print_json(std::istream& log, std::ostream& out) {
  bool empty = true;
  out << "{\n \"entries\": [";
  const AuditResult result = verify::check_audit(log, [&](const AuditEntry& entry) {
    out << (empty ? "\n" : ",\n") << text_of(json_of(entry));
    empty = false;
  });
  Json fault;
  if (result.first_fault) fault = {{"line", result.first_fault->line}, {"what", result.first_fault->what}};
  Json rest = {{"head", {{"seq", result.lines}, {"hash", result.head}}},
               {"honoured", result.honoured},
               {"torn", result.torn},
               {"faults", result.faults},
               {"first_fault", fault}};
  out << (empty ? "]" : "\n ]");
  for (const auto& [name, value] : rest.items()) out << ",\n \"" << name << "\": " << text_of(value);
  out << "\n}\n";
  return result;
}

AuditResult print_table(std::istream& log, std::ostream& out) {
  draw({"time (UTC)", "rule", "action", "honoured", "why", "call"}, out);
  const AuditResult result = verify::check_audit(log, [&out](const AuditEntry& entry) {
    draw({seconds_of(entry.time), entry.rule, entry.action, entry.honoured ? "yes" : "no", entry.why, entry.call_id},
         out);
  });
  out << fmt::format("\n{} {}, {} honoured, ", grouped(result.entries), result.entries == 1 ? "entry" : "entries",
                     grouped(result.honoured));
  if (result.torn != 0) out << fmt::format("{} about torn lines, ", grouped(result.torn));
  out << fmt::format("head {} {}\n", result.lines, result.head);
  return result;
}

}  // namespace

int audit(const fs::path& path, bool json, std::ostream& out, std::ostream& err) {
  const fs::path file = log_of(path);
  if (!fs::is_regular_file(file)) {
    err << fmt::format("tapestry: no audit log in {}: no marker was seen\n", printable(path.string()));
    return 2;
  }
  std::ifstream log(file, std::ios::binary);
  if (!log) throw std::runtime_error(fmt::format("cannot open {}", file.string()));
  const AuditResult result = json ? print_json(log, out) : print_table(log, out);
  if (log.bad()) throw std::runtime_error(fmt::format("cannot read {}", file.string()));
  if (!result.first_fault) return 0;
  err << fmt::format("tapestry: {}: the chain is broken at line {}: {}", printable(file.string()),
                     result.first_fault->line, printable(result.first_fault->what));
  if (result.faults > 1) err << fmt::format("; {} more", grouped(result.faults - 1));
  err << "\n";
  return 1;
}

}  // namespace tapestry::app
