#include "sipparse/reg_info.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("a reginfo document tells which contacts an address of record has") {
  const auto info = parse_reg_info(R"(<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:gr="urn:ietf:params:xml:ns:gruuinfo" version="3" state="partial">
  <registration aor="sip:1001@pbx.example.com" id="a7" state="active">
    <contact id="76" state="active" event="registered" expires="7200" q="0.8">
      <uri>sip:line1@10.1.0.21:5060</uri><display-name>Desk</display-name>
      <gr:pub-gruu uri="sip:1001@pbx.example.com;gr=hha9s8d"/>
      <gr:temp-gruu uri="sip:ffs9r73@pbx.example.com;gr" first-cseq="23"/>
    </contact>
    <contact id="77" state="terminated" event="expired"><uri>sip:line1@10.1.0.99</uri></contact>
  </registration>
  <registration aor="sip:1002@pbx.example.com" id="b1" state="terminated"/>
</reginfo>)");
  REQUIRE(info);
  CHECK(info->version == "3");
  CHECK(info->state == "partial");
  REQUIRE(info->records.size() == 2);
  const RegInfoRecord& first = info->records[0];
  CHECK(first.aor == "sip:1001@pbx.example.com");
  CHECK(first.id == "a7");
  CHECK(first.state == "active");
  REQUIRE(first.contacts.size() == 2);
  CHECK(first.contacts[0].id == "76");
  CHECK(first.contacts[0].state == "active");
  CHECK(first.contacts[0].event == "registered");
  CHECK(first.contacts[0].expires == "7200");
  CHECK(first.contacts[0].uri == "sip:line1@10.1.0.21:5060");
  CHECK(first.contacts[0].pub_gruu == "sip:1001@pbx.example.com;gr=hha9s8d");
  CHECK(first.contacts[0].temp_gruu == "sip:ffs9r73@pbx.example.com;gr");
  CHECK(first.contacts[1].state == "terminated");
  CHECK(info->records[1].contacts.empty());
}

TEST_CASE("other documents are no reginfo, and contacts are bounded") {
  CHECK_FALSE(parse_reg_info("<dialog-info/>"));
  CHECK_FALSE(parse_reg_info("reginfo"));
  CHECK(parse_reg_info("<reginfo/>")->records.empty());
  std::string many = "<reginfo>";
  for (std::size_t n = 0; n < kMaxRegInfoContacts; ++n) many += "<registration><contact/><contact/></registration>";
  const auto info = parse_reg_info(many + "<registration/></reginfo>");
  REQUIRE(info);
  std::size_t contacts = 0;
  for (const auto& record : info->records) contacts += record.contacts.size();
  CHECK(contacts == kMaxRegInfoContacts);
  CHECK(info->records.size() == kMaxRegInfoContacts);
}

}  // namespace tapestry::sip
