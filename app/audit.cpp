#include "app/audit.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <functional>
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

using verify::AccessEntry;
using verify::RetentionEntry;

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;
// The last column is never cut.
using Widths = std::array<std::size_t, kColumns>;
constexpr Widths kWidths = {19, 20, 6, 8, 26, 0};
constexpr Widths kAccessWidths = {19, 20, 22, 6, 6, 0};
constexpr Widths kRetentionWidths = {19, 16, 7, 20, 36, 0};

std::string file_of(AuditKind kind) {
  switch (kind) {
    case AuditKind::Markers:
      return "audit.jsonl";
    case AuditKind::Access:
      return "access.jsonl";
    case AuditKind::Retention:
      return "retention.jsonl";
  }
  return {};
}

/// A file's name says what it is, whatever was asked for.
AuditKind kind_of(const AuditQuestion& question) {
  for (const AuditKind kind : {AuditKind::Access, AuditKind::Retention}) {
    if (question.log.filename() == file_of(kind)) return kind;
  }
  return question.kind;
}

/// `path` itself, or the log of that name in the output folder that it is.
fs::path log_of(const fs::path& path, AuditKind kind) {
  if (!fs::is_directory(path)) return path;
  const std::string name = file_of(kind);
  const fs::path inside = path / "audit" / name;
  return fs::exists(inside) ? inside : path / name;
}

void draw(const Row& row, const Widths& widths, std::ostream& out) {
  for (std::size_t i = 0; i + 1 < kColumns; ++i) out << fit(printable(row[i]), widths[i]) << "  ";
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

Json json_of(const AccessEntry& entry) {
  return {{"line", entry.line},   {"time", entry.time},     {"action", entry.action},    {"who", entry.who},
          {"by", entry.by},       {"peer", entry.peer},     {"method", entry.method},    {"path", entry.path},
          {"range", entry.range}, {"status", entry.status}, {"unlogged", entry.unlogged}};
}

void draw(const AuditEntry& entry, std::ostream& out) {
  draw({seconds_of(entry.time), entry.rule, entry.action, entry.honoured ? "yes" : "no", entry.why, entry.call_id},
       kWidths, out);
}

void draw(const AccessEntry& entry, std::ostream& out) {
  draw({seconds_of(entry.time), entry.who, entry.peer, entry.status == 0 ? "torn" : std::to_string(entry.status),
        entry.method, entry.range.empty() ? entry.path : entry.path + " " + entry.range},
       kAccessWidths, out);
}

Json json_of(const RetentionEntry& entry) {
  return {{"line", entry.line},     {"time", entry.time}, {"action", entry.action}, {"who", entry.who},
          {"matter", entry.matter}, {"kind", entry.kind}, {"value", entry.value},   {"uuid", entry.uuid},
          {"reason", entry.reason}, {"rule", entry.rule}};
}

void draw(const RetentionEntry& entry, std::ostream& out) {
  const std::string what = entry.uuid.empty() ? entry.kind + " " + entry.value : entry.uuid;
  draw({seconds_of(entry.time), entry.who, entry.action, entry.matter, what,
        entry.rule.empty() ? entry.reason : entry.reason + ", " + entry.rule},
       kRetentionWidths, out);
}

std::string text_of(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

template <class Entry>
using Check = AuditResult (*)(std::istream&, const std::function<void(const Entry&)>&);

template <class Entry>
AuditResult print_json(std::istream& log, Check<Entry> check, std::string_view counted, std::ostream& out) {
  bool empty = true;
  out << "{\n \"entries\": [";
  const AuditResult result = check(log, [&](const Entry& entry) {
    out << (empty ? "\n" : ",\n") << text_of(json_of(entry));
    empty = false;
  });
  Json fault;
  if (result.first_fault) fault = {{"line", result.first_fault->line}, {"what", result.first_fault->what}};
  Json rest = {{"head", {{"seq", result.lines}, {"hash", result.head}}},
               {counted, result.honoured},
               {"torn", result.torn},
               {"faults", result.faults},
               {"first_fault", fault}};
  out << (empty ? "]" : "\n ]");
  for (const auto& [name, value] : rest.items()) out << ",\n \"" << name << "\": " << text_of(value);
  out << "\n}\n";
  return result;
}

template <class Entry>
AuditResult print_table(std::istream& log, Check<Entry> check, std::string_view counted, std::ostream& out) {
  const AuditResult result = check(log, [&out](const Entry& entry) { draw(entry, out); });
  out << fmt::format("\n{} {}, {} {}, ", grouped(result.entries), result.entries == 1 ? "entry" : "entries",
                     grouped(result.honoured), counted);
  if (result.torn != 0) out << fmt::format("{} about torn lines, ", grouped(result.torn));
  out << fmt::format("head {} {}\n", result.lines, result.head);
  return result;
}

AuditResult print_markers(std::istream& log, bool json, std::ostream& out) {
  if (json) return print_json<AuditEntry>(log, verify::check_audit, "honoured", out);
  draw({"time (UTC)", "rule", "action", "honoured", "why", "call"}, kWidths, out);
  return print_table<AuditEntry>(log, verify::check_audit, "honoured", out);
}

AuditResult print_accesses(std::istream& log, bool json, std::ostream& out) {
  if (json) return print_json<AccessEntry>(log, verify::check_access, "answered", out);
  draw({"time (UTC)", "who", "from", "status", "method", "path"}, kAccessWidths, out);
  return print_table<AccessEntry>(log, verify::check_access, "answered", out);
}

AuditResult print_retention(std::istream& log, bool json, std::ostream& out) {
  if (json) return print_json<RetentionEntry>(log, verify::check_retention, "deletions", out);
  draw({"time (UTC)", "who", "action", "matter", "what", "why"}, kRetentionWidths, out);
  return print_table<RetentionEntry>(log, verify::check_retention, "deletions", out);
}

AuditResult print(AuditKind kind, std::istream& log, bool json, std::ostream& out) {
  switch (kind) {
    case AuditKind::Markers:
      return print_markers(log, json, out);
    case AuditKind::Access:
      return print_accesses(log, json, out);
    case AuditKind::Retention:
      return print_retention(log, json, out);
  }
  return {};
}

std::string missing(AuditKind kind) {
  switch (kind) {
    case AuditKind::Markers:
      return "no audit log in {}: no marker was seen";
    case AuditKind::Access:
      return "no access log in {}: nothing was asked for";
    case AuditKind::Retention:
      return "no retention log in {}: nothing was held or deleted";
  }
  return {};
}

}  // namespace

int audit(const AuditQuestion& question, std::ostream& out, std::ostream& err) {
  const AuditKind kind = kind_of(question);
  const fs::path file = log_of(question.log, kind);
  if (!fs::is_regular_file(file)) {
    err << "tapestry: " << fmt::format(fmt::runtime(missing(kind)), printable(question.log.string())) << "\n";
    return 2;
  }
  std::ifstream log(file, std::ios::binary);
  if (!log) throw std::runtime_error(fmt::format("cannot open {}", file.string()));
  const AuditResult result = print(kind, log, question.json, out);
  if (log.bad()) throw std::runtime_error(fmt::format("cannot read {}", file.string()));
  if (!result.first_fault) return 0;
  err << fmt::format("tapestry: {}: the chain is broken at line {}: {}", printable(file.string()),
                     result.first_fault->line, printable(result.first_fault->what));
  if (result.faults > 1) err << fmt::format("; {} more", grouped(result.faults - 1));
  err << "\n";
  return 1;
}

}  // namespace tapestry::app
