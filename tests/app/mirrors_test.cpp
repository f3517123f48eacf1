// What a mirror does to a conversation: copies, tags, tunnels. It must come out as if it had been seen bare.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/replay.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"
#include "tests/support/tunnel_builder.h"

using namespace tapestry;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

namespace fs = std::filesystem;
using Frames = std::vector<testing::TimedFrame>;

Frames bare_frames() {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.ring_seconds = 1;
  call.talk_seconds = 3;
  call.hold_seconds = 1;
  call.rest_seconds = 1;
  call.loss_at = 4.5;
  return testing::frames_of(call);
}

/// The packet as the next router sends it: one hop less to live, another VLAN, other addresses, later.
testing::TimedFrame routed(const testing::TimedFrame& seen) {
  testing::Buffer packet(seen.frame.begin() + 14, seen.frame.end());
  packet.at(8) = static_cast<std::uint8_t>(packet.at(8) - 1);
  packet.at(10) = static_cast<std::uint8_t>(packet.at(10) + 1);
  return {seen.time + milliseconds(35), testing::link_frame(testing::kEthernet, packet, {120})};
}

Frames with_copies(const Frames& frames) {
  Frames all = frames;
  for (const testing::TimedFrame& frame : frames) all.push_back(routed(frame));
  return all;
}

Frames in_vxlan(Frames frames) {
  for (testing::TimedFrame& each : frames) {
    each.frame = testing::tunnel_frame(testing::kVxlanPort, testing::vxlan(each.frame));
  }
  return frames;
}

/// The samples of each recording of a replay, by its file's name, and its report.
struct Outcome {
  std::map<std::string, std::string> media;
  Json report;

  [[nodiscard]] std::uint64_t counter(const char* name) const { return report["counters"][name]; }
};

Outcome replay(Frames frames) {
  const testing::TemporaryFolder folder;
  std::ofstream file(folder.path() / "c.pcap", std::ios::binary);
  testing::write_pcap(file, std::move(frames));
  file.close();
  app::ReplaySettings settings;
  settings.captures.push_back((folder.path() / "c.pcap").string());
  settings.out = folder.path() / "out";
  settings.config = app::parse_config("[keys]\nalgorithm = \"es256\"\n[recording]\nformat = \"wav\"\n", "test");
  std::ostringstream out;
  std::ostringstream err;
  REQUIRE(app::replay_and_print(settings, true, out, err) == 0);
  Outcome outcome;
  outcome.report = Json::parse(out.str());
  for (const auto& entry : fs::recursive_directory_iterator(settings.out / "media")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream media(entry.path(), std::ios::binary);
    const std::string wav(std::istreambuf_iterator<char>(media), {});
    outcome.media[entry.path().filename()] = wav.substr(wav.find("data"));
  }
  return outcome;
}

}  // namespace

TEST_CASE("copies that a mirror shows of every packet, later and changed by a router, change nothing but their count") {
  const Outcome bare = replay(bare_frames());
  const Outcome twice = replay(with_copies(bare_frames()));
  REQUIRE(bare.media.size() == 1);
  REQUIRE(twice.media == bare.media);
  REQUIRE(twice.counter("sip.messages") == bare.counter("sip.messages"));
  REQUIRE(twice.counter("capture.mirror_copies") == bare.counter("sip.messages"));
  Json streams = twice.report["streams"];
  REQUIRE(streams.size() == bare.report["streams"].size());
  for (std::size_t n = 0; n < streams.size(); ++n) {
    const Json& was = bare.report["streams"][n];
    REQUIRE(streams[n]["duplicates"] == was["packets"].get<int>() + 2 * was["duplicates"].get<int>());
    for (const char* same : {"ssrc", "src", "packets", "lost", "reordered", "use"}) {
      REQUIRE(streams[n][same] == was[same]);
    }
  }
}

TEST_CASE("a conversation inside a tunnel comes out as if it were bare") {
  const Outcome bare = replay(bare_frames());
  const Outcome inside = replay(in_vxlan(bare_frames()));
  REQUIRE(inside.media == bare.media);
  REQUIRE(inside.report["streams"] == bare.report["streams"]);
  REQUIRE(inside.counter("capture.vxlan") == inside.counter("capture.frames"));
}
