#include "sipparse/key_params.h"

#include <catch2/catch.hpp>
#include <string>

using namespace tapestry;
using Octets = std::vector<std::uint8_t>;

namespace {

std::vector<Octets> secrets_of(const std::vector<sip::InlineKey>& keys) {
  std::vector<Octets> all;
  for (const auto& key : keys) all.emplace_back(key.key_salt.bytes().begin(), key.key_salt.bytes().end());
  return all;
}

std::vector<Octets> secrets_of(std::string_view text) { return secrets_of(sip::parse_key_params(text)); }

Octets mki_of(std::string_view text) {
  const auto keys = sip::parse_key_params(text);
  REQUIRE(keys.size() == 1);
  return keys.front().mki;
}

}  // namespace

TEST_CASE("an inline key is base64, with or without its padding") {
  CHECK(secrets_of("inline:AAECAwQF") == std::vector<Octets>{{0, 1, 2, 3, 4, 5}});
  CHECK(secrets_of("inline:AAECAw==") == std::vector<Octets>{{0, 1, 2, 3}});
  CHECK(secrets_of("INLINE:AAECAw") == std::vector<Octets>{{0, 1, 2, 3}});
  CHECK(secrets_of("inline:+/+/") == std::vector<Octets>{{0xfb, 0xff, 0xbf}});
}

TEST_CASE("the keys of RFC 4568's examples are as long as their suites want") {
  const auto keys = sip::parse_key_params("inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32");
  REQUIRE(keys.size() == 1);
  CHECK(keys.front().key_salt.bytes().size() == 30);
  Octets mki(32);
  mki.back() = 1;
  CHECK(keys.front().mki == mki);
}

TEST_CASE("lifetimes are read over, and an MKI is a big-endian number of its length") {
  CHECK(mki_of("inline:AAECAwQF|2^31").empty());
  CHECK(mki_of("inline:AAECAwQF|1048576").empty());
  CHECK(mki_of("inline:AAECAwQF|2^31|1:4") == Octets{0, 0, 0, 1});
  CHECK(mki_of("inline:AAECAwQF|258:2") == Octets{1, 2});
  CHECK(mki_of("inline:AAECAwQF|1:4|2^20") == Octets{0, 0, 0, 1});
  CHECK(mki_of("inline:AAECAwQF|0:1") == Octets{0});
  CHECK(mki_of("inline:AAECAwQF|18446744073709551615:8") == Octets(8, 0xff));
  CHECK(mki_of("inline:AAECAwQF|5:128").size() == 128);
}

TEST_CASE("several keys of one line are all read") {
  const auto keys = sip::parse_key_params("inline:AAEC|2^20|1:4;inline:AwQF|2^20|2:4");
  CHECK(secrets_of(keys) == std::vector<Octets>{{0, 1, 2}, {3, 4, 5}});
  REQUIRE(keys.size() == 2);
  CHECK(keys[1].mki == Octets{0, 0, 0, 2});
}

TEST_CASE("what is no inline key gives none") {
  for (const char* text : {"", ";", "inline", "inline:", "inline:A", "inline:AA!A", "inline:A=AA", "uri:AAEC", "AAEC",
                           "inline:AAEC|x:4", "inline:AAEC|1:0", "inline:AAEC|1:129", "inline:AAEC|256:1",
                           "inline:AAEC|1:", "inline:AAEC|18446744073709551616:9"}) {
    INFO(text);
    CHECK(sip::parse_key_params(text).empty());
  }
  CHECK(sip::parse_key_params("inline:" + std::string(92, 'A')).empty());
  std::string many;
  for (int n = 0; n < 20; ++n) many += "inline:AAEC;";
  CHECK(sip::parse_key_params(many).size() == sip::kMaxInlineKeys);
}
