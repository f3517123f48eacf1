#include "mux/frames.h"

#include <catch2/catch.hpp>

namespace tapestry::mux {
namespace {

/// Bytes of each frame of the payload; a silent one negative. Ends with 0 when something was left over.
std::vector<int> frames_of(const char* encoding, std::vector<std::uint8_t> payload, const char* parameters = "") {
  calls::PayloadMapping mapping;
  mapping.encoding = encoding;
  mapping.parameters = parameters;
  FrameReader reader(read_codec(mapping), payload);
  std::vector<int> frames;
  while (const auto frame = reader.next()) {
    frames.push_back(static_cast<int>(frame->bytes.size()) * (frame->speech ? 1 : -1));
  }
  if (!reader.whole()) frames.push_back(0);
  return frames;
}

std::vector<std::uint8_t> zeros(std::size_t bytes) { return std::vector<std::uint8_t>(bytes); }

}  // namespace

TEST_CASE("a silence descriptor of G.729 B comes last") {
  CHECK(frames_of("G729", zeros(32)) == std::vector<int>{10, 10, 10, -2});
  CHECK(frames_of("G729", zeros(2)) == std::vector<int>{-2});
  CHECK(frames_of("G729", zeros(13)) == std::vector<int>{10, 0});
}

TEST_CASE("the first two bits of a G.723.1 frame tell its size") {
  std::vector<std::uint8_t> payload(24 + 20 + 4 + 1);
  payload[24] = 1;
  payload[44] = 2;
  payload[48] = 3;
  CHECK(frames_of("G723", payload) == std::vector<int>{24, 20, -4, -1});
  payload.pop_back();
  payload.pop_back();
  CHECK(frames_of("G723", payload) == std::vector<int>{24, 20, 0});
}

TEST_CASE("iLBC has the frames that its mode says, or those that fit") {
  CHECK(frames_of("ILBC", zeros(38), "mode=20") == std::vector<int>{38});
  CHECK(frames_of("ILBC", zeros(38), "mode=30") == std::vector<int>{38});
  CHECK(frames_of("ILBC", zeros(100), "mode=20") == std::vector<int>{50, 50});
  CHECK(frames_of("ILBC", zeros(950), "mode=20").size() == 25);
  CHECK(frames_of("ILBC", zeros(950), "mode=30").size() == 19);
}

}  // namespace tapestry::mux
