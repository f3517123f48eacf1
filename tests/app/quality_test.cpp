// The figures of a replayed capture against those of tshark 4.0 (-z rtp,streams), as it printed them.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/replay.h"
#include "tests/app/temporary_folder.h"
#include "verify/verify.h"

using namespace tapestry;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

struct Stream {
  const char* ssrc;
  std::uint64_t packets;
  std::uint64_t lost;
  double jitter_ms;
  double jitter_max_ms;
};

/// The streams of all recordings, by SSRC; empty when the capture is not there.
std::map<std::string, Json> streams_of(const std::string& name) {
  const fs::path capture = fs::path(TAPESTRY_SHARED) / "captures" / name;
  if (!fs::exists(capture)) {
    WARN("no " + capture.string() + ": skipped");
    return {};
  }
  const testing::TemporaryFolder folder;
  app::ReplaySettings settings;
  settings.captures = {capture.string()};
  settings.out = folder / "out";
  settings.config = app::parse_config("[recording]\nformat = \"g711\"\n[keys]\nalgorithm = \"es256\"\n", "test");
  settings.finishers = 1;
  std::ostringstream ignored;
  CHECK(app::replay_and_print(settings, true, ignored, ignored) == 0);
  std::map<std::string, Json> streams;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "out" / "vcon")) {
    if (!entry.is_regular_file()) continue;
    const Json vcon = Json::parse(verify::payload_of(entry.path()));
    CHECK(verify::faults_of(entry.path(), {folder / "out/keys/ca.pem", folder / "out/media"}).empty());
    for (const Json& analysis : vcon.value("analysis", Json::array())) {
      for (const Json& stream : analysis["body"]["streams"]) streams[stream["ssrc"]] = stream;
    }
  }
  return streams;
}

void compare(const std::string& capture, const std::vector<Stream>& expected) {
  const auto streams = streams_of(capture);
  if (streams.empty()) return;
  for (const Stream& one : expected) {
    INFO(capture << " " << one.ssrc);
    REQUIRE(streams.contains(one.ssrc));
    const Json& stream = streams.at(one.ssrc);
    INFO(stream.dump(1));
    // A packet or two before the answer or after the BYE is no part of the recording.
    CHECK(stream["packets"]["received"].get<double>() == Approx(static_cast<double>(one.packets)).margin(4));
    CHECK(stream["packets"]["lost"].get<double>() == Approx(static_cast<double>(one.lost)).margin(1));
    CHECK(stream["jitter_ms"].get<double>() == Approx(one.jitter_ms).epsilon(0.03).margin(0.02));
    CHECK(stream["jitter_max_ms"].get<double>() == Approx(one.jitter_max_ms).epsilon(0.03).margin(0.02));
  }
}

}  // namespace

TEST_CASE("jitter and loss are what tshark makes of the same captures") {
  compare("calls/gen_long_pcma.pcap", {{"0xc8b8906c", 4101, 0, 0.759, 1.467}, {"0x5fcf62a1", 4101, 0, 0.757, 1.956}});
  compare("malformed/gen_loss3pct.pcap",
          {{"0x2f6bf83f", 807, 25, 1.538, 3.826}, {"0x651dfa23", 804, 28, 1.941, 4.829}});
}

TEST_CASE("what phones report by RTCP stands beside what was seen") {
  const auto streams = streams_of("calls/gen_long_pcma.pcap");
  if (streams.empty()) return;
  const Json& rtcp = streams.at("0x5fcf62a1").at("rtcp");
  CHECK(rtcp["reports"].get<int>() > 5);
  CHECK(rtcp["fraction_lost"] == 0);
  CHECK(rtcp["jitter_ms"].get<double>() < 5);
  CHECK(rtcp["round_trip_ms"].get<double>() < 50);
}
