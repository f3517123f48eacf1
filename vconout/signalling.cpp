#include "vconout/signalling.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "vconout/utf8.h"

namespace tapestry::vconout {
namespace {

Json hop_of(const calls::Hop& hop) {
  Json object = Json::object();
  object["source"] = hop.source.to_string();
  object["destination"] = hop.destination.to_string();
  add_text(object, "transport", hop.transport);
  return object;
}

Json dialog_of(const calls::DialogSummary& dialog) {
  Json object = Json::object();
  add_text(object, "call_id", dialog.call_id);
  add_text(object, "from_tag", dialog.from_tag);
  add_text(object, "to_tag", dialog.to_tag);
  for (const auto& hop : dialog.hops) object["hops"].push_back(hop_of(hop));
  object["invited"] = to_rfc3339(dialog.invited);
  if (dialog.answered) object["answered"] = to_rfc3339(*dialog.answered);
  if (dialog.ended) object["ended"] = to_rfc3339(*dialog.ended);
  if (dialog.final_status != 0) object["final_status"] = dialog.final_status;
  add_text(object, "final_reason", dialog.final_reason);
  add_text(object, "ended_by", dialog.ended_by);
  add_text(object, "caller_user_agent", dialog.caller_user_agent);
  add_text(object, "callee_user_agent", dialog.callee_user_agent);
  if (dialog.begins_before_capture) object["begins_before_capture"] = true;
  add_count(object, "messages", dialog.messages);
  add_count(object, "retransmissions", dialog.retransmissions);
  for (const auto& key : dialog.keys) object["keys"].push_back({{"kind", key.kind}, {"value", to_utf8(key.value)}});
  return object;
}

Json stream_of(const calls::Track& track) {
  Json object = Json::object();
  object["ssrc"] = fmt::format("0x{:08x}", track.flow.ssrc);
  object["source"] = track.flow.source.to_string();
  object["destination"] = track.flow.destination.to_string();
  object["sender"] = track.sender == calls::Side::Caller ? "caller" : "callee";
  add_text(object, "media", track.media);
  for (const auto& codec : track.codecs) object["codecs"].push_back(to_utf8(codec));
  add_text(object, "encryption", track.encryption);
  add_count(object, "packets", track.stats.packets);
  add_count(object, "lost", track.stats.lost());
  add_count(object, "duplicates", track.stats.duplicates);
  add_count(object, "reordered", track.stats.reordered);
  add_count(object, "snapped", track.stats.snapped);
  add_text(object, "use", calls::to_string(track.use));
  return object;
}

Json link_of(const calls::Link& link) {
  Json object = Json::object();
  add_text(object, "call_id", link.call_id);
  add_text(object, "other_call_id", link.other_call_id);
  object["kind"] = calls::to_string(link.kind);
  object["strength"] = link.strength;
  object["joined"] = link.joined;
  object["time"] = to_rfc3339(link.time);
  add_text(object, "evidence", link.evidence);
  return object;
}

Json supervision_of(const calls::Interaction& interaction, const calls::Supervision& one) {
  Json object = Json::object();
  object["kind"] = calls::to_string(one.kind);
  const calls::Party& party = interaction.parties[one.party];
  add_text(object, "party", party.uri.empty() ? party.name : party.uri);
  object["from"] = to_rfc3339(one.from);
  object["to"] = to_rfc3339(one.to);
  add_text(object, "call_id", one.call_id);
  add_text(object, "evidence", one.evidence);
  return object;
}

}  // namespace

Json signalling_of(const calls::Interaction& interaction) {
  Json body = Json::object();
  for (const auto& dialog : interaction.signalling) body["dialogs"].push_back(dialog_of(dialog));
  for (const auto& track : interaction.tracks) body["streams"].push_back(stream_of(track));
  for (const auto& link : interaction.links) body["links"].push_back(link_of(link));
  for (const auto& one : interaction.supervision) body["supervision"].push_back(supervision_of(interaction, one));
  if (interaction.drops_touched) body["capture_drops"] = true;
  return body;
}

}  // namespace tapestry::vconout
