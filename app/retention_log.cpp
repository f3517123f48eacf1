#include "app/retention_log.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

namespace tapestry::app {
namespace {

vconout::Json json_of(const RetentionEntry& entry) {
  vconout::Json json = vconout::Json::object();
  json["time"] = to_rfc3339(entry.time);
  json["action"] = entry.action;
  json["who"] = vconout::audit_text(entry.who);
  json["matter"] = vconout::audit_text(entry.matter);
  json["kind"] = vconout::audit_text(entry.kind);
  json["value"] = vconout::audit_path(entry.value);
  json["uuid"] = vconout::audit_path(entry.uuid);
  json["reason"] = vconout::audit_text(entry.reason);
  json["rule"] = vconout::audit_text(entry.rule);
  return json;
}

}  // namespace

void RetentionLog::add(const RetentionEntry& entry) {
  log_.add(json_of(entry), json_of({.time = entry.time, .action = "torn", .who = {}}));
}

std::string local_user() {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", ::geteuid());
}

}  // namespace tapestry::app
