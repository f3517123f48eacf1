#include <catch2/catch.hpp>

#include "calls/payloads.h"
#include "mux/codec.h"

using namespace tapestry;

TEST_CASE("calls takes for audible what mux decodes, and nothing else") {
  for (const char* const encoding : {"PCMU",         "PCMA",         "G722",           "G723",  "G721",  "G726-16",
                                     "G726-24",      "G726-32",      "G726-40",        "G729",  "GSM",   "ILBC",
                                     "AMR",          "AMR-WB",       "SPEEX",          "OPUS",  "L16",   "DVI4",
                                     "RED",          "EVS",          "G728",           "QCELP", "LPC",   "CN",
                                     "AAL2-G726-16", "AAL2-G726-24", "H264",           "G7221", "G729D", "AAL2-G726-32",
                                     "AAL2-G726-40", "SILK",         "ULPFEC",         "L8",    "VP8",   "L24",
                                     "GSM-EFR",      "AMR-WB+",      "TELEPHONE-EVENT"}) {
    bool decoded = false;
    for (const std::uint32_t clock_hz : {8000U, 16'000U, 48'000U}) {
      calls::PayloadMapping mapping;
      mapping.encoding = encoding;
      mapping.clock_hz = clock_hz;
      decoded = decoded || mux::read_codec(mapping).content == mux::Content::Audio;
    }
    INFO(encoding);
    CHECK(calls::is_audible(encoding) == decoded);
  }
}
