// From a capture to signed vCons on disk.
#include "app/replay.h"

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"
#include "verify/verify.h"

using namespace tapestry;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

testing::SampleCall short_call(int number = 0) {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z") + std::chrono::milliseconds(1700 * number);
  call.call_id = "call-" + std::to_string(number) + "@203.0.113.10";
  call.agent_user = std::to_string(1001 + number);
  call.customer_port = static_cast<std::uint16_t>(40'000 + 2 * number);
  call.agent_port = static_cast<std::uint16_t>(16'400 + 2 * number);
  call.ssrc += static_cast<std::uint32_t>(16 * number);
  call.ring_seconds = 1;
  call.talk_seconds = 3;
  call.hold_seconds = 2;
  call.rest_seconds = 2;
  call.loss_at = 5.5;
  return call;
}

std::string write_calls(const fs::path& path, int count) {
  std::vector<testing::TimedFrame> frames;
  for (int i = 0; i < count; ++i) {
    for (testing::TimedFrame& frame : testing::frames_of(short_call(i))) frames.push_back(std::move(frame));
  }
  std::ofstream file(path, std::ios::binary);
  testing::write_pcap(file, std::move(frames));
  return path.string();
}

app::ReplaySettings settings_for(const std::string& capture, const fs::path& out) {
  app::ReplaySettings settings;
  settings.captures = {capture};
  settings.out = out;
  settings.config = app::parse_config(
      "[[party]]\nuri = \"^sip:1[0-9]{3}@\"\nip = \"10.1.0.0/16\"\nrole = \"agent\"\nname = \"Alex Agent\"\n"
      "[keys]\nalgorithm = \"es256\"\n",
      "test");
  settings.config.vcon.now = from_rfc3339("2026-03-03T00:00:00Z");
  settings.finishers = 2;
  return settings;
}

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(const app::ReplaySettings& settings, bool json = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::replay_and_print(settings, json, out, err);
  return {status, out.str(), err.str()};
}

std::map<std::string, std::string> payloads_below(const fs::path& out) {
  std::map<std::string, std::string> payloads;
  if (!fs::exists(out / "vcon")) return payloads;
  for (const auto& entry : fs::recursive_directory_iterator(out / "vcon")) {
    if (entry.is_regular_file()) payloads[entry.path().filename()] = verify::payload_of(entry.path());
  }
  return payloads;
}

}  // namespace

TEST_CASE("a captured conversation becomes one signed vCon with a recording of its agent") {
  const testing::TemporaryFolder folder;
  const auto settings = settings_for(write_calls(folder / "call.pcap", 1), folder / "out");
  const Outcome outcome = run(settings, true);
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  const Json report = Json::parse(outcome.out);
  REQUIRE(report["conversations"].size() == 1);
  const Json& conversation = report["conversations"][0];
  CHECK(conversation["call_ids"] == Json{"call-0@203.0.113.10"});
  CHECK(conversation["dialogs"][0]["agent"] == "sip:1001@agents.example.com");
  CHECK(conversation["dialogs"][0]["codecs"] == Json{"PCMU"});
  const fs::path vcon = folder / "out" / conversation["vcon"].get<std::string>();
  const fs::path media = folder / "out" / conversation["dialogs"][0]["media"].get<std::string>();
  CHECK(fs::exists(media));
  CHECK(media.filename() == "agent-1001.ogg");
  CHECK(verify::faults_of(vcon, {folder / "out/keys/ca.pem", folder / "out/media"}).empty());
  CHECK_FALSE(fs::exists(folder / "out/.spool"));
  for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
    CHECK(entry.path().extension() != ".part");
  }
}

TEST_CASE("replaying a capture again adds nothing and says so") {
  const testing::TemporaryFolder folder;
  const auto settings = settings_for(write_calls(folder / "calls.pcap", 2), folder / "out");
  CHECK(run(settings).status == 0);
  const auto before = payloads_below(folder / "out");
  CHECK(before.size() == 2);
  const Outcome again = run(settings);
  CHECK(again.status == 0);
  CHECK_THAT(again.out, Contains("nothing added: 2 conversations were already in"));
  CHECK(payloads_below(folder / "out") == before);
  const Json report = Json::parse(run(settings, true).out);
  CHECK(report["conversations"][0]["already"] == true);
  CHECK(before.count(report["conversations"][0]["uuid"].get<std::string>() + ".vcon") == 1);
}

TEST_CASE("a capture named twice is recorded once") {
  const testing::TemporaryFolder folder;
  auto settings = settings_for(write_calls(folder / "calls.pcap", 1), folder / "out");
  run(settings);
  settings.captures.push_back(settings.captures.front());
  settings.out = folder / "twice";
  CHECK(run(settings).status == 0);
  CHECK(payloads_below(folder / "twice").size() == 1);
}

TEST_CASE("a damaged capture gives what comes before the damage, a fault with the offset, and exit status 1") {
  const testing::TemporaryFolder folder;
  const std::string capture = write_calls(folder / "calls.pcap", 1);
  fs::resize_file(capture, fs::file_size(capture) * 3 / 4);
  const Outcome outcome = run(settings_for(capture, folder / "out"));
  CHECK(outcome.status == 1);
  CHECK_THAT(outcome.err, Contains("calls.pcap: damaged at byte "));
  CHECK_THAT(outcome.err, Contains("everything before it was used"));
  CHECK(payloads_below(folder / "out").size() == 1);
}

TEST_CASE("a conversation that cannot be written is a fault, and is recorded by the next replay") {
  const testing::TemporaryFolder folder;
  const auto settings = settings_for(write_calls(folder / "calls.pcap", 2), folder / "out");
  fs::create_directories(folder / "out");
  testing::write_file(folder / "out/media", "in the way");
  const Outcome outcome = run(settings);
  CHECK(outcome.status == 1);
  CHECK_THAT(outcome.err, Contains("not written"));
  CHECK(payloads_below(folder / "out").empty());
  fs::remove(folder / "out/media");
  CHECK(run(settings).status == 0);
  CHECK(payloads_below(folder / "out").size() == 2);
}

TEST_CASE("the number of finishers changes nothing") {
  const testing::TemporaryFolder folder;
  auto settings = settings_for(write_calls(folder / "calls.pcap", 5), folder / "one");
  settings.finishers = 1;
  CHECK(run(settings).status == 0);
  settings.out = folder / "four";
  settings.finishers = 4;
  CHECK(run(settings).status == 0);
  CHECK(payloads_below(folder / "one").size() == 5);
  CHECK(payloads_below(folder / "one") == payloads_below(folder / "four"));
}

TEST_CASE("the golden capture gives the golden vCon") {
  const testing::TemporaryFolder folder;
  CHECK(run(settings_for(write_calls(folder / "calls.pcap", 1), folder / "out")).status == 0);
  const auto payloads = payloads_below(folder / "out");
  REQUIRE(payloads.size() == 1);
  Json vcon = Json::parse(payloads.begin()->second);
  for (Json& dialog : vcon["dialog"]) dialog.erase("content_hash");  // another libopus gives other bytes
  CHECK(vcon.dump(1) + "\n" == testing::golden_file("sample.vcon.json", vcon.dump(1) + "\n"));
}

TEST_CASE("a party rule that cannot be used is an error of the configuration") {
  const testing::TemporaryFolder folder;
  auto settings = settings_for(write_calls(folder / "calls.pcap", 1), folder / "out");
  settings.config.rules.parties[0].uri = "(";
  CHECK_THROWS_AS(run(settings), app::ConfigError);
}
