#include "app/report_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/balance.h"
#include "app/report.h"
#include "calls/gap_name.h"
#include "core/card_numbers.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<Time>& time) { return time ? Json(to_rfc3339(*time)) : Json(nullptr); }

/// `ip:port` without brackets around IPv6: the form of the facts that reports are compared with.
std::string plain_endpoint(const Endpoint& endpoint) {
  return fmt::format("{}:{}", endpoint.ip.to_string(), endpoint.port);
}

Json capture_json(const CaptureReport& capture) {
  const capture::CaptureInfo& info = capture.info;
  Json json = {{"file", info.file},
               {"packets", info.packets},
               {"bytes", info.bytes},
               {"first", time_or_null(info.first)},
               {"last", time_or_null(info.last)},
               {"link_type", info.link_type},
               {"truncated", info.damage.has_value()},
               {"snapped", capture.snapped}};
  if (info.damage) json["damage"] = {{"offset", info.damage->offset}, {"what", info.damage->what}};
  return json;
}

Json party_json(const calls::Party& party) {
  Json json = Json::object();
  if (party.role != calls::Role::Unknown) json["role"] = calls::to_string(party.role);
  if (!party.type.empty()) json["type"] = party.type;
  if (!party.uri.empty()) json["uri"] = party.uri;
  if (!party.name.empty()) json["name"] = party.name;
  if (!party.uuid.empty()) json["uuid"] = party.uuid;
  return json;
}

Json gap_json(const calls::Gap& gap) {
  Json json = {{"reason", calls::name_of(gap)},
               {"start", to_rfc3339(gap.start)},
               {"end", to_rfc3339(gap.end)},
               {"channels", gap.channels}};
  if (!gap.detail.empty()) json["detail"] = gap.detail;
  if (gap.pause) {
    json["rule"] = mask_card_numbers(gap.pause->opened.rule);
    json["closed_by"] = calls::to_string(gap.pause->how);
  }
  return json;
}

Json dialog_json(const DialogReport& dialog) {
  Json json = {{"type", dialog.type},
               {"agent", dialog.agent},
               {"start", to_rfc3339(dialog.start)},
               {"duration", to_seconds(dialog.duration)}};
  if (dialog.type == "transfer") {
    json = {{"type", dialog.type},
            {"start", to_rfc3339(dialog.start)},
            {"transferee", dialog.transferee},
            {"transferor", dialog.transferor},
            {"transfer_target", dialog.transfer_target}};
  }
  if (!dialog.media.empty()) json["media"] = dialog.media;
  for (const MemberReport& member : dialog.recordings) {
    json["recordings"].push_back({{"start", to_rfc3339(member.start)}, {"duration", to_seconds(member.duration)}});
    if (!member.media.empty()) json["recordings"].back()["media"] = member.media;
  }
  if (!dialog.mediatype.empty()) {
    json["mediatype"] = dialog.mediatype;
    json["codecs"] = dialog.codecs;
  }
  if (dialog.packets || !dialog.gaps.empty()) {
    json["gaps"] = Json::array();
    for (const calls::Gap& gap : dialog.gaps) json["gaps"].push_back(gap_json(gap));
  }
  if (dialog.packets) {
    const mux::PacketCounts& packets = *dialog.packets;
    json["packets"] = {{"expected", packets.expected},
                       {"received", packets.received},
                       {"lost", packets.lost},
                       {"duplicate", packets.duplicate},
                       {"reordered", packets.reordered}};
  }
  if (!dialog.disposition.empty()) json["disposition"] = dialog.disposition;
  return json;
}

Json to_json(const ConversationReport& conversation) {
  Json json = {{"uuid", conversation.uuid},
               {"vcon", conversation.vcon},
               {"interaction_id", conversation.interaction_id},
               {"start", to_rfc3339(conversation.start)},
               {"duration", to_seconds(conversation.duration)},
               {"parties", Json::array()},
               {"call_ids", conversation.call_ids},
               {"dialogs", Json::array()},
               {"disposition", conversation.disposition}};
  for (const calls::Party& party : conversation.parties) json["parties"].push_back(party_json(party));
  for (const DialogReport& dialog : conversation.dialogs) json["dialogs"].push_back(dialog_json(dialog));
  if (conversation.pci_suspected) json["pci_suspected"] = true;
  if (conversation.quarantined) json["quarantined"] = true;
  if (conversation.already) json["already"] = true;
  if (conversation.deleted) json["deleted"] = true;
  if (!conversation.fault.empty()) json["fault"] = conversation.fault;
  return json;
}

Json to_json(const calls::StreamReport& stream) {
  return {{"ssrc", fmt::format("0x{:08x}", stream.key.ssrc)},
          {"src", plain_endpoint(stream.key.source)},
          {"dst", plain_endpoint(stream.key.destination)},
          {"codec", stream.codec},
          {"packets", stream.stats.packets},
          {"lost", stream.stats.lost()},
          {"duplicates", stream.stats.duplicates},
          {"reordered", stream.stats.reordered},
          {"first", to_rfc3339(stream.stats.first)},
          {"last", to_rfc3339(stream.stats.last)},
          {"use", calls::to_string(stream.use)}};
}

// What the wire says need not be UTF-8.
std::string text_of(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

/// Writes a list whose entries come one by one: no long report is ever in memory as a whole.
class List {
 public:
  List(std::ostream& out, std::string_view name) : out_(out) { out_ << "," << "\n \"" << name << "\": ["; }
  void add(std::string_view entry) {
    out_ << (empty_ ? "\n" : ",\n") << entry;
    empty_ = false;
  }
  void end() { out_ << (empty_ ? "]" : "\n ]"); }

 private:
  std::ostream& out_;
  bool empty_ = true;
};

void write_streams(const std::vector<calls::StreamReport>& streams, bool unassigned_only, List&& list) {
  for (const calls::StreamReport& stream : streams) {
    if (!unassigned_only || stream.use == calls::Use::Unassigned) list.add(text_of(to_json(stream)));
  }
  list.end();
}

}  // namespace

std::string conversation_json(const ConversationReport& conversation) { return text_of(to_json(conversation)); }

void write_json(const Report& report, const ConversationLog& conversations, std::ostream& out) {
  Json captures = Json::array();
  for (const CaptureReport& capture : report.captures) captures.push_back(capture_json(capture));
  out << "{\n \"captures\": " << text_of(captures);
  List list(out, "conversations");
  conversations.for_each([&](std::string_view text) { list.add(text); });
  list.end();
  write_streams(report.streams, false, List(out, "streams"));
  out << ",\n \"recording_sessions\": " << text_of(report.recording_sessions);
  write_streams(report.streams, true, List(out, "unassigned_media"));
  Json counters = Json::object();
  for (const Counter& counter : report.counters) counters[std::string(counter.name)] = counter.value;
  out << ",\n \"counters\": " << text_of(counters)
      << ",\n \"balance\": " << text_of(to_json(balance_of(report.counters)))
      << ",\n \"faults\": " << text_of(report.faults) << ",\n \"cpu_seconds\": " << text_of(report.cpu_seconds)
      << ",\n \"wall_seconds\": " << text_of(report.wall_seconds) << "\n}\n";
}

}  // namespace tapestry::app
