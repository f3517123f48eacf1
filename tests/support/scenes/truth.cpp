#include "tests/support/scenes/truth.h"

#include <nlohmann/json.hpp>

namespace tapestry::scenes {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Recording& recording) {
  Json json = {{"agent", recording.agent}, {"at", recording.at}, {"duration", recording.duration}};
  json["channels"] = Json::array();
  for (const auto& channel : recording.channels) {
    Json stretches = Json::array();
    for (const Stretch& stretch : channel) {
      stretches.push_back(Json::array({stretch.from, stretch.to, stretch.voice}));
    }
    json["channels"].push_back(stretches);
  }
  json["gaps"] = Json::array();
  for (const Gap& gap : recording.gaps) {
    json["gaps"].push_back({{"reason", gap.reason}, {"at", gap.from}, {"to", gap.to}});
  }
  if (recording.own_may_mix) json["own_may_mix"] = true;
  if (recording.gap_slack > 0) json["gap_slack"] = recording.gap_slack;
  return json;
}

void add_flags(Json& json, const Conversation& conversation) {
  if (!conversation.disposition.empty()) json["disposition"] = conversation.disposition;
  if (!conversation.contains.empty()) json["contains"] = conversation.contains;
  if (conversation.no_transfer) json["no_transfer"] = true;
  if (conversation.more_recordings) json["consult_recordings_allowed"] = true;
  if (conversation.more_gaps) json["extra_gaps_allowed"] = true;
  if (conversation.min_correlation > 0) json["min_corr"] = conversation.min_correlation;
  if (!conversation.redacted.empty()) json["redacted"] = conversation.redacted;
  if (!conversation.forbidden.empty()) json["forbidden"] = conversation.forbidden;
}

Json json_of(const Conversation& conversation) {
  Json json = {{"call_ids", conversation.call_ids}, {"recordings", Json::array()}, {"parties", Json::array()}};
  for (const Recording& recording : conversation.recordings) json["recordings"].push_back(json_of(recording));
  for (const Party& party : conversation.parties) {
    json["parties"].push_back({{"uri", party.uri}, {"role", party.role}});
  }
  json["bots"] = conversation.bots;
  json["transfers"] = Json::array();
  for (const Transfer& transfer : conversation.transfers) {
    json["transfers"].push_back({{"transferee", transfer.transferee},
                                 {"transferor", transfer.transferor},
                                 {"transfer_target", transfer.target},
                                 {"consultation", transfer.consultation}});
  }
  json["history"] = Json::array();
  for (const Event& event : conversation.history) {
    json["history"].push_back(Json::array({event.event, event.uri, event.at}));
  }
  add_flags(json, conversation);
  return json;
}

}  // namespace

std::string to_json(const Truth& truth) {
  Json json = {{"scenario", truth.name}, {"about", truth.about}, {"t0", truth.start}, {"conversations", Json::array()}};
  for (const Conversation& conversation : truth.conversations) json["conversations"].push_back(json_of(conversation));
  return json.dump(1) + "\n";
}

}  // namespace tapestry::scenes
