#include "app/retain_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/text.h"

namespace tapestry::app {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kStart = 19;
constexpr std::size_t kUuid = 36;
constexpr std::size_t kRule = 24;

void draw(std::string_view start, std::string_view uuid, std::string_view rule, std::string_view outcome,
          std::ostream& out) {
  out << fit(printable(start), kStart) << "  " << fit(printable(uuid), kUuid) << "  " << fit(printable(rule), kRule)
      << "  " << printable(outcome) << "\n";
}

std::string outcome_of(const Swept& swept) {
  if (swept.outcome == "held") return "held for " + swept.detail;
  if (swept.outcome == "fault") return "fault: " + swept.detail;
  return swept.outcome == "due" ? "due, not deleted" : swept.outcome;
}

std::string start_of(const Swept& swept) {
  const auto start = from_rfc3339(swept.start);
  return start ? date_text(*start) : "(begun before)";
}

OrderedJson json_of(const Swept& swept) {
  OrderedJson json = {{"uuid", swept.uuid}, {"rule", swept.rule}, {"outcome", swept.outcome}};
  if (!swept.start.empty()) json["start"] = swept.start;
  if (!swept.detail.empty()) json[swept.outcome == "held" ? "matter" : "detail"] = swept.detail;
  return json;
}

std::string text_of(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

SweepResult print_json(const RetainCommand& command, std::ostream& out, std::ostream& err) {
  bool empty = true;
  out << "{\n \"conversations\": [";
  const SweepResult result = retain(
      command,
      [&](const Swept& swept) {
        out << (empty ? "\n  " : ",\n  ") << text_of(json_of(swept));
        empty = false;
      },
      err);
  out << (empty ? "]" : "\n ]");
  out << fmt::format(",\n \"dry_run\": {},\n \"deleted\": {},\n \"due\": {},\n \"held\": {},\n \"faults\": {}\n}}\n",
                     command.dry_run, result.deleted, result.due, result.held, result.faults);
  return result;
}

SweepResult print_table(const RetainCommand& command, std::ostream& out, std::ostream& err) {
  bool empty = true;
  const SweepResult result = retain(
      command,
      [&](const Swept& swept) {
        if (empty) draw("start (UTC)", "vCon", "rule", "outcome", out);
        empty = false;
        draw(start_of(swept), swept.uuid, swept.rule, outcome_of(swept), out);
      },
      err);
  if (command.config.retention.empty()) {
    out << "no [[retention]] rule: everything is kept\n";
  } else {
    out << fmt::format("{}{}: {} deleted, {} held, {} faults\n", empty ? "" : "\n",
                       command.dry_run ? fmt::format("dry run, {} due", grouped(result.due)) : "sweep",
                       grouped(result.deleted), grouped(result.held), grouped(result.faults));
  }
  return result;
}

}  // namespace

int retain_and_print(const RetainCommand& command, bool json, std::ostream& out, std::ostream& err) {
  const SweepResult result = json ? print_json(command, out, err) : print_table(command, out, err);
  if (result.faults == 0) return 0;
  err << fmt::format("tapestry: {} could not be deleted; a later sweep tries again\n", grouped(result.faults));
  return 1;
}

}  // namespace tapestry::app
