#include "vconout/tombstone.h"

#include "vconout/json.h"

namespace tapestry::vconout {
namespace {

Json json_of(const BuriedFile& file) {
  Json json = Json::object();
  json["content_hash"] = file.content_hash;
  json["bytes"] = file.bytes;
  return json;
}

}  // namespace

std::string build_tombstone(const Deletion& deletion, const Buried& buried) {
  Json json = Json::object();
  json["tombstone"] = "1";
  json["uuid"] = deletion.uuid;
  add_text(json, "created_at", buried.created_at);
  json["deleted_at"] = deletion.deleted;
  add_text(json, "reason", deletion.reason);
  add_text(json, "rule", deletion.rule);
  add_text(json, "deleted_by", deletion.who);
  if (!deletion.amends.empty()) json["amended"] = {{"uuid", deletion.amends}};
  if (!buried.vcon.empty()) json["vcon"] = json_of(buried.vcon.front());
  json["media"] = Json::array();
  for (const BuriedFile& file : buried.media) json["media"].push_back(json_of(file));
  return json.dump();
}

}  // namespace tapestry::vconout
