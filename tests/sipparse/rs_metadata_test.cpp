#include "sipparse/rs_metadata.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("recording metadata tells who takes part, what they send, and what ties it to the call") {
  const auto metadata = parse_rs_metadata(R"(<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1" xmlns:ac="urn:ietf:params:xml:ns:Avaya">
  <datamode>complete</datamode>
  <session session_id="s1">
    <sipSessionID>ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2</sipSessionID>
    <sipSessionID>00000000000000000000000000000000</sipSessionID>
    <ac:AvayaUCID>FA080019001038F725B3</ac:AvayaUCID><ac:GenesysUUID>UIVB8J6JE91C53UIM3VI59VHQ400001R</ac:GenesysUUID>
  </session>
  <participant participant_id="p1"><nameID aor="sip:bob@biloxi.com"><name xml:lang="it">Bob B</name></nameID></participant>
  <participant participant_id="p2"><nameID aor="tel:+12025550101"/></participant>
  <stream stream_id="t1" session_id="s1"><label>96</label></stream>
  <stream stream_id="t2" session_id="s1"><label>97</label></stream>
  <participantstreamassoc participant_id="p1"><send>t1</send><recv>t2</recv></participantstreamassoc>
  <participantstreamassoc participant_id="p2"><send>t2</send><send>t9</send></participantstreamassoc>
</recording>)");
  REQUIRE(metadata);
  CHECK(metadata->session_ids == std::vector<std::string>{"ab30317f1a784dc48ff824d0d3715d86"});
  REQUIRE(metadata->participants.size() == 2);
  CHECK(metadata->participants[0].aor == "sip:bob@biloxi.com");
  CHECK(metadata->participants[0].name == "Bob B");
  CHECK(metadata->participants[0].labels == std::vector<std::string>{"96"});
  CHECK(metadata->participants[1].aor == "tel:+12025550101");
  CHECK(metadata->participants[1].name.empty());
  CHECK(metadata->participants[1].labels == std::vector<std::string>{"97"});
  REQUIRE(metadata->keys.size() == 2);
  CHECK(metadata->keys[0].kind == "ucid");
  CHECK(metadata->keys[0].value.size() == 20);
  CHECK(metadata->keys[1].value == "UIVB8J6JE91C53UIM3VI59VHQ400001R");
}

TEST_CASE("other documents are no recording metadata, and entries are bounded") {
  CHECK_FALSE(parse_rs_metadata("<reginfo/>"));
  std::string many = "<recording><session>";
  for (std::size_t n = 0; n < 100; ++n) many += "<sipSessionID>a" + std::to_string(n) + "</sipSessionID>";
  many += "</session>";
  for (std::size_t n = 0; n < 100; ++n)
    many += "<participant/><stream/><participantstreamassoc><send/></participantstreamassoc>";
  const auto metadata = parse_rs_metadata(many + "</recording>");
  REQUIRE(metadata);
  CHECK(metadata->session_ids.size() == kMaxRsEntries);
  CHECK(metadata->participants.size() == kMaxRsEntries);
}

}  // namespace tapestry::sip
