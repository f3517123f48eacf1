#include "core/g711.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <utility>

namespace tapestry {

TEST_CASE("mu-law expands as in ITU-T G.711 table 2") {
  CHECK(decode(Law::Mu, 0x00) == -32124);
  CHECK(decode(Law::Mu, 0x80) == 32124);
  CHECK(decode(Law::Mu, 0x8f) == 16764);
  CHECK(decode(Law::Mu, 0x9f) == 8316);
  CHECK(decode(Law::Mu, 0xdf) == 396);
  CHECK(decode(Law::Mu, 0xfe) == 8);
  CHECK(decode(Law::Mu, 0xff) == 0);
  CHECK(decode(Law::Mu, 0x7f) == 0);
}

TEST_CASE("A-law expands as in ITU-T G.711 table 1") {
  CHECK(decode(Law::A, 0xaa) == 32256);
  CHECK(decode(Law::A, 0x2a) == -32256);
  CHECK(decode(Law::A, 0xd5) == 8);
  CHECK(decode(Law::A, 0x55) == -8);
  CHECK(decode(Law::A, 0x80) == 5504);
  CHECK(decode(Law::A, 0xc5) == 264);
}

TEST_CASE("both tables are those of FFmpeg") {
  for (const auto& [law, expected] : {std::pair(Law::Mu, 98'107'392), std::pair(Law::A, 100'139'008)}) {
    int sum = 0;
    for (int code = 0; code < 256; ++code) sum += (code + 1) * decode(law, static_cast<std::uint8_t>(code));
    CHECK(sum == expected);
  }
}

TEST_CASE("every code survives a way through samples, but for the second zero of mu-law") {
  for (const Law law : {Law::Mu, Law::A}) {
    for (unsigned code = 0; code < 256; ++code) {
      const auto byte = static_cast<std::uint8_t>(code);
      const bool second_zero = law == Law::Mu && code == 0x7f;
      CHECK(encode(law, decode(law, byte)) == (second_zero ? 0xff : byte));
    }
  }
}

TEST_CASE("louder samples never get quieter codes") {
  for (const Law law : {Law::Mu, Law::A}) {
    int before = -32768;
    for (int sample = -32768; sample <= 32767; ++sample) {
      const int heard = decode(law, encode(law, static_cast<std::int16_t>(sample)));
      REQUIRE(heard >= before);
      REQUIRE(std::abs(heard - sample) <= 644);
      before = heard;
    }
  }
}

TEST_CASE("the silence codes are the nearest to zero") {
  CHECK(decode(Law::Mu, silence_code(Law::Mu)) == 0);
  CHECK(decode(Law::A, silence_code(Law::A)) == 8);
}

}  // namespace tapestry
