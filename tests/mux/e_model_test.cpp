#include "mux/e_model.h"

#include <catch2/catch.hpp>

namespace tapestry::mux {

TEST_CASE("ratings become MOS as in G.107 annex B") {
  CHECK(mos_of(93.2) == Approx(4.41).margin(0.01));
  CHECK(mos_of(90) == Approx(4.34).margin(0.01));
  CHECK(mos_of(80) == Approx(4.03).margin(0.01));
  CHECK(mos_of(70) == Approx(3.60).margin(0.01));
  CHECK(mos_of(60) == Approx(3.10).margin(0.01));
  CHECK(mos_of(50) == Approx(2.58).margin(0.01));
  CHECK(mos_of(0) == 1);
  CHECK(mos_of(-5) == 1);
  CHECK(mos_of(3) >= 1);
  CHECK(mos_of(100) == 4.5);
}

TEST_CASE("without loss the rating is the default less the codec's factor") {
  CHECK(rate_quality(*impairment_of("PCMA"), 0, 1)->r == Approx(93.2));
  CHECK(rate_quality(*impairment_of("G729"), 0, 1)->r == Approx(82.2));
  CHECK(rate_quality(*impairment_of("G723"), 0, 1)->r == Approx(78.2));
  CHECK(rate_quality(*impairment_of("GSM"), 0, 1)->r == Approx(73.2));
  CHECK(rate_quality(*impairment_of("AAL2-G726-32"), 0, 1)->r == Approx(86.2));
}

TEST_CASE("loss impairs by the packet-loss robustness factor, more when it comes in bursts") {
  // 2 % of G.729A: 11 + 84 * 2 / (2 + 19).
  CHECK(rate_quality(*impairment_of("G729"), 0.02, 1)->r == Approx(93.2 - 19));
  // 5 % of G.711, runs twice as long as random: 95 * 5 / (2.5 + 25.1).
  CHECK(rate_quality(*impairment_of("PCMU"), 0.05, 2)->r == Approx(93.2 - 475 / 27.6));
  CHECK(rate_quality(*impairment_of("PCMU"), 0.05, 0.2)->r == Approx(93.2 - 475 / 30.1));
  CHECK(rate_quality(*impairment_of("PCMU"), 1, 8)->r >= 0);
}

TEST_CASE("there is no figure where none was published") {
  for (const char* name : {"OPUS", "G722", "AMR", "AMR-WB", "ILBC", "SPEEX", "L16", "DVI4", "EVS", ""}) {
    CHECK_FALSE(impairment_of(name));
  }
  CHECK_FALSE(rate_quality(*impairment_of("GSM"), 0.01, 1));
}

}  // namespace tapestry::mux
