#include "app/report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/report_json.h"
#include "app/report_table.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::app;

namespace {

Time at(int seconds) { return *from_rfc3339("2026-03-02T09:15:00Z") + std::chrono::seconds(seconds); }

calls::StreamReport stream(std::uint32_t ssrc, std::uint64_t packets, calls::Use use, int first) {
  calls::StreamReport report;
  report.key = {testing::endpoint("192.0.2.1:4000"), testing::endpoint("[2001:db8::2]:5000"), ssrc};
  report.codec = "PCMU";
  report.stats.packets = packets;
  report.stats.expected = packets + 1;
  report.stats.duplicates = 2;
  report.stats.reordered = 3;
  report.stats.first = at(first);
  report.stats.last = at(first + 1);
  report.use = use;
  return report;
}

ConversationReport conversation_sample() {
  ConversationReport conversation;
  conversation.number = 1;
  conversation.uuid = "u";
  conversation.vcon = "vcon/2026/03/02/u.vcon";
  conversation.start = at(0);
  conversation.duration = std::chrono::milliseconds(65'500);
  conversation.from = "sip:a-very-long-name-of-a-customer@customer.example.net";
  conversation.to = "sip:1001@agents.example.com";
  conversation.parties = {
      {calls::Role::Customer, "sip:+15550100@customer.example.net", "Pat \x1b[31m\xff", "", "", false, "", ""}};
  conversation.call_ids = {"c1"};
  DialogReport dialog;
  dialog.type = "recording";
  dialog.agent = "sip:1001@agents.example.com";
  dialog.start = at(2);
  dialog.duration = std::chrono::seconds(60);
  dialog.media = "media/2026/03/02/u/agent-1001.ogg";
  dialog.mediatype = "audio/ogg";
  dialog.codecs = {"PCMU"};
  dialog.gaps = {{calls::GapReason::Hold, at(10), at(16), {0}, ""}};
  dialog.packets = mux::PacketCounts{100, 98, 2, 1, 0};
  conversation.dialogs.push_back(dialog);
  conversation.disposition = "answered";
  return conversation;
}

Report sample() {
  Report report;
  report.out = "out";
  CaptureReport capture;
  capture.info.file = "a.pcap";
  capture.info.packets = 10;
  capture.info.first = at(0);
  capture.info.link_type = "Ethernet";
  capture.info.damage = capture::Damage{77, "it ends inside a record"};
  capture.snapped = 4;
  report.captures.push_back(capture);
  report.streams = {stream(0x1a, 5, calls::Use::Unassigned, 0)};
  report.recording_sessions = {"rs1"};
  report.counters = {{"sip.messages", 12}};
  report.faults = {"a.pcap: damaged"};
  report.wall_seconds = 0.25;
  return report;
}

nlohmann::json json_of(const Report& report, const std::vector<ConversationReport>& conversations) {
  const testing::TemporaryFolder folder;
  ConversationLog log(folder.path(), conversation_json);
  for (const ConversationReport& one : conversations) log.add(one);
  std::ostringstream out;
  write_json(report, log, out);
  return nlohmann::json::parse(out.str());
}

std::string table_of(const Report& report, const std::vector<ConversationReport>& conversations) {
  const testing::TemporaryFolder folder;
  ConversationLog log(folder.path(), conversation_cells);
  for (const ConversationReport& one : conversations) log.add(one);
  std::ostringstream out;
  write_table(report, log, out);
  return out.str();
}

}  // namespace

TEST_CASE("parts of one stream become one entry, and a part in a recording decides its use") {
  StreamTable table;
  table.add(stream(2, 10, calls::Use::Unassigned, 20));
  table.add(stream(1, 100, calls::Use::SecondHop, 10));
  table.add(stream(1, 50, calls::Use::Recording, 0));
  table.add(stream(1, 1, calls::Use::HoldMusic, 30));
  const auto streams = table.sorted();
  REQUIRE(streams.size() == 2);
  CHECK(streams[0].key.ssrc == 1);
  CHECK(streams[0].stats.packets == 151);
  CHECK(streams[0].stats.lost() == 3);
  CHECK(streams[0].stats.duplicates == 6);
  CHECK(streams[0].stats.reordered == 9);
  CHECK(streams[0].stats.first == at(0));
  CHECK(streams[0].stats.last == at(31));
  CHECK(streams[0].use == calls::Use::Recording);
  CHECK(streams[0].codec == "PCMU");
  CHECK(streams[1].key.ssrc == 2);
}

TEST_CASE("a stream's use is any that says more than unassigned") {
  StreamTable table;
  table.add(stream(1, 1, calls::Use::Unassigned, 0));
  table.add(stream(1, 1, calls::Use::Bot, 1));
  table.add(stream(1, 1, calls::Use::Unassigned, 2));
  CHECK(table.sorted()[0].use == calls::Use::Bot);
}

TEST_CASE("the JSON report has the contract's members") {
  const auto json = json_of(sample(), {conversation_sample()});
  const auto& capture = json["captures"][0];
  CHECK(capture["file"] == "a.pcap");
  CHECK(capture["packets"] == 10);
  CHECK(capture["first"] == "2026-03-02T09:15:00Z");
  CHECK(capture["last"].is_null());
  CHECK(capture["truncated"] == true);
  CHECK(capture["damage"]["offset"] == 77);
  CHECK(capture["snapped"] == 4);
  const auto& conversation = json["conversations"][0];
  CHECK(conversation["duration"] == 65.5);
  CHECK(conversation["parties"][0]["role"] == "customer");
  CHECK(conversation["parties"][0]["uri"] == "sip:+15550100@customer.example.net");
  CHECK(conversation["call_ids"][0] == "c1");
  CHECK(conversation.count("already") == 0);
  const auto& dialog = conversation["dialogs"][0];
  CHECK(dialog["agent"] == "sip:1001@agents.example.com");
  CHECK(dialog["media"] == "media/2026/03/02/u/agent-1001.ogg");
  CHECK(dialog["gaps"][0]["reason"] == "hold");
  CHECK(dialog["gaps"][0]["start"] == "2026-03-02T09:15:10Z");
  CHECK(dialog["packets"]["lost"] == 2);
  const auto& stream = json["streams"][0];
  CHECK(stream["ssrc"] == "0x0000001a");
  CHECK(stream["src"] == "192.0.2.1:4000");
  CHECK(stream["dst"] == "2001:db8::2:5000");
  CHECK(stream["use"] == "unassigned");
  CHECK(json["unassigned_media"].size() == 1);
  CHECK(json["recording_sessions"][0] == "rs1");
  CHECK(json["counters"]["sip.messages"] == 12);
  CHECK(json["faults"].size() == 1);
}

TEST_CASE("a recording whose media never passed is reported with its gap, without media") {
  calls::Interaction interaction;
  interaction.start = at(0);
  interaction.end = at(9);
  interaction.parties.resize(2);
  calls::DialogPlan plan;
  plan.start = at(1);
  plan.end = at(9);
  plan.channel_parties = {{0}, {1}};
  plan.gaps = {{calls::GapReason::NoMedia, at(1), at(9), {0, 1}, ""}};
  interaction.dialogs = {plan};
  const auto dialog = json_of({}, {describe(interaction)})["conversations"][0]["dialogs"][0];
  CHECK(dialog["type"] == "recording");
  CHECK(dialog["duration"] == 8);
  CHECK(dialog["gaps"][0]["reason"] == "no-media");
  CHECK(dialog.count("media") == 0);
  CHECK(dialog.count("packets") == 0);
}

TEST_CASE("the table shows a conversation per line and a summary, safe for a terminal") {
  const std::string text = table_of(sample(), {conversation_sample()});
  CHECK(
      text ==
      "start (UTC)          duration  from                            to                       agent                  "
      "  outcome        gaps  vCon\n"
      "2026-03-02 09:15:00  1:06      a-very-long-name-of-a-custome~  1001@agents.example.com  1001@agents.example.com"
      "  answered PCMU  1     vcon/2026/03/02/u.vcon\n"
      "\n10 packets, 1 conversation, 1 call, 1 stream, 1 fault, 0.25 s, output in out\n");
}

TEST_CASE("the table says when nothing was added") {
  std::vector<ConversationReport> conversations = {conversation_sample()};
  conversations[0].already = true;
  const std::string text = table_of(sample(), conversations);
  CHECK(text.find("already recorded") != std::string::npos);
  CHECK(text.find("nothing added: 1 conversation was already in out\n") != std::string::npos);
  conversations.push_back(conversation_sample());
  CHECK(table_of(sample(), conversations).find("nothing added") == std::string::npos);
  CHECK(table_of(sample(), conversations).find("1 conversation was already recorded\n") != std::string::npos);
}

TEST_CASE("the table says why nothing was heard of a call") {
  ConversationReport conversation = conversation_sample();
  conversation.dialogs[0].codecs.clear();
  conversation.dialogs[0].gaps.push_back({calls::GapReason::Undecryptable, at(2), at(62), {0, 1}, "SRTP"});
  CHECK(table_of(sample(), {conversation}).find("answered, undecryptable") != std::string::npos);
}

TEST_CASE("the table says when media waits in quarantine") {
  ConversationReport conversation = conversation_sample();
  conversation.quarantined = true;
  CHECK(table_of(sample(), {conversation}).find("answered PCMU, quarantined") != std::string::npos);
}

TEST_CASE("the table says when TLS was there and none of it was read") {
  Report report = sample();
  report.counters = {{"tls.connections", 2}, {"tls.opened", 0}};
  CHECK(table_of(report, {}).find("2 TLS connections were not read: `file` below [keylog]") != std::string::npos);
  report.counters.push_back({"keylog.secrets", 2});
  CHECK(table_of(report, {}).find("2 TLS connections were not read: the key log has none") != std::string::npos);
  report.counters = {{"tls.connections", 2}, {"tls.opened", 1}};
  CHECK(table_of(report, {}).find("TLS") == std::string::npos);
  CHECK(table_of(sample(), {}).find("TLS") == std::string::npos);
}

TEST_CASE("the table says when the key log was too long to be kept and secrets were missed") {
  Report report = sample();
  report.counters = {{"tls.opened", 1}, {"tls.no_key", 1}, {"dtls.no_key", 2}, {"keylog.secrets_dropped", 5}};
  CHECK(table_of(report, {}).find("3 TLS handshakes found no secret, and 5 secrets of the key log") !=
        std::string::npos);
  report.counters = {{"tls.opened", 1}, {"tls.no_key", 1}, {"keylog.secrets_dropped", 0}};
  CHECK(table_of(report, {}).find("secret") == std::string::npos);
}

TEST_CASE("a capture without conversations says how media without signalling is recorded") {
  CHECK(table_of(sample(), {}).find("no conversations found\n\n10 packets") == 0);
  CHECK(table_of(sample(), {}).find("record_unsignalled = true") != std::string::npos);
  CHECK(table_of({}, {}).find("record_unsignalled") == std::string::npos);
  CHECK(json_of({}, {})["conversations"].empty());
}
