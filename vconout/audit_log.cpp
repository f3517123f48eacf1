#include "vconout/audit_log.h"

namespace tapestry::vconout {
namespace {

Json json_of(const calls::MarkerReport& report) {
  Json json = Json::object();
  json["time"] = to_rfc3339(report.time);
  json["rule"] = audit_text(report.rule);
  json["action"] = audit_text(report.action);
  json["message"] = audit_text(report.message);
  json["call_id"] = audit_text(report.call_id);
  json["from"] = audit_text(report.from);
  json["source"] = report.source.to_string();
  json["destination"] = report.destination.to_string();
  json["honoured"] = report.honoured;
  json["why"] = audit_text(report.why);
  json["effective"] = report.effective ? Json(to_rfc3339(*report.effective)) : Json(nullptr);
  return json;
}

}  // namespace

void AuditLog::add(const calls::MarkerReport& report) {
  const calls::MarkerReport notice{.time = report.time,
                                   .rule = {},
                                   .action = "torn",
                                   .message = {},
                                   .why = "the line before was not written to its end"};
  log_.add(json_of(report), json_of(notice));
}

}  // namespace tapestry::vconout
