#include "sipparse/header_name.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("header names are known in any case, full and compact") {
  CHECK(header_name("Call-ID") == HeaderName::CallId);
  CHECK(header_name("cALL-id") == HeaderName::CallId);
  CHECK(header_name("i") == HeaderName::CallId);
  CHECK(header_name("X") == HeaderName::SessionExpires);
  CHECK(header_name("P-Preferred-Identity") == HeaderName::PPreferredIdentity);
  CHECK(header_name("Proxy-Authorization") == HeaderName::ProxyAuthorization);
  CHECK(header_name("r") == HeaderName::ReferTo);
  CHECK(header_name("B") == HeaderName::ReferredBy);
}

TEST_CASE("names that are near a known one are other names") {
  for (const std::string_view name : {"", "q", "Call_ID", "Call-I", "C%6Fntact", "P-Preferred-Identityy", "\xff",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    INFO(name);
    CHECK(header_name(name) == HeaderName::Other);
  }
}

TEST_CASE("compact forms of names outside the table have their full form") {
  CHECK(full_header_name("u") == "Allow-Events");
  CHECK(full_header_name("A") == "Accept-Contact");
  CHECK(full_header_name("z") == "z");
  CHECK(full_header_name("Foo") == "Foo");
}

}  // namespace tapestry::sip
