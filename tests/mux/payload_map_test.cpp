#include "mux/payload_map.h"

#include <catch2/catch.hpp>

namespace tapestry::mux {
namespace {

calls::PayloadMapping mapping(std::uint8_t type, const char* encoding, std::uint32_t clock_hz = 8000) {
  calls::PayloadMapping made;
  made.payload_type = type;
  made.encoding = encoding;
  made.clock_hz = clock_hz;
  return made;
}

}  // namespace

TEST_CASE("RED is read as its primary block") {
  const PayloadMap map({mapping(96, "RED"), mapping(97, "G729")});
  std::vector<std::uint8_t> payload{0x80 | 97, 0x02, 0x80, 10, 97};
  payload.resize(5 + 10 + 20);
  const Reading reading = map.read(96, Time(), payload);
  CHECK(map.codec(reading.codec).name == "G729");
  CHECK(reading.bytes.data() == payload.data() + 15);
  CHECK(reading.ticks == 160);
  CHECK(reading.red.size() == payload.size());
}

TEST_CASE("RED within RED, and what is no RED, is unreadable") {
  const PayloadMap map({mapping(96, "RED")});
  for (const std::vector<std::uint8_t>& payload :
       {std::vector<std::uint8_t>{96, 1, 2}, {0xe0, 0, 0}, {0x80, 0, 0, 9, 0}}) {
    const Reading reading = map.read(96, Time(), payload);
    CHECK(map.codec(reading.codec).name == "RED, unreadable");
    CHECK(map.codec(reading.codec).content == Content::Foreign);
    CHECK(reading.ticks == 0);
  }
}

TEST_CASE("an unreadable payload keeps its codec's name and clock") {
  const PayloadMap map({mapping(96, "AMR-WB", 16'000)});
  const std::vector<std::uint8_t> payload(3, 0xff);
  const Codec& codec = map.codec(map.read(96, Time(), payload).codec);
  CHECK(codec.name == "AMR-WB, unreadable");
  CHECK(codec.clock_hz == 16'000);
}

TEST_CASE("ciphertext is not looked into") {
  const PayloadMap map({mapping(96, "RED")}, "DTLS-SRTP");
  const Codec& codec = map.codec(map.sealed(96, Time()).codec);
  CHECK(codec.name == "DTLS-SRTP");
  CHECK(codec.sealed);
  CHECK(codec.content == Content::Foreign);
  CHECK_FALSE(map.codec(map.find(0, Time())).sealed);
}

TEST_CASE("more mappings than a map holds read as a codec that nobody decodes") {
  std::vector<calls::PayloadMapping> many;
  for (int i = 0; i < 1000; ++i)
    many.push_back(mapping(static_cast<std::uint8_t>(96 + i % 30), ("X" + std::to_string(i)).c_str()));
  const PayloadMap map(many);
  CHECK(map.codecs().size() == 255);
  for (std::uint8_t type = 0; type < 128; ++type) CHECK(map.read(type, Time(), {}).codec < 255);
}

TEST_CASE("audio that has no room in a map is foreign, not another codec") {
  std::vector<calls::PayloadMapping> many;
  for (int i = 0; i < 300; ++i) {
    many.push_back(mapping(96, "ILBC"));
    many.back().parameters = "mode=20;x=" + std::to_string(i);
    many.push_back(mapping(97, ("X" + std::to_string(i)).c_str()));
  }
  many.push_back(mapping(98, "PCMU"));
  const PayloadMap map(many);
  const Reading reading = map.read(98, Time(), std::vector<std::uint8_t>(160));
  CHECK(map.codec(reading.codec).name == "too many codecs");
  CHECK(map.codec(reading.codec).content == Content::Foreign);
  CHECK(reading.ticks == 0);
}

}  // namespace tapestry::mux
