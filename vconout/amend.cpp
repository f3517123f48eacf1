#include "vconout/amend.h"

#include <vector>

#include "vconout/json.h"

namespace tapestry::vconout {
namespace {

/// Where the addition's parties and dialogs come to lie.
struct Shift {
  std::vector<std::size_t> parties;
  std::size_t dialogs = 0;

  void party(Json& value) const {
    if (value.is_array()) {
      for (Json& one : value) party(one);
    } else if (value.is_number_unsigned() && value.get<std::size_t>() < parties.size()) {
      value = parties[value.get<std::size_t>()];
    }
  }
  void dialog(Json& value) const {
    if (value.is_array()) {
      for (Json& one : value) dialog(one);
    } else if (value.is_number_unsigned()) {
      value = value.get<std::size_t>() + dialogs;
    }
  }
  void apply(Json& object) const {
    for (const char* key : {"parties", "originator", "party", "transferee", "transferor", "transfer_target"}) {
      if (object.contains(key)) party(object[key]);
    }
    for (const char* key :
         {"dialog", "original", "consultation", "target_dialog", "recordings", "recording_set", "recording"}) {
      if (object.contains(key)) dialog(object[key]);
    }
    if (!object.contains("party_history")) return;
    for (Json& event : object["party_history"]) party(event["party"]);
  }
  /// The indexes in what our own attachments say.
  void apply_to_body(Json& attachment) const {
    if (!attachment.contains("purpose") || !attachment.contains("body") || !attachment["body"].is_object()) return;
    Json& body = attachment["body"];
    if (attachment["purpose"] == "recording-gaps" && body.contains("gaps")) {
      for (Json& gap : body["gaps"]) apply(gap);
    }
    if (attachment["purpose"] != "recording-gap") return;
    if (body.contains("parties")) party(body["parties"]);
    for (const char* key : {"before", "after"}) {
      if (body.contains(key)) dialog(body[key]);
    }
  }
};

bool is_same(const Json& one, const Json& another) {
  for (const char* key : {"sip", "tel"}) {
    if (one.contains(key) && another.contains(key)) return one[key] == another[key];
  }
  return one == another;
}

std::size_t add_party(Json& parties, const Json& party) {
  for (std::size_t n = 0; n < parties.size(); ++n) {
    if (is_same(parties[n], party)) return n;
  }
  parties.push_back(party);
  return parties.size() - 1;
}

void append(Json& to, const Json& from, const char* key, const Shift& shift) {
  if (!from.contains(key)) return;
  for (Json object : from[key]) {
    shift.apply(object);
    shift.apply_to_body(object);
    to[key].push_back(std::move(object));
  }
}

/// Says in an attachment what `amended` would, were it not that a redacted vCon must not have it. The addition's last
/// party is the recorder.
void name_prior(Json& whole, const Json& prior, const Shift& shift) {
  if (shift.parties.empty() || !whole.contains("dialog") || whole["dialog"].empty()) return;
  Json object = Json::object();
  object["purpose"] = "amended-vcon";
  object["start"] = whole["created_at"];
  object["party"] = shift.parties.back();
  object["dialog"] = 0;
  object["mediatype"] = "application/json";
  object["encoding"] = "json";
  object["body"] = {{"uuid", prior}};
  whole["attachments"].push_back(std::move(object));
}

}  // namespace

std::string amend(std::string_view earlier, const std::string& addition) {
  Json whole = Json::parse(earlier, nullptr, false);
  const Json later = Json::parse(addition, nullptr, false);
  if (!whole.is_object() || !whole.contains("uuid") || !whole["parties"].is_array()) return addition;
  const Json prior = whole["uuid"];
  Shift shift;
  shift.dialogs = whole.contains("dialog") ? whole["dialog"].size() : 0;
  for (const Json& party : later["parties"]) shift.parties.push_back(add_party(whole["parties"], party));
  for (const char* key : {"dialog", "analysis", "attachments"}) append(whole, later, key, shift);
  whole["uuid"] = later["uuid"];
  whole["created_at"] = later["created_at"];
  whole.erase("amended");
  // A vCon that holds a pause for card data anywhere says so, whatever the other pauses were for.
  const bool pci = whole.contains("redacted") && whole["redacted"] == Json{{"type", "PCI"}};
  if (later.contains("redacted") && !pci) whole["redacted"] = later["redacted"];
  if (whole.contains("redacted")) {
    name_prior(whole, prior, shift);
  } else {
    whole["amended"] = {{"uuid", prior}};
  }
  return whole.dump();
}

}  // namespace tapestry::vconout
