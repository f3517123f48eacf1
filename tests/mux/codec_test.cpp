#include "mux/codec.h"

#include <catch2/catch.hpp>

#include "tests/mux/codec_of.h"

namespace tapestry::mux {
TEST_CASE("a codec's clock and the rate of its audio are different things") {
  CHECK(codec("G722").sample_hz == 16'000);
  CHECK(codec("G722").clock_hz == 8000);
  CHECK(codec("OPUS", 48'000, "", 2).sample_hz == 16'000);
  CHECK(codec("PCMU").sample_hz == 8000);
  CHECK(codec("L16", 44'100, "", 2).sample_hz == 44'100);
  CHECK(codec("G722").samples(160, 16'000) == 320);
  CHECK(codec("OPUS", 48'000).samples(960, 8000) == 160);
}

TEST_CASE("what is heard above 8 kHz is wideband") {
  for (const Codec& wide : {codec("G722"), codec("AMR-WB", 16'000), codec("SPEEX", 16'000), codec("OPUS", 48'000),
                            codec("L16", 16'000), codec("DVI4", 11'025)}) {
    CHECK(wide.wideband());
  }
  for (const Codec& narrow : {codec("PCMA"), codec("SPEEX"), codec("AMR"), codec("EVS", 16'000), codec("DVI4")}) {
    CHECK_FALSE(narrow.wideband());
  }
}

TEST_CASE("a codec at a clock or with channels that it cannot have is foreign") {
  for (const Codec& odd : {codec("OPUS", 8000), codec("AMR", 16'000), codec("G722", 16'000), codec("PCMU", 8000, "", 2),
                           codec("L16", 1), codec("L16", 16'000, "", 6), codec("SPEEX", 44'100), codec("L16", 95'999),
                           codec("PCMA", 8001), codec("H264", 90'000)}) {
    CHECK(odd.content == Content::Foreign);
  }
  CHECK(codec("L16", 0).clock_hz > 0);
}

TEST_CASE("fmtp says how AMR and iLBC are packed") {
  CHECK(codec("AMR", 8000, "mode-set=0,2; Octet-Align=1").octet_aligned);
  CHECK_FALSE(codec("AMR", 8000, "octet-align=0").octet_aligned);
  CHECK_FALSE(codec("AMR", 8000, "octet-aligned=1;").octet_aligned);
  CHECK_FALSE(codec("AMR").octet_aligned);
  CHECK(codec("ILBC", 8000, "mode=20").short_frames);
  CHECK_FALSE(codec("ILBC", 8000, " mode=30 ").short_frames);
  CHECK(codec("AMR", 8000, "crc=1").content == Content::Foreign);
  CHECK(codec("AMR-WB", 16'000, "robust-sorting=1").name == "AMR-WB with robust-sorting");
}

TEST_CASE("payload types without rtpmap are those of RFC 3551") {
  CHECK(static_codec(0).name == "PCMU");
  CHECK(static_codec(3).coding == Coding::Gsm);
  CHECK(static_codec(6).clock_hz == 16'000);
  CHECK(static_codec(10).channels == 2);
  CHECK(static_codec(13).content == Content::Noise);
  CHECK(static_codec(15).content == Content::Foreign);
  CHECK(static_codec(18).coding == Coding::G729);
  CHECK(static_codec(97).name == "payload type 97");
}

}  // namespace tapestry::mux
