#include "mux/measure.h"

#include <catch2/catch.hpp>

#include "tests/mux/codec_of.h"

namespace tapestry::mux {
namespace {

/// Ticks of so many zero bytes; -1 when they are no payload.
int ticks(const Codec& codec, std::size_t bytes) {
  const std::vector<std::uint8_t> payload(bytes);
  const auto time = measure(codec, payload);
  return time ? static_cast<int>(time->ticks) : -1;
}

}  // namespace

TEST_CASE("a payload's length on its clock follows from its bytes") {
  CHECK(ticks(codec("PCMU"), 160) == 160);
  CHECK(ticks(codec("G722"), 160) == 160);
  CHECK(ticks(codec("G726-24"), 60) == 160);
  CHECK(ticks(codec("G726-40"), 100) == 160);
  CHECK(ticks(codec("G729"), 20) == 160);
  CHECK(ticks(codec("G729"), 22) == 240);
  CHECK(ticks(codec("G729"), 2) == 80);
  CHECK(ticks(codec("G729"), 12 + 3) == -1);
  CHECK(ticks(codec("G723"), 24) == 240);
  CHECK(ticks(codec("G723"), 25) == -1);
  CHECK(ticks(codec("GSM"), 66) == 320);
  CHECK(ticks(codec("GSM"), 65) == -1);
  CHECK(ticks(codec("ILBC"), 50) == 240);
  CHECK(ticks(codec("ILBC"), 76) == 320);
  CHECK(ticks(codec("DVI4"), 84) == 160);
  CHECK(ticks(codec("DVI4"), 4) == -1);
  CHECK(ticks(codec("L16", 44'100, "", 2), 400) == 100);
  CHECK(ticks(codec("L16", 44'100, "", 2), 401) == -1);
  for (const char* const any : {"PCMU", "G729", "GSM", "AMR"}) CHECK(ticks(codec(any), 0) == 0);
}

TEST_CASE("a payload that claims more time than a packet can have is none") {
  CHECK(ticks(codec("G729"), 8190) == 65'520);
  CHECK(ticks(codec("G729"), 8200) == -1);
  CHECK(ticks(codec("G726-16"), 60'000) == -1);
}

TEST_CASE("after silence descriptors and DTX a sender may pause") {
  const auto pauses = [](const Codec& codec, const std::vector<std::uint8_t>& payload) {
    const auto time = measure(codec, payload);
    return time && time->pauses;
  };
  CHECK(pauses(codec("G729"), {1, 2}));
  CHECK_FALSE(pauses(codec("G729"), std::vector<std::uint8_t>(10)));
  CHECK(pauses(codec("G723"), {2, 0, 0, 0}));
  CHECK(pauses(codec("OPUS", 48'000), {0x08}));
  CHECK(pauses(codec("AMR", 8000, "octet-align=1"), {0xf0, 0x44, 1, 2, 3, 4, 5}));
}

}  // namespace tapestry::mux
