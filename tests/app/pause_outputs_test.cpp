// What remains visible of a pause: from a conversation whose pauses are known to its files, vCon and report.
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "app/cli.h"
#include "app/finisher.h"
#include "app/show.h"
#include "tests/app/paused_conversation.h"
#include "verify/verify.h"

using namespace tapestry;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using testing::PausedConversation;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().filename());
  }
  std::ranges::sort(files);
  return files;
}

void check_independently(const PausedConversation& conversation) {
  const std::string said = conversation.independent_check();
  if (said.empty()) WARN("vcon_check.py, its Python modules or ffmpeg are not here");
  if (!said.empty()) CHECK(said == "1 files, 0 with faults\n");
}

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome release(const fs::path& folder, const std::string& uuid) {
  const std::string out_folder = folder.string();
  const char* argv[] = {"tapestry", "release", "--out", out_folder.c_str(), uuid.c_str()};
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::run_program(5, argv, out, err);
  return {status, out.str(), err.str()};
}

mode_t mode_of(const fs::path& path) {
  struct stat about{};
  REQUIRE(stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777U;
}

const std::string kUuid = "019f15a6-a752-826f-bb82-041452eb905f";
const std::string kBelow = "2026/11/20/" + kUuid;

}  // namespace

TEST_CASE("a pause is digital silence in the file, and vCon, report and show tell what it was") {
  PausedConversation conversation;
  conversation.pause(3, 6);
  const app::Finished finished = conversation.finish();
  CHECK(conversation.faults().empty());
  check_independently(conversation);
  const fs::path wav = conversation.out() / finished.report.dialogs[0].media;
  CHECK(testing::peak(wav, 2.9, 3.0) > 7000);
  CHECK(testing::peak(wav, 3.0, 6.0) == 0);
  CHECK(testing::peak(wav, 6.01, 6.1) > 7000);
  const Json gap = testing::json_of(finished)["dialogs"][0]["gaps"][0];
  CHECK(gap["reason"] == "pci");
  CHECK(gap["rule"] == "record-header");
  CHECK(gap["closed_by"] == "call-end");
  const std::string shown = app::show(verify::payload_of(conversation.vcon_path()), {80, false});
  CHECK_THAT(shown, Contains("PPPPPPPP") && Contains("gap    pci"));
  CHECK_THAT(shown, Contains("paused by record-header (INFO from sip:1001@agents.example.com) at 08:00:03, ended by "
                             "call-end"));
}

TEST_CASE("a pause with beeps is known to verify, which hears nothing else in it") {
  PausedConversation conversation;
  conversation.pause(3, 6);
  const app::Finished finished = conversation.finish(false, false, true);
  CHECK(conversation.faults().empty());
  const fs::path wav = conversation.out() / finished.report.dialogs[0].media;
  CHECK(testing::peak(wav, 3.0, 3.1) == 3277);
  CHECK(testing::peak(wav, 3.1, 5.9) == 0);
  CHECK(testing::peak(wav, 5.9, 6.0) == 3277);
}

