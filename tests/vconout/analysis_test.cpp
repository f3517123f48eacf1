#include "vconout/analysis.h"

#include <catch2/catch.hpp>

#include "fixture.h"

using namespace tapestry;
using namespace tapestry::vconout;
using nlohmann::json;

namespace {

mux::StreamQuality stream() {
  mux::StreamQuality quality;
  quality.flow = {{*IpAddress::parse("10.0.0.1"), 4000}, {*IpAddress::parse("10.0.0.2"), 5000}, 0xab};
  quality.channel = 1;
  quality.codecs = {"PCMU"};
  quality.packets = {.expected = 100, .received = 98, .lost = 2, .duplicate = 3, .reordered = 4};
  quality.discarded = 1;
  quality.packet_time = std::chrono::milliseconds(20);
  quality.clock_hz = 8000;
  quality.jitter = {.mean_ms = 1.23456, .most_ms = 7};
  quality.bursts.count = 1;
  quality.bursts.burst_density = 0.5;
  quality.bursts.burst_packets = 4;
  quality.bursts.gap_packets = 48;
  quality.e_model = mux::EModel{.r = 90.25, .mos = 4.34567};
  return quality;
}

json analysis_with(const mux::StreamQuality& quality) {
  test::Scene scene = test::recorded_scene();
  scene.dialogs.at(0).rendered.at(0).streams = {quality};
  return json::parse(scene.build()).at("analysis");
}

}  // namespace

TEST_CASE("each recording has a report of its streams, with units in the names") {
  const json analysis = analysis_with(stream());
  REQUIRE(analysis.size() == 1);
  CHECK(analysis[0]["type"] == "report");
  CHECK(analysis[0]["vendor"] == "Tapestry");
  CHECK(analysis[0]["schema"] == "stream-quality-1");
  CHECK(analysis[0]["dialog"] == 0);
  CHECK(analysis[0]["encoding"] == "json");
  CHECK(analysis[0]["body"]["jitter_buffer_ms"] == 60);
  CHECK(analysis[0]["body"]["streams"] ==
        json::parse(R"([{"ssrc": "0x000000ab", "channel": 1, "source": "10.0.0.1:4000",
    "destination": "10.0.0.2:5000", "codec": "PCMU", "packets": {"expected": 100, "received": 98, "lost": 2, "discarded": 1,
    "reordered": 4, "duplicates": 3}, "jitter_ms": 1.235, "jitter_max_ms": 7.0, "bursts": {"count": 1, "burst_density": 0.5,
    "gap_density": 0.0, "burst_ms": 80.0, "gap_ms": 960.0}, "model": "G.107", "r_factor": 90.25, "mos": 4.346}])"));
}

TEST_CASE("what a receiver reported stands beside what was seen") {
  mux::StreamQuality quality = stream();
  quality.rtcp.reports = 2;
  quality.rtcp.last = {
      .about = 0xab, .fraction_lost = 64, .cumulative_lost = -1, .highest_sequence = 70'000, .jitter = 80};
  quality.rtcp.round_trip = std::chrono::microseconds(40'500);
  quality.rtcp.metrics.emplace();
  quality.rtcp.metrics->mos_lq = 42;
  const json rtcp = analysis_with(quality)[0]["body"]["streams"][0]["rtcp"];
  CHECK(rtcp["reports"] == 2);
  CHECK(rtcp["fraction_lost"] == 0.25);
  CHECK(rtcp["cumulative_lost"] == -1);
  CHECK(rtcp["highest_sequence"] == 70'000);
  CHECK(rtcp["jitter_ms"] == 10.0);
  CHECK(rtcp["round_trip_ms"] == 40.5);
  CHECK(rtcp["voip_metrics"]["mos_lq"] == 4.2);
  CHECK_FALSE(rtcp["voip_metrics"].contains("mos_cq"));
}

TEST_CASE("a stream without MOS names no model") {
  mux::StreamQuality quality = stream();
  quality.e_model.reset();
  const json streams = analysis_with(quality)[0]["body"]["streams"];
  CHECK_FALSE(streams[0].contains("mos"));
  CHECK_FALSE(streams[0].contains("model"));
}

TEST_CASE("a recording without streams has no report") {
  const json vcon = json::parse(test::recorded_scene().build());
  CHECK_FALSE(vcon.contains("analysis"));
}
