#include "core/address.h"

#include <catch2/catch.hpp>

using namespace tapestry;

TEST_CASE("addresses are read and written in both families") {
  CHECK(IpAddress::parse("192.0.2.1")->to_string() == "192.0.2.1");
  CHECK(IpAddress::parse("[2001:db8::1]")->to_string() == "2001:db8::1");
  CHECK(IpAddress::parse("::ffff:192.0.2.1") == IpAddress::parse("192.0.2.1"));
  CHECK_FALSE(IpAddress::parse("host.example.com").has_value());
  CHECK_FALSE(IpAddress::parse("1.2.3").has_value());
  CHECK_FALSE(IpAddress::parse("").has_value());
  CHECK(Endpoint{*IpAddress::parse("2001:db8::1"), 5060}.to_string() == "[2001:db8::1]:5060");
}

TEST_CASE("a CIDR holds what its prefix covers and nothing else") {
  const auto range = Cidr::parse("10.1.0.0/16");
  REQUIRE(range);
  CHECK(range->contains(*IpAddress::parse("10.1.255.255")));
  CHECK_FALSE(range->contains(*IpAddress::parse("10.2.0.0")));
  CHECK_FALSE(range->contains(*IpAddress::parse("2001:db8::1")));
  CHECK(Cidr::parse("2001:db8::/33")->contains(*IpAddress::parse("2001:db8:7fff::")));
  CHECK_FALSE(Cidr::parse("2001:db8::/33")->contains(*IpAddress::parse("2001:db8:8000::")));
  CHECK(Cidr::parse("0.0.0.0/0")->contains(*IpAddress::parse("8.8.8.8")));
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "/8", "10.0.0.0/8 "})
    CHECK_FALSE(Cidr::parse(text).has_value());
}

TEST_CASE("site addresses are private, others are not") {
  for (const char* text : {"10.0.0.1", "172.31.0.1", "192.168.1.1", "fd00::1", "fe80::1", "127.0.0.1"}) {
    CHECK(IpAddress::parse(text)->is_private());
  }
  for (const char* text : {"172.32.0.1", "8.8.8.8", "2001:db8::1"}) CHECK_FALSE(IpAddress::parse(text)->is_private());
}
