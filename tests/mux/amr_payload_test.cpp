#include "mux/amr_payload.h"

#include <catch2/catch.hpp>
#include <random>

namespace tapestry::mux {
namespace {

Codec amr(bool wide, bool aligned) {
  calls::PayloadMapping mapping;
  mapping.encoding = wide ? "AMR-WB" : "AMR";
  mapping.clock_hz = wide ? 16'000 : 8000;
  mapping.parameters = aligned ? "octet-align=1" : "";
  return read_codec(mapping);
}

}  // namespace

TEST_CASE("frames of an octet-aligned payload are stored as they came") {
  // CMR 15; types 0 (with more to come) and 8, both good; 12 and 5 bytes.
  std::vector<std::uint8_t> payload{0xf0, 0x84, 0x44};
  for (std::uint8_t i = 1; i <= 17; ++i) payload.push_back(i);
  payload[14] &= 0xfeU;  // 95 bits: the last one is filling
  payload[19] &= 0xfeU;  // 39
  std::vector<AmrFrame> frames;
  REQUIRE(read_amr(amr(false, true), payload, frames));
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].kind == AmrFrame::Kind::Speech);
  CHECK(frames[0].bytes == 13);
  CHECK(frames[0].stored[0] == 0x04);
  CHECK(frames[0].stored[12] == payload[14]);
  CHECK(frames[1].kind == AmrFrame::Kind::Silence);
  CHECK(frames[1].bytes == 6);
  CHECK(frames[1].stored[1] == 13);
}

TEST_CASE("reserved frame types, and tables that promise too much, are no AMR") {
  std::vector<AmrFrame> frames;
  for (const std::vector<std::uint8_t>& payload :
       {std::vector<std::uint8_t>{0xf0}, {0xf0, 0x4c}, {0xf0, 0xff, 0xff}, {0xf0, 0x04, 1, 2}}) {
    CHECK_FALSE(read_amr(amr(false, true), payload, frames));
    CHECK(frames.empty());
  }
}

TEST_CASE("random AMR payloads make frames within bounds") {
  std::mt19937 random(5);
  std::vector<AmrFrame> frames;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> payload(random() % 70);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    if (!read_amr(amr(i % 2 == 0, i % 4 < 2), payload, frames)) continue;
    for (const AmrFrame& frame : frames) CHECK((frame.bytes >= 1 && frame.bytes <= 61));
  }
}

}  // namespace tapestry::mux
