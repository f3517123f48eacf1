#include "sipparse/address.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

using namespace std::string_view_literals;

TEST_CASE("a name-addr gives name, URI and header parameters") {
  const auto address = parse_name_address(R"( "Doe, J. <\"boss\">"  <sip:j@example.com;lr> ; tag = 1;x )");
  REQUIRE(address);
  CHECK(address->display_name == R"(Doe, J. <\"boss\">)");
  CHECK(address->uri_text == "sip:j@example.com;lr");
  REQUIRE(address->uri);
  CHECK(address->uri->parameters == "lr");
  CHECK(parameter(address->parameters, "tag") == "1");
  CHECK(plain_display_name(address->display_name) == "Doe, J. <\"boss\">");
}

TEST_CASE("without brackets the parameters are the header's") {
  const auto address = parse_name_address("sip:bob@example.com;tag=7");
  REQUIRE(address);
  CHECK(address->display_name.empty());
  REQUIRE(address->uri);
  CHECK(address->uri->host == "example.com");
  CHECK(address->uri->parameters.empty());
  CHECK(parameter(address->parameters, "tag") == "7");
}

TEST_CASE("a token name needs no blank before the bracket") {
  const auto address = parse_name_address("caller one<sip:c@d>;tag=3");
  REQUIRE(address);
  CHECK(address->display_name == "caller one");
  CHECK(address->uri->user == "c");
}

TEST_CASE("a name whose quote never closes ends at the bracket") {
  const auto address = parse_name_address("\"Mr J. User <sip:j@example.com>");
  REQUIRE(address);
  CHECK(address->display_name == "Mr J. User");
  CHECK(address->uri_text == "sip:j@example.com");
}

TEST_CASE("an address without a URI that can be read keeps its text") {
  const auto star = parse_name_address("*");
  REQUIRE(star);
  CHECK(star->uri_text == "*");
  CHECK_FALSE(star->uri);
  CHECK(parse_name_address("\"Anonymous\" <>")->display_name == "Anonymous");
  CHECK(parse_name_address("x <sip:a@b")->uri->host == "b");
}

TEST_CASE("an empty value is no address") {
  for (const std::string_view text : {"", "   ", "<>", "\"\"<>", ";tag=1", "<", ">", "\r\n "}) {
    INFO(text);
    const auto address = parse_name_address(text);
    CHECK((!address || !address->uri));
  }
}

TEST_CASE("a plain display name has no control characters") {
  CHECK(plain_display_name("BEL:\\\x07 NUL:\\\0 DEL:\\\x7f\r\n\tx\\"sv) == "BEL: NUL: DEL: x\\");
  CHECK(plain_display_name("") == "");
}

}  // namespace tapestry::sip