TEST_CASE("a recording that is cut has nothing of its pauses in any file, and is one set") {
  PausedConversation conversation;
  conversation.pause(3, 6);
  conversation.pause(8, 11);
  const app::Finished finished = conversation.finish(true);
  CHECK(conversation.faults().empty());
  check_independently(conversation);
  CHECK(files_below(conversation.out() / "media") ==
        std::vector<std::string>{"agent-1001~s1.wav", "agent-1001~s2.wav"});
  const fs::path folder = conversation.out() / "media" / kBelow;
  CHECK(fs::file_size(folder / "agent-1001~s1.wav") < 3 * 32'000 + 1000);
  CHECK(testing::peak(folder / "agent-1001~s2.wav", 0.1, 2) > 7000);

  const Json vcon = conversation.vcon();
  CHECK(vcon["dialog"][0]["type"] == "recording-set");
  CHECK(vcon["dialog"][0]["recordings"] == Json{2, 3, 4, 5});
  CHECK(vcon["dialog"][1]["type"] == "transfer");
  CHECK(vcon["dialog"][1]["original"] == 0);
  CHECK_FALSE(vcon["dialog"][3].contains("url"));
  CHECK(vcon["dialog"][4]["start"] == "2026-11-20T08:00:06Z");

  const Json dialog = testing::json_of(finished)["dialogs"][0];
  CHECK(dialog["type"] == "recording-set");
  CHECK(dialog["duration"] == 10.0);
  CHECK_FALSE(dialog.contains("media"));
  CHECK(dialog["mediatype"] == "audio/x-wav");
  CHECK(dialog["codecs"] == Json{"PCMU"});
  REQUIRE(dialog["recordings"].size() == 4);
  CHECK(dialog["recordings"][0] == Json{{"start", "2026-11-20T08:00:00Z"},
                                        {"duration", 3.0},
                                        {"media", "media/" + kBelow + "/agent-1001~s1.wav"}});
  CHECK(dialog["recordings"][1] == Json{{"start", "2026-11-20T08:00:03Z"}, {"duration", 3.0}});
  CHECK(dialog["gaps"].size() == 2);
  CHECK(finished.row.recordings == 1);

  const std::string shown = app::show(verify::payload_of(conversation.vcon_path()), {80, false});
  CHECK_THAT(shown, Contains("Recording of sip:1001@agents.example.com: 2026-11-20 08:00:00 UTC, 0:10.0"));
  CHECK_THAT(shown, Contains("agent-1001~s2.wav") && Contains("3.0 s from 08:00:03  not recorded"));
  CHECK(shown.find("Recording of", shown.find("Recording of") + 1) == std::string::npos);
}

TEST_CASE("a recording that nothing pauses is not cut") {
  PausedConversation conversation;
  const app::Finished finished = conversation.finish(true);
  CHECK(conversation.vcon()["dialog"][0]["type"] == "recording");
  CHECK(finished.report.dialogs[0].media == "media/" + kBelow + "/agent-1001.wav");
}

TEST_CASE("a recording that is all pause is a set of one shell, without any media") {
  PausedConversation conversation;
  conversation.pause(-1, 20);
  conversation.finish(true);
  CHECK(conversation.faults().empty());
  check_independently(conversation);
  CHECK(files_below(conversation.out() / "media").empty());
  CHECK(conversation.vcon()["dialog"][0]["recordings"] == Json{2});
}

TEST_CASE("media in which card data is suspected waits in quarantine until it is released") {
  PausedConversation conversation;
  conversation.pause(3, 6, "keyed-digits");
  const app::Finished finished = conversation.finish(false, true);
  const fs::path secret = conversation.out() / "quarantine" / kBelow / "agent-1001.wav";
  CHECK(finished.report.dialogs[0].media == "quarantine/" + kBelow + "/agent-1001.wav");
  CHECK(mode_of(secret) == 0600);
  CHECK(mode_of(conversation.out() / "quarantine") == 0700);
  CHECK(files_below(conversation.out() / "media").empty());
  CHECK(files_below(conversation.out() / "quarantine").size() == 1);
  const Json report = testing::json_of(finished);
  CHECK(report["pci_suspected"] == true);
  CHECK(report["quarantined"] == true);
  const Json vcon = conversation.vcon();
  CHECK(vcon["dialog"][0]["url"] == "https://recorder.example.com/media/" + kBelow + "/agent-1001.wav");
  REQUIRE(conversation.faults().size() == 1);
  CHECK_THAT(conversation.faults()[0], Contains("is in quarantine until it is released"));
  const std::string shown = app::show(verify::payload_of(conversation.vcon_path()), {80, false});
  CHECK_THAT(shown, Contains("Card data is suspected; the media was written into quarantine"));

  const Outcome released = release(conversation.out(), kUuid);
  CHECK(released.status == 0);
  CHECK(released.out == "media/" + kBelow + "/agent-1001.wav\n");
  CHECK(conversation.faults().empty());
  check_independently(conversation);
  CHECK(mode_of(conversation.out() / "media" / kBelow / "agent-1001.wav") != 0600);
  CHECK(files_below(conversation.out() / "quarantine").empty());
  CHECK(release(conversation.out(), kUuid).status == 2);
}

TEST_CASE("what is suspected is never where it is fetched, also when the vCon cannot be written") {
  PausedConversation conversation;
  conversation.pause(3, 6, "keyed-digits");
  testing::write_file(conversation.out() / "vcon", "no folder");
  CHECK_THROWS_AS(conversation.finish(false, true), std::runtime_error);
  CHECK(files_below(conversation.out() / "media").empty());
  fs::remove(conversation.out() / "vcon");
  CHECK(conversation.finish(false, true).report.quarantined);
  CHECK(files_below(conversation.out() / "quarantine").size() == 1);
}

TEST_CASE("without quarantine what is suspected is only told") {
  PausedConversation conversation;
  conversation.interaction.pci_suspected = true;
  const app::Finished finished = conversation.finish(false, false);
  CHECK(conversation.faults().empty());
  const Json report = testing::json_of(finished);
  CHECK(report["pci_suspected"] == true);
  CHECK_FALSE(report.contains("quarantined"));
  CHECK(files_below(conversation.out() / "media").size() == 1);
  PausedConversation ordinary;
  ordinary.pause(3, 6);
  CHECK_FALSE(testing::json_of(ordinary.finish(false, true)).contains("pci_suspected"));
  CHECK(files_below(ordinary.out() / "media").size() == 1);
}

TEST_CASE("release refuses what is no uuid or not there, and never overwrites") {
  PausedConversation conversation;
  conversation.interaction.pci_suspected = true;
  CHECK(release(conversation.out(), kUuid).status == 2);
  conversation.pause(3, 6);
  conversation.finish(true, true);
  for (const char* wrong : {"", "..", "../", "019F15A6-A752-826F-BB82-041452EB905F", "2026"}) {
    CHECK(release(conversation.out(), wrong).status == 2);
  }
  CHECK_THAT(release(conversation.out(), "019f15a6-a752-826f-bb82-041452eb9050").err, Contains("nothing of"));
  const fs::path place = conversation.out() / "media" / kBelow / "agent-1001~s1.wav";
  fs::create_directories(place.parent_path());
  testing::write_file(place, "here first");
  testing::write_file(conversation.out() / "quarantine" / kBelow / ".agent.part", "a crash left it");
  const Outcome outcome = release(conversation.out(), kUuid);
  CHECK(outcome.status == 1);
  CHECK_THAT(outcome.err, Contains("agent-1001~s1.wav is at its place already") && Contains("is unfinished"));
  CHECK(outcome.out == "media/" + kBelow + "/agent-1001~s2.wav\n");
  CHECK(testing::read_file(place) == "here first");
  CHECK(fs::exists(conversation.out() / "quarantine" / kBelow / "agent-1001~s1.wav"));
  fs::remove(place);
  fs::remove(conversation.out() / "quarantine" / kBelow / ".agent.part");
  CHECK(release(conversation.out(), kUuid).status == 0);
  CHECK(conversation.faults().empty());
}
