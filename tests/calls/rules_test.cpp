#include "calls/rules.h"

#include <catch2/catch.hpp>

using namespace tapestry::calls;

TEST_CASE("sources of a map are words, two of them with a name") {
  FieldRule rule;
  REQUIRE(parse_map_source("header X-Campaign", rule));
  CHECK(rule.source == MapSource::Header);
  CHECK(rule.name == "X-Campaign");
  REQUIRE(parse_map_source("body application/x+xml", rule));
  CHECK(rule.source == MapSource::Body);
  REQUIRE(parse_map_source("dialled", rule));
  CHECK(rule.source == MapSource::Dialled);
  CHECK(rule.name.empty());
  CHECK((parse_map_source("uui", rule) && rule.source == MapSource::Uui));
  CHECK((parse_map_source("queue", rule) && rule.source == MapSource::Queue));
  for (const char* wrong : {"", "header", "header ", "header A B", "uui x", "subject"}) {
    CHECK_FALSE(parse_map_source(wrong, rule));
  }
}

TEST_CASE("the fields of a map are CC-02's") {
  CHECK(parse_map_field("skill") == MapField::Skill);
  CHECK(parse_map_field("contact_list") == MapField::ContactList);
  CHECK_FALSE(parse_map_field("role"));
}
