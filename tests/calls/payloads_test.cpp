#include "calls/payloads.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using namespace tapestry::calls;

namespace {

rtp::FlowStats with_types(std::initializer_list<unsigned> types) {
  rtp::FlowStats stats;
  for (const unsigned type : types) stats.payload_types[type / 64] |= std::uint64_t{1} << type % 64U;
  return stats;
}

Call call_with(std::vector<FormatsSince> formats) {
  Call call;
  MediaClaim claim{};
  claim.side = Side::Callee;
  claim.media = "audio";
  claim.formats = std::move(formats);
  call.claims.push_back(claim);
  return call;
}

sip::PayloadFormat format(std::uint8_t type, const char* encoding, const char* parameters = "") {
  sip::PayloadFormat made{};
  made.payload_type = type;
  made.encoding = encoding;
  made.clock_hz = 8000;
  made.channels = 1;
  made.parameters = parameters;
  return made;
}

}  // namespace

TEST_CASE("fmtp and channels go with a mapping, and a change of them is a new one") {
  const Time first{std::chrono::seconds(1)};
  const Time second{std::chrono::seconds(2)};
  const Time third{std::chrono::seconds(3)};
  const Call call = call_with({{first, {format(96, "AMR", "octet-align=1")}},
                               {second, {format(96, "AMR", "octet-align=1")}},
                               {third, {format(96, "AMR")}}});
  const auto mappings = payload_mappings(call, Side::Caller, "audio");
  REQUIRE(mappings.size() == 2);
  CHECK(mappings[0].parameters == "octet-align=1");
  CHECK(mappings[0].since == first);
  CHECK(mappings[1].parameters.empty());
  CHECK(mappings[1].since == third);
}

TEST_CASE("types that nobody mapped have RFC 3551's names") {
  CHECK(encodings_of({}, with_types({0, 5, 12, 18, 19, 34, 97})) ==
        std::vector<std::string>{"CN", "DVI4", "G729", "H263", "PCMU", "QCELP", "payload type 97"});
}

TEST_CASE("static types of audio that can be heard need no SDP") {
  for (const unsigned type : {0U, 3U, 4U, 5U, 8U, 9U, 11U, 18U}) CHECK(has_static_audio(with_types({type})));
  for (const unsigned type : {12U, 13U, 15U, 26U, 34U, 96U, 127U}) CHECK_FALSE(has_static_audio(with_types({type})));
  CHECK_FALSE(has_static_audio({}));
}
