#include "pause/msml_result.h"

#include <catch2/catch.hpp>
#include <string>

using namespace tapestry;

namespace {

bool refused(const std::string& body, const std::string& type = "application/msml+xml") {
  const std::string text = "SIP/2.0 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + body;
  const auto parsed = sip::parse_message(as_bytes(text));
  REQUIRE(parsed.message);
  return pause::is_refused_by_msml(*parsed.message);
}

}  // namespace

TEST_CASE("an MSML result other than 2xx refuses, whatever else is in the body does not") {
  CHECK_FALSE(refused("<msml version=\"1.1\"><result response=\"200\"/></msml>"));
  CHECK(refused("<msml version=\"1.1\"><result response=\"423\"/></msml>"));
  CHECK(refused("<msml><result response=\"4\"/></msml>"));
  CHECK(refused("<msml><result/></msml>"));
  CHECK(refused("<m:msml xmlns:m='x'><m:result response='500'><m:description>no</m:description></m:result></m:msml>"));
  CHECK_FALSE(refused("<msml><event name=\"a\"/></msml>"));
  CHECK_FALSE(refused("<msml><result response=\"423\"/></msml>", "text/plain"));
  CHECK_FALSE(refused("<msml><result response=\"423\""));
  CHECK_FALSE(refused(""));
}
