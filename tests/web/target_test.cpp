#include "web/target.h"

#include <catch2/catch.hpp>

namespace tapestry::web {

TEST_CASE("a target is a path and the parameters of its query") {
  const auto target = parse_target("/v1/conversations?from=2026-11-20T08%3A00%3A00Z&party=sip:+1555@x&&agent=&flag");
  REQUIRE(target);
  CHECK(target->path == "/v1/conversations");
  REQUIRE(target->query.size() == 4);
  CHECK(target->query.at("from") == "2026-11-20T08:00:00Z");
  CHECK(target->query.at("party") == "sip:+1555@x");
  CHECK(target->query.at("agent").empty());
  CHECK(target->query.at("flag").empty());
  CHECK(parse_target("https://recorder.example.com:8443/metrics?x=1")->path == "/metrics");
}

TEST_CASE("what is percent-encoded is decoded once") {
  CHECK(parse_target("/media/a%20b%2ec")->path == "/media/a b.c");
  CHECK(parse_target("/%252e%252e/")->path == "/%2e%2e/");
}

TEST_CASE("what is no target is nothing") {
  for (const char* text : {"", "*", "media", "http://host", "/a%", "/a%2", "/a%zz", "/a%00", "/a%0a", "/a%7f", "/a b",
                           "/a#b", "/a?b=%", "/a?x=1&x=2", "/\x80"}) {
    INFO(text);
    CHECK_FALSE(parse_target(text));
  }
  CHECK_FALSE(parse_target("/" + std::string(kMostTarget, 'a')));
  std::string many = "/?";
  for (std::size_t n = 0; n <= kMostParameters; ++n) many += "p" + std::to_string(n) + "=1&";
  CHECK_FALSE(parse_target(many));
}

TEST_CASE("a query is cut off a target") {
  CHECK(without_query("/a?b?c") == "/a");
  CHECK(without_query("/a") == "/a");
}

}  // namespace tapestry::web
