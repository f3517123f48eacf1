#include "app/cli.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <sstream>
#include <vector>

#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"

using namespace tapestry;
using Catch::Matchers::Contains;

namespace {

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "tapestry");
  std::vector<const char*> argv;
  for (const std::string& one : arguments) argv.push_back(one.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::run_program(static_cast<int>(argv.size()), argv.data(), out, err);
  return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("help and version are no errors") {
  CHECK(run({"--help"}).status == 0);
  CHECK_THAT(run({"--version"}).out, Contains("tapestry 0."));
  CHECK_THAT(run({"replay", "--help"}).out, Contains("--json"));
}

TEST_CASE("a wrong command line is exit status 2") {
  CHECK(run({}).status == 2);
  CHECK(run({"dance"}).status == 2);
  CHECK(run({"replay"}).status == 2);
  CHECK(run({"replay", "--fast", "-"}).status == 2);
  CHECK(run({"replay", "/nowhere.pcap"}).status == 2);
  CHECK(run({"replay", "--config", "/nowhere.toml", "-"}).status == 2);
  CHECK(run({"replay", "--finishers", "0", "-"}).status == 2);
  CHECK(run({"verify"}).status == 2);
  CHECK(run({"keys"}).status == 2);
  CHECK(run({"audit"}).status == 2);
  CHECK(run({"audit", "/nowhere"}).status == 2);
}

TEST_CASE("a wrong configuration is exit status 2 and names its place") {
  const testing::TemporaryFolder folder;
  const std::string config = folder / "c.toml";
  testing::write_file(config, "[recording]\nspeed = 3\n");
  testing::write_file(folder / "a.pcap", "");
  const Outcome outcome = run({"replay", "--config", config, "--out", folder / "out", folder / "a.pcap"});
  CHECK(outcome.status == 2);
  CHECK(outcome.err == "tapestry: " + config + ":2:1: unknown key \"speed\" in [recording]\n");
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_CASE("an output folder that cannot be made is exit status 1") {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "a.pcap", "");
  testing::write_file(folder / "file", "");
  CHECK(run({"replay", "--out", folder / "file/out", folder / "a.pcap"}).status == 1);
}

TEST_CASE("keys are made once and never overwritten") {
  const testing::TemporaryFolder folder;
  const std::vector<std::string> command = {"keys",  "init",        "--es256", "--host", "tap.example.org",
                                            "--out", folder / "out"};
  CHECK(run(command).status == 0);
  CHECK(std::filesystem::exists(folder / "out/keys/ca.pem"));
  CHECK(run(command).status == 1);
}

TEST_CASE("replay, verify and show work on one capture") {
  const testing::TemporaryFolder folder;
  const std::string out = folder / "out";
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.talk_seconds = 2;
  call.hold_seconds = 0;
  call.loss_at = -1;
  {
    std::ofstream file(folder / "a.pcap", std::ios::binary);
    testing::write_pcap(file, testing::frames_of(call));
  }
  REQUIRE(run({"keys", "init", "--es256", "--out", out}).status == 0);
  setenv("SOURCE_DATE_EPOCH", "1772500000", 1);
  const Outcome replayed = run({"replay", "--out", out, folder / "a.pcap"});
  unsetenv("SOURCE_DATE_EPOCH");
  CHECK(replayed.status == 0);
  CHECK_THAT(replayed.out, Contains("answered PCMU"));

  const Outcome verified = run({"verify", "--ca", out + "/keys/ca.pem", "--media", out + "/media", out});
  CHECK(verified.out == "1 file, 0 with faults\n");
  CHECK(verified.status == 0);

  std::string vcon;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(out + "/vcon")) {
    if (entry.path().extension() == ".vcon") vcon = entry.path();
  }
  const Outcome shown = run({"show", vcon});
  CHECK(shown.status == 0);
  CHECK_THAT(shown.out, Contains("2026-03-03T01:06:40Z"));
  CHECK_THAT(shown.out, Contains("Recording of sip:1001@agents.example.com"));

  testing::write_file(vcon, "{}");
  // Where nothing was recorded there is no folder: that is the vCons' matter, not the command line's.
  CHECK(run({"verify", "--ca", out + "/keys/ca.pem", "--media", out + "/nowhere", out}).status == 1);
  const Outcome faulty = run({"verify", vcon});
  CHECK(faulty.status == 1);
  CHECK_THAT(faulty.out, Contains("1 file, 1 with faults"));
  CHECK(run({"show", vcon}).status == 1);
}

TEST_CASE("audit finds the log below an output folder") {
  const testing::TemporaryFolder folder;
  CHECK(run({"audit", folder.path().string()}).status == 2);
  std::filesystem::create_directories(folder / "audit");
  testing::write_file(folder / "audit/audit.jsonl", "");
  const Outcome outcome = run({"audit", folder.path().string()});
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.out, Contains("0 entries"));
  CHECK_THAT(run({"audit", "--json", folder.path().string()}).out, Contains("\"first_fault\": null"));
  CHECK_THAT(run({"--help"}).out, Contains("audit"));
}

TEST_CASE("verify without any vCon is exit status 2") {
  const testing::TemporaryFolder folder;
  CHECK(run({"verify", folder.path().string()}).status == 2);
}

TEST_CASE("a SOURCE_DATE_EPOCH that is no number is exit status 2") {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "a.pcap", "");
  setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
  CHECK(run({"replay", "--out", folder / "out", folder / "a.pcap"}).status == 2);
  unsetenv("SOURCE_DATE_EPOCH");
}
