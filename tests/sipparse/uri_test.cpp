#include "sipparse/uri.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {
namespace {

std::string aor(std::string_view text) {
  const auto uri = parse_uri(text);
  REQUIRE(uri);
  return address_of_record(*uri);
}

}  // namespace

TEST_CASE("a SIP URI is taken apart") {
  const auto uri = parse_uri("sips:alice:secret@example.com:5061;transport=tcp;lr?Subject=x&To=y");
  REQUIRE(uri);
  CHECK(uri->scheme == "sips");
  CHECK(uri->user == "alice");
  CHECK(uri->host == "example.com");
  CHECK(uri->port == 5061);
  CHECK(uri->parameters == "transport=tcp;lr");
  CHECK(uri->headers == "Subject=x&To=y");
}

TEST_CASE("IPv6 hosts keep their brackets and are not taken for ports") {
  const auto bare = parse_uri("sip:[2001:db8::10:5070]");
  REQUIRE(bare);
  CHECK(bare->host == "[2001:db8::10:5070]");
  CHECK(bare->port == 0);
  const auto with_port = parse_uri("sip:bob@[2001:db8::10]:5070;lr");
  REQUIRE(with_port);
  CHECK(with_port->host == "[2001:db8::10]");
  CHECK(with_port->port == 5070);
  CHECK(with_port->parameters == "lr");
}

TEST_CASE("the user part may hold semicolons, question marks and slashes") {
  const auto uri = parse_uri("sip:user;par=u%40example.net?x/y@example.com");
  REQUIRE(uri);
  CHECK(uri->user == "user;par=u%40example.net?x/y");
  CHECK(uri->host == "example.com");
}

TEST_CASE("an at sign inside a quoted parameter ends no user part") {
  const auto uri = parse_uri("sip:192.0.2.1;x-route-tag=\"cid:a@192.0.2.9\"");
  REQUIRE(uri);
  CHECK(uri->user.empty());
  CHECK(uri->host == "192.0.2.1");
}

TEST_CASE("of two at signs the last one before the parameters counts") {
  const auto uri = parse_uri("sip:bob@home@proxy.example.com;x=y");
  REQUIRE(uri);
  CHECK(uri->user == "bob@home");
  CHECK(uri->host == "proxy.example.com");
}

TEST_CASE("a tel URI has a number and parameters, no host") {
  const auto uri = parse_uri("TEL:+1-(555).12;phone-context=example.com");
  REQUIRE(uri);
  CHECK(uri->user == "+1-(555).12");
  CHECK(uri->host.empty());
  CHECK(uri->parameters == "phone-context=example.com");
  CHECK(address_of_record(*uri) == "tel:+155512");
}

TEST_CASE("an address of record has lower-case scheme and host and nothing but the user") {
  CHECK(aor("SIP:Bob@Example.COM:5060;transport=tcp?a=b") == "sip:Bob@example.com");
  CHECK(aor("sips:example.COM") == "sips:example.com");
  CHECK(aor("sip:%62ob%3b%40@h") == "sip:bob%3B%40@h");
  CHECK(aor("sip:null-%00-null@h") == "sip:null-%00-null@h");
  CHECK(aor("sip:%zz%4@h") == "sip:%zz%4@h");
  CHECK(aor("URN:service:sos") == "urn:service:sos");
}

TEST_CASE("what has no scheme or no host is no URI") {
  for (const std::string_view text : {"", ":", "*", "alice@example.com", "sip:", "sip:@", "sip:;lr", "sip:alice@",
                                      "tel:", "tel:;x", "1sip:a", "si p:a", "urn:"}) {
    INFO(text);
    CHECK_FALSE(parse_uri(text));
  }
}

TEST_CASE("a port that is no port is none") {
  CHECK(parse_uri("sip:a:99999")->port == 0);
  CHECK(parse_uri("sip:a:x")->port == 0);
  CHECK(parse_uri("sip:2001:db8::10")->host == "2001");
}

TEST_CASE("escapes are undone once, and NUL stays escaped") {
  CHECK(unescape("a%20b%2541") == "a b%41");
  CHECK(unescape("%00%0") == "%00%0");
  CHECK(unescape("%") == "%");
  CHECK(unescape("") == "");
}

}  // namespace tapestry::sip
