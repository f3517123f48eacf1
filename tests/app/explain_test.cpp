#include "app/explain.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/app/scene_run.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// What explain says of the scene's capture, and of each of its vCons.
struct Explained {
  std::string captures;
  std::vector<std::string> vcons;
};

Explained explained(const char* name) {
  const testing::TemporaryFolder folder;
  const scenes::Scene scene = scenes::scene(name);
  CHECK(testing::record(scene, folder.path()).empty());
  Explained result;
  std::ostringstream out;
  std::ostringstream err;
  CHECK(explain_captures({(folder / "scene.pcap").string()}, parse_config(scene.configuration, "scene"), out, err) ==
        0);
  CHECK(err.str().empty());
  result.captures = out.str();
  for (const auto& entry : fs::recursive_directory_iterator(folder / "out/vcon")) {
    if (!entry.is_regular_file()) continue;
    CHECK(is_vcon(entry.path().string()));
    result.vcons.push_back(explain_vcon(verify::payload_of(entry.path())));
  }
  CHECK_FALSE(is_vcon((folder / "scene.pcap").string()));
  return result;
}

}  // namespace

TEST_CASE("explain tells every link of a conversation, from its vCon as from the capture") {
  const Explained attended = explained("transfer_attended");
  REQUIRE(attended.vcons.size() == 1);
  for (const std::string& text : {attended.captures, attended.vcons.front()}) {
    INFO(text);
    CHECK(has(text, "Joined by"));
    CHECK(has(text, "refer-replaces"));
    CHECK(has(text, "consultation"));
    CHECK(has(text, "sip:1002@pbx.example.com"));
    CHECK_FALSE(has(text, "Left apart"));
  }
}

TEST_CASE("explain says so when nothing links a call to another") {
  const Explained plain = explained("stir_identity");
  CHECK(has(plain.captures, "One call by itself"));
  REQUIRE(plain.vcons.size() == 1);
  CHECK(has(plain.vcons.front(), "One call by itself"));
}

TEST_CASE("explain tells what a supervisor did, from the vCon as from the capture") {
  const Explained whisper = explained("supervisor_whisper");
  REQUIRE(whisper.vcons.size() == 1);
  for (const std::string& text : {whisper.captures, whisper.vcons.front()}) {
    INFO(text);
    CHECK(has(text, "Supervision"));
    CHECK(has(text, "whisper   sip:2001@pbx.example.com"));
  }
}

TEST_CASE("explain is safe for a terminal and refuses what is no vCon") {
  CHECK_THROWS_WITH(explain_vcon("{}"), "this is no vCon");
  CHECK_THROWS_WITH(explain_vcon("[1"), "this is no vCon");
  CHECK_THROWS(explain_vcon(R"({"uuid":"x"})"));
  const std::string odd = explain_vcon(
      R"({"uuid":"x","parties":[7],"attachments":[3,{"purpose":"call-signalling","body":{"dialogs":[{"call_id":"a\u001b[31m"},5],)"
      R"("links":[{"kind":"key","joined":true,"strength":"95"},4,{"kind":9}],"supervision":[4,{"kind":"\u001b"}]}}]})");
  CHECK_FALSE(has(odd, "\x1b"));
  CHECK(has(odd, "key"));
}

TEST_CASE("explain tells of a damaged capture") {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "bad.pcap") << "no capture";
  std::ostringstream out;
  std::ostringstream err;
  CHECK(explain_captures({(folder / "bad.pcap").string()}, {}, out, err) == 1);
  CHECK(has(err.str(), "bad.pcap"));
}

}  // namespace tapestry::app
