#include "calls/field_map.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace tapestry;
using calls::FieldRule;
using calls::MapField;
using calls::MapSource;

namespace {

calls::ContactCentre mapped(const std::vector<FieldRule>& rules, const std::string& headers,
                            const std::string& body = "") {
  const std::string text =
      "INVITE sip:8800@pbx.example.com:5060;uui=77 SIP/2.0\r\nCall-ID: a\r\nTo: <sip:x@y>\r\nCSeq: 1 INVITE\r\n" +
      headers + "\r\n" + body;
  const auto parsed = sip::parse_message(as_bytes(text));
  REQUIRE(parsed.message);
  calls::ContactCentre fields;
  calls::FieldMap(rules).apply(fields, *parsed.message);
  return fields;
}

}  // namespace

TEST_CASE("a field is what the first group of the first rule that matches took") {
  const std::vector<FieldRule> rules{
      {.field = MapField::Campaign, .source = MapSource::Header, .name = "X-Campaign", .pattern = "^c=(\\w+)"},
      {.field = MapField::Campaign, .source = MapSource::Header, .name = "x-campaign", .pattern = "(\\w+)$"},
      {.field = MapField::Skill, .source = MapSource::Header, .name = "Subject", .pattern = "skill (\\w+)"}};
  const auto fields = mapped(rules, "X-CAMPAIGN: c=autumn;x=spring\r\ns: skill sales\r\n");
  CHECK(fields.campaign == "autumn");
  CHECK(fields.skill == "sales");
  CHECK(mapped(rules, "X-Campaign: spring\r\n").campaign == "spring");
  CHECK(mapped(rules, "X-Campaign: ...\r\n").campaign.empty());
}

TEST_CASE("a value stands for what matched, with its groups where it names them") {
  CHECK(mapped({{.field = MapField::Skill, .source = MapSource::Dialled, .pattern = "^sip:88", .value = "support"}}, "")
            .skill == "support");
  CHECK(mapped({{.field = MapField::InteractionId,
                 .source = MapSource::Uui,
                 .pattern = "id=(\\d+);(\\d+)",
                 .value = "\\2/\\1"}},
               "User-to-User: \"id=5;6\"\r\n")
            .interaction_id == "6/5");
}

TEST_CASE("fields come from user-to-user information, from queues, from the number dialled and from bodies") {
  CHECK(mapped({{.field = MapField::ContactList, .source = MapSource::Uui, .pattern = "^(77)$"}}, "").contact_list ==
        "77");
  CHECK(mapped({{.field = MapField::Skill, .source = MapSource::Queue, .pattern = "^sip:q-(\\w+)@"}},
               "Diversion: <sip:1@pbx>, <sip:q-billing@pbx.example.com>;reason=unconditional;hg-cc=x\r\n")
            .skill == "billing");
  CHECK(mapped({{.field = MapField::Skill, .source = MapSource::Queue, .pattern = "^sip:q-(\\w+)@"}},
               "p-called-party-id: <sip:q-sales@pbx.example.com>\r\n")
            .skill == "sales");
  CHECK(mapped({{.field = MapField::InteractionType, .source = MapSource::Dialled, .pattern = "^sip:(\\d+)@pbx"}}, "")
            .interaction_type == "8800");
  CHECK(mapped({{.field = MapField::Campaign,
                 .source = MapSource::Body,
                 .name = "application/x-broadworks-call-center+xml",
                 .pattern = "<name>([^<]*)</name>"}},
               "Content-Type: application/x-broadworks-call-center+xml\r\n", "<a><name>Sales</name></a>")
            .campaign == "Sales");
}

TEST_CASE("a field once found stays, is bounded, and holds no card number") {
  const std::vector<FieldRule> rules{{.field = MapField::Campaign, .source = MapSource::Uui, .pattern = "v(.*)"}};
  CHECK(mapped(rules, "User-to-User: v1\r\nUser-to-User: v2\r\n").campaign == "1");
  CHECK(mapped(rules, "User-to-User: v4111111111111111\r\n").campaign == "XXXXXXXXXXXXXXXX");
  CHECK(mapped(rules, "User-to-User: v" + std::string(1000, 'a') + "\r\n").campaign.size() == calls::kMaxFieldBytes);
}

TEST_CASE("a rule needs an expression with the groups that it names") {
  CHECK_THROWS_AS(calls::check_field_rule({.pattern = "("}), std::runtime_error);
  CHECK_THROWS_AS(calls::check_field_rule({.pattern = "a"}), std::runtime_error);
  CHECK_THROWS_AS(calls::check_field_rule({.pattern = "(a)", .value = "\\2"}), std::runtime_error);
  CHECK_NOTHROW(calls::check_field_rule({.pattern = "a", .value = "b"}));
}
