#include "calls/redirection_notes.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

/// The message's notes: their fields as `name=value`, joined by blanks.
std::vector<std::string> noted(const std::string& start, const std::string& headers,
                               const std::string& cseq = "1 INVITE") {
  const std::string text = start + "\r\nCall-ID: a\r\nCSeq: " + cseq + "\r\n" + headers + "\r\n";
  const auto parsed = sip::parse_message(as_bytes(text));
  REQUIRE(parsed.message);
  calls::Notes notes;
  calls::note_redirection(notes, *parsed.message,
                          {scene_time(1), endpoint("10.9.0.10:5060"), endpoint("10.2.0.1:5060"), "UDP"});
  std::vector<std::string> list;
  for (const calls::Note& note : notes.list) {
    CHECK(note.kind == calls::NoteKind::Redirection);
    std::string line;
    for (const auto& field : note.fields)
      line += (line.empty() ? "" : " ") + std::string(field.name) + "=" + field.value;
    list.push_back(line);
  }
  return list;
}

using Lines = std::vector<std::string>;
const std::string kInvite = "INVITE sip:1001@example.com SIP/2.0";

}  // namespace

TEST_CASE("each Diversion tells who sent the call on, and why") {
  CHECK(noted(kInvite,
              "Diversion: \"Sales, all\" <sip:7001@PBX.example.com:5060;user=phone>;reason=no-answer;counter=2;"
              "privacy=off;screen=\"no\", <tel:+1-202-555-0101>;reason=unconditional\r\n") ==
        Lines{"kind=diversion uri=sip:7001@pbx.example.com reason=no-answer counter=2 privacy=off screen=no",
              "kind=diversion uri=tel:+12025550101 reason=unconditional"});
}

TEST_CASE("History-Info's entries come with index, cause and where they came from") {
  CHECK(noted(kInvite,
              "History-Info: <sip:71506@example.com?Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%22>;index=1\r\n"
              "History-Info: "
              "<sip:1001@example.com;cause=486>;index=1.1;mp=1,<sip:1002@example.com>;index=1.2;rc=1.1\r\n") ==
        Lines{"kind=history-info uri=sip:71506@example.com index=1 reason=SIP;cause=302;text=\"Moved\"",
              "kind=history-info uri=sip:1001@example.com index=1.1 cause=486 mp=1",
              "kind=history-info uri=sip:1002@example.com index=1.2 rc=1.1"});
}

TEST_CASE("a 181 and the Contacts of a redirection are noted") {
  CHECK(noted("SIP/2.0 181 Call Is Being Forwarded", "") == Lines{"kind=forwarded reason=Call Is Being Forwarded"});
  CHECK(noted("SIP/2.0 302 Moved Temporarily",
              "Contact: <sip:1001@example.com>;q=0.7, sip:1002@example.com\r\nReason: SIP;cause=480\r\n") ==
        Lines{"kind=redirect uri=sip:1001@example.com reason=SIP;cause=480 q=0.7",
              "kind=redirect uri=sip:1002@example.com reason=SIP;cause=480"});
  CHECK(noted("SIP/2.0 302 Moved Temporarily", "Contact: <sip:a@example.com>\r\n", "1 REGISTER").empty());
  CHECK(noted("SIP/2.0 200 OK", "Contact: <sip:a@example.com>\r\n").empty());
}

TEST_CASE("an address that may be a card's number is masked") {
  CHECK(noted(kInvite, "Diversion: <sip:4111111111111111@example.com>\r\n") ==
        Lines{"kind=diversion uri=sip:XXXXXXXXXXXXXXXX@example.com"});
}
