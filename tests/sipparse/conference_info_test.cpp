#include "sipparse/conference_info.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("a conference-info document tells who takes part, how they joined and whether they are heard") {
  const auto info = parse_conference_info(R"(<conference-info xmlns="urn:ietf:params:xml:ns:conference-info"
    entity="sip:conf233@example.com" state="full" version="1">
  <conference-state><user-count>2</user-count></conference-state>
  <users>
    <user entity="sip:bob@example.com" state="full"><display-text>Bob</display-text>
      <roles><entry>host</entry><entry>speaker</entry></roles>
      <endpoint entity="sip:bob@pc33.example.com" state="partial">
        <status>disconnected</status><disconnection-method>departed</disconnection-method>
      </endpoint>
      <endpoint entity="sip:bob@10.1.0.21">
        <referred><when>2026-11-20T08:00:00Z</when><by>sip:mike@example.com</by></referred>
        <status>connected</status><joining-method>dialed-out</joining-method>
        <media id="1"><type>video</type><status>inactive</status></media>
        <media id="2"><type>audio</type><status>recvonly</status></media>
      </endpoint></user>
    <user entity="sip:alice@example.com" state="deleted"/>
  </users></conference-info>)");
  REQUIRE(info);
  CHECK(info->entity == "sip:conf233@example.com");
  CHECK(info->state == "full");
  CHECK(info->version == "1");
  CHECK(info->user_count == "2");
  REQUIRE(info->endpoints.size() == 3);
  CHECK(info->endpoints[0].user == "sip:bob@example.com");
  CHECK(info->endpoints[0].display == "Bob");
  CHECK(info->endpoints[0].roles == "host speaker");
  CHECK(info->endpoints[0].endpoint == "sip:bob@pc33.example.com");
  CHECK(info->endpoints[0].state == "partial");
  CHECK(info->endpoints[0].status == "disconnected");
  CHECK(info->endpoints[0].disconnection == "departed");
  CHECK(info->endpoints[1].joined == "dialed-out");
  CHECK(info->endpoints[1].referred_by == "sip:mike@example.com");
  CHECK(info->endpoints[1].audio == "recvonly");
  CHECK(info->endpoints[2].user == "sip:alice@example.com");
  CHECK(info->endpoints[2].user_state == "deleted");
  CHECK(info->endpoints[2].endpoint.empty());
}

TEST_CASE("a conference without users is read, other documents are none, endpoints are bounded") {
  CHECK(parse_conference_info("<conference-info entity='x'/>")->endpoints.empty());
  CHECK_FALSE(parse_conference_info("<dialog-info/>"));
  std::string many = "<conference-info><users>";
  for (std::size_t n = 0; n < kMaxConferenceEndpoints; ++n) many += "<user><endpoint/><endpoint/></user>";
  CHECK(parse_conference_info(many + "</users></conference-info>")->endpoints.size() == kMaxConferenceEndpoints);
}

}  // namespace tapestry::sip
