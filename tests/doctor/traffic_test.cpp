#include "doctor/traffic.h"

#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::doctor;
using namespace std::chrono_literals;
using testing::Buffer;
using testing::endpoint;

namespace {

const std::string kInvite = "INVITE sip:1001@example.com SIP/2.0\r\nCall-ID: a\r\n\r\n";
const std::string kTrying = "SIP/2.0 100 Trying\r\nCall-ID: a\r\n\r\n";

class Wire {
 public:
  void frame(const Buffer& bytes, std::uint32_t cut = 0) {
    time_ += 1ms;
    traffic_.add({time_, testing::kEthernet, static_cast<std::uint32_t>(bytes.size()) + cut, bytes});
  }
  void media(const char* from, const char* to, unsigned packets, unsigned copies = 1) {
    for (unsigned n = 0; n < packets; ++n) {
      const auto number = static_cast<std::uint16_t>(65'530 + n);
      const Buffer rtp = testing::rtp_packet(0, number, n * 160, 7, false, Buffer(160, 0xff));
      for (unsigned copy = 0; copy < copies; ++copy) frame(testing::udp_frame(endpoint(from), endpoint(to), rtp));
    }
  }
  void sip(const char* from, const char* to, const std::string& text) {
    frame(testing::udp_frame(endpoint(from), endpoint(to), testing::buffer(text)));
  }
  Sample sample() { return traffic_.finish(); }

 private:
  Time time_{std::chrono::seconds(1'790'000'000)};
  Traffic traffic_;
};

Finding named(const Findings& all, const std::string& check) {
  for (const Finding& finding : all) {
    if (finding.check == check) return finding;
  }
  return {.check = "none"};
}

}  // namespace

TEST_CASE("a mirror with both directions of a call is well") {
  Wire wire;
  wire.sip("10.0.0.1:5060", "10.0.0.2:5060", kInvite);
  wire.sip("10.0.0.2:5060", "10.0.0.1:5060", kTrying);
  wire.media("10.0.0.1:4000", "10.0.0.2:5000", 50);
  wire.media("10.0.0.2:5000", "10.0.0.1:4000", 50);
  const Sample sample = wire.sample();
  CHECK(sample.frames == 102);
  CHECK(sample.sip == 2);
  CHECK(sample.rtp == 100);
  CHECK(sample.media_ways == 2);
  CHECK(sample.media_one_sided == 0);
  CHECK(sample.sip_pairs == 1);
  CHECK(sample.rtp_copies == 0);
  CHECK(worst_of(judge_traffic(sample)) == Verdict::Ok);
}

TEST_CASE("a mirror with one direction of everything is a failure") {
  Wire wire;
  wire.sip("10.0.0.1:5060", "10.0.0.2:5060", kInvite);
  wire.media("10.0.0.1:4000", "10.0.0.2:5000", 50);
  const Findings findings = judge_traffic(wire.sample());
  CHECK(named(findings, "directions of RTP").verdict == Verdict::Failure);
  CHECK(named(findings, "directions of SIP").verdict == Verdict::Failure);
}

TEST_CASE("some streams in one direction among many are no fault") {
  Wire wire;
  for (const char* from : {"10.0.0.1:4000", "10.0.0.3:4000"}) {
    wire.media(from, "10.0.0.2:5000", 30);
    wire.media("10.0.0.2:5000", from, 30);
  }
  wire.media("10.0.0.9:4000", "10.0.0.2:6000", 30);
  wire.media("10.0.0.8:4000", "10.0.0.2:6000", 3);
  const Sample sample = wire.sample();
  CHECK(sample.media_ways == 5);
  CHECK(sample.media_one_sided == 1);
  CHECK(named(judge_traffic(sample), "directions of RTP").verdict == Verdict::Ok);
}

TEST_CASE("copies that a mirror makes are counted") {
  Wire wire;
  wire.media("10.0.0.1:4000", "10.0.0.2:5000", 100, 2);
  wire.sip("10.0.0.1:5060", "10.0.0.2:5060", kInvite);
  wire.sip("10.0.0.1:5060", "10.0.0.2:5060", kInvite);
  const Sample sample = wire.sample();
  CHECK(sample.rtp_copies == 100);
  CHECK(sample.other_copies == 1);
  CHECK(sample.sip == 1);
  CHECK(named(judge_traffic(sample), "copies").verdict == Verdict::Warning);
}

TEST_CASE("VLANs, cut frames and fragments are told") {
  Wire wire;
  const Buffer packet =
      testing::ip_packet(endpoint("10.0.0.1:1").ip, endpoint("10.0.0.2:1").ip, testing::kUdp,
                         testing::udp_segment(endpoint("10.0.0.1:1"), endpoint("10.0.0.2:1"), Buffer(3000, 1)));
  for (const Buffer& piece : testing::fragments(packet, 1400, 5)) {
    wire.frame(testing::link_frame(testing::kEthernet, piece, {42}), 6);
  }
  const Sample sample = wire.sample();
  CHECK(sample.vlans == std::set<std::uint16_t>{42});
  CHECK(sample.pieces == 3);
  CHECK(sample.cut == 3);
  const Findings findings = judge_traffic(sample);
  CHECK(named(findings, "cut frames").verdict == Verdict::Failure);
  CHECK(named(findings, "fragments").verdict == Verdict::Warning);
  CHECK(named(findings, "SIP and RTP").verdict == Verdict::Warning);
  CHECK(named(findings, "traffic").what.find("VLANs 42") != std::string::npos);
}

TEST_CASE("an interface that shows nothing is a failure") {
  Wire wire;
  const Findings findings = judge_traffic(wire.sample());
  CHECK(findings.size() == 1);
  CHECK(findings.front().verdict == Verdict::Failure);
}

TEST_CASE("what the capture dropped is a failure") {
  Sample sample{.frames = 10, .lost = 3};
  CHECK(named(judge_traffic(sample), "losses").verdict == Verdict::Failure);
}

TEST_CASE("signalling without media, and media without signalling, are warnings") {
  CHECK(named(judge_traffic({.frames = 1, .sip = 1}), "SIP and RTP").verdict == Verdict::Warning);
  CHECK(named(judge_traffic({.frames = 1, .rtp = 1}), "SIP and RTP").verdict == Verdict::Warning);
}

TEST_CASE("hostile frames are counted") {
  Wire wire;
  wire.frame(Buffer(3, 0x81));
  wire.frame(Buffer(14, 0x81));
  Buffer tagged(16, 0);
  tagged[12] = 0x81;
  wire.frame(tagged);
  CHECK(wire.sample().frames == 3);
}
