#include "web/access_log.h"

#include <chrono>

namespace tapestry::web {
namespace {

vconout::Json json_of(const Access& access, std::string_view action, std::uint64_t unlogged) {
  vconout::Json json = vconout::Json::object();
  json["time"] = to_rfc3339(access.time);
  json["action"] = action;
  json["who"] = vconout::audit_text(access.who);
  json["by"] = access.by;
  json["peer"] = access.peer;
  json["method"] = vconout::audit_text(access.method);
  json["path"] = vconout::audit_path(access.path);
  json["range"] = vconout::audit_text(access.range);
  json["status"] = access.status;
  json["unlogged"] = unlogged;
  return json;
}

}  // namespace

bool AccessLog::Stretch::takes(std::int64_t now, std::uint64_t most) {
  if (now != number) *this = {.number = now, .lines = 0};
  if (lines >= most) return false;
  ++lines;
  return true;
}

bool AccessLog::is_too_many(const Access& access) {
  if (!access.stranger) return false;
  const auto since = access.time.time_since_epoch();
  return !second_.takes(std::chrono::floor<std::chrono::seconds>(since).count(), kMostStrangersPerSecond) ||
         !hour_.takes(std::chrono::floor<std::chrono::hours>(since).count(), kMostStrangersPerHour);
}

void AccessLog::add(const Access& access) {
  const std::scoped_lock locked(mutex_);
  if (is_too_many(access)) {
    ++unlogged_;
    return;
  }
  const Access torn{.time = access.time, .who = {}, .by = "nothing", .peer = {}, .method = {}, .path = {}, .range = {}};
  log_.add(json_of(access, "access", unlogged_), json_of(torn, "torn", 0));
  unlogged_ = 0;
}

}  // namespace tapestry::web
