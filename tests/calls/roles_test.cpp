#include "calls/roles.h"

#include <catch2/catch.hpp>

#include "calls/correlator.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Role;
using calls::Side;

namespace {

IpAddress ip(const std::string& text) { return *IpAddress::parse(text); }

/// A call to 1001, answered at 10.1.0.21.
calls::Call call() {
  calls::Call made;
  made.sides[0].uris = {"sip:+12025550101@trunk.example.net"};
  made.sides[0].addresses = {ip("203.0.113.10")};
  made.sides[1].uris = {"sip:1001@pbx.example.com"};
  made.sides[1].addresses = {ip("10.1.0.21")};
  made.invites = {{.via_branch = "b",
                   .request_uri = "sip:1001@10.1.0.21",
                   .source = ip("203.0.113.10"),
                   .destination = ip("10.1.0.21")}};
  calls::Branch branch;
  branch.via_branch = "b";
  branch.address = ip("10.1.0.21");
  branch.contact_uri = "sip:line7@10.1.0.21";
  branch.answered = Time{};
  made.branches = {branch};
  return made;
}

calls::PartyRule rule(Role role, const std::string& uri, const std::string& cidr = {}) {
  calls::PartyRule made;
  made.role = role;
  made.uri = uri;
  if (!cidr.empty()) made.ip = Cidr::parse(cidr);
  return made;
}

calls::Standing standing(const std::vector<calls::PartyRule>& rules, const calls::Call& of, Side side = Side::Callee) {
  return calls::Roles(rules).standing(of, side, calls::Registrations());
}

}  // namespace

TEST_CASE("the first rule of which all conditions hold tells the role") {
  const calls::Call made = call();
  CHECK(standing({}, made).party.role == Role::Unknown);
  CHECK(standing({rule(Role::Agent, "^sip:1[0-9]{3}@")}, made).party.role == Role::Agent);
  CHECK(standing({rule(Role::Sme, "^sip:2"), rule(Role::Agent, "^sip:1")}, made).party.role == Role::Agent);
  CHECK(standing({rule(Role::Sme, "^sip:1"), rule(Role::Agent, "^sip:1")}, made).party.role == Role::Sme);
  CHECK(standing({rule(Role::Agent, "^sip:1", "10.2.0.0/16")}, made).party.role == Role::Unknown);
  CHECK(standing({rule(Role::Agent, "^sip:1", "10.1.0.0/16")}, made).party.role == Role::Agent);
  CHECK(standing({rule(Role::Agent, "", "10.1.0.0/16")}, made).party.role == Role::Agent);
  CHECK(standing({rule(Role::Agent, "", "10.1.0.0/16")}, made, Side::Caller).party.role == Role::Unknown);
}

TEST_CASE("a rule that knows the phone by its Contact or its media's address matches, too") {
  calls::Call made = call();
  CHECK(standing({rule(Role::Agent, "^sip:line7@")}, made).party.uri == "sip:line7@10.1.0.21");
  calls::MediaClaim claim;
  claim.endpoint = endpoint("10.8.0.1:4000");
  claim.side = Side::Callee;
  made.claims = {claim};
  CHECK(standing({rule(Role::Agent, "", "10.8.0.0/16")}, made).party.role == Role::Agent);
  made.claims[0].candidate = true;
  CHECK(standing({rule(Role::Agent, "", "10.8.0.0/16")}, made).party.role == Role::Unknown);
}

TEST_CASE("of a fork the phone that answered names the party before the dialled address does") {
  calls::Call made = call();
  made.sides[1].uris = {"sip:team@pbx.example.com"};
  made.invites.push_back({.via_branch = "c",
                          .request_uri = "sip:1002@10.1.0.22",
                          .source = ip("203.0.113.10"),
                          .destination = ip("10.1.0.22")});
  CHECK(standing({}, made).party.uri == "sip:1001@10.1.0.21");
  made.invites.pop_back();
  CHECK(standing({}, made).party.uri == "sip:team@pbx.example.com");
}

TEST_CASE("who answers is who the answer asserts, before the dialled address") {
  calls::Call made = call();
  made.branches.front().asserted_uri = "sip:1002@pbx.example.com";
  CHECK(standing({}, made).party.uri == "sip:1002@pbx.example.com");
  CHECK(standing({rule(Role::Agent, "^sip:1[0-9]{3}@")}, made).party.uri == "sip:1002@pbx.example.com");
}

TEST_CASE("a call that was diverted reached another phone than the dialled one") {
  const auto agent_of = [](const std::vector<std::pair<const char*, const char*>>& redirections) {
    calls::Call made = call();
    made.sides[1].display_name = "Desk 1001";
    made.invites.front().request_uri = "sip:1002@10.1.0.22";
    for (const auto& [kind, uri] : redirections) {
      calls::Note note;
      note.kind = calls::NoteKind::Redirection;
      note.fields = {{"kind", kind}, {"uri", uri}};
      made.notes.list.push_back(note);
    }
    const calls::Party party = standing({rule(Role::Agent, "^sip:1[0-9]{3}@")}, made).party;
    return party.uri + " " + party.name;
  };
  CHECK(agent_of({}) == "sip:1001@pbx.example.com Desk 1001");
  CHECK(agent_of({{"diversion", "sip:1001@pbx.example.com"}}) == "sip:1002@10.1.0.22 ");
  CHECK(agent_of({{"diversion", "sip:+18005550100@pbx.example.com"}}) == "sip:1001@pbx.example.com Desk 1001");
  const std::pair<const char*, const char*> dialled{"history-info", "sip:1001@pbx.example.com"};
  const std::pair<const char*, const char*> next{"history-info", "sip:1002@pbx.example.com"};
  CHECK(agent_of({dialled, next}) == "sip:1002@10.1.0.22 ");
  CHECK(agent_of({next, dialled}) == "sip:1001@pbx.example.com Desk 1001");
}

TEST_CASE("a rule's name, uuid and type are the party's, a bot's type is bot") {
  calls::PartyRule configured = rule(Role::Bot, "^sip:1");
  configured.name = "Alex";
  configured.uuid = "u";
  const calls::Party bot = standing({configured}, call()).party;
  CHECK(bot.type == "bot");
  CHECK(bot.name == "Alex");
  CHECK(bot.name_configured);
  CHECK(bot.uuid == "u");
  configured.type = "organization";
  CHECK(standing({configured}, call()).party.type == "organization");
  CHECK(standing({}, call()).party.type == "person");
}

TEST_CASE("a recorder, PBX or trunk is a host: nothing is known of who speaks through it") {
  for (const Role role : {Role::Recorder, Role::Pbx, Role::Trunk}) {
    const calls::Standing host = standing({rule(role, "^sip:1")}, call());
    CHECK(host.no_party);
    CHECK(host.party.role == Role::Unknown);
  }
  CHECK_FALSE(standing({rule(Role::Agent, "^sip:1")}, call()).no_party);
}

TEST_CASE("who hides its name is anonymous") {
  calls::Call made = call();
  made.sides[0].display_name = "Morgan";
  CHECK(standing({}, made, Side::Caller).party.name == "Morgan");
  made.sides[0].anonymous = true;
  CHECK(standing({}, made, Side::Caller).party.name == "anonymous");
}

TEST_CASE("inside is who has up to six digits on a private address, or registered") {
  calls::Call made = call();
  CHECK(standing({}, made).internal);
  CHECK_FALSE(standing({}, made, Side::Caller).internal);
  made.sides[1].uris = {"sip:1234567@pbx.example.com"};
  CHECK_FALSE(standing({}, made).internal);
  made.sides[1].uris = {"sip:123456@pbx.example.com"};
  CHECK(standing({}, made).internal);
  made.sides[1].addresses = {ip("198.51.100.1")};
  made.invites.clear();
  made.branches[0].address = ip("198.51.100.1");
  CHECK_FALSE(standing({}, made).internal);
}

TEST_CASE("a host is known by rules that name addresses alone") {
  const calls::Roles roles({rule(Role::Agent, "^sip:1", "10.1.0.0/16"), rule(Role::Pbx, "", "10.1.0.5/32")});
  CHECK(roles.role_of(ip("10.1.0.5")) == Role::Pbx);
  CHECK(roles.role_of(ip("10.1.0.6")) == Role::Unknown);
}

TEST_CASE("a registration counts by address of record, and by user and host, once its REGISTER was granted") {
  const auto text = [](const std::string& start) {
    return start + "\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:alex@pbx.example.com>;tag=a\r\n" +
           "To: <sip:alex@pbx.example.com>;tag=b\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n";
  };
  calls::Registrations registrations;
  const auto tell = [&](const std::string& start, const char* from, const char* to) {
    const std::string written = text(start);
    const auto parsed = sip::parse_message(as_bytes(written));
    REQUIRE(parsed.message);
    registrations.on_message(*parsed.message, {{}, endpoint(from), endpoint(to), "UDP"});
  };
  const std::string asked = "REGISTER sip:pbx.example.com SIP/2.0";
  const auto known = [&registrations] { return registrations.has("sip:alex@pbx.example.com", {}); };
  tell("SIP/2.0 200 OK", "192.0.2.5:5060", "192.0.2.7:5060");
  CHECK_FALSE(known());
  tell(asked, "192.0.2.7:5060", "192.0.2.5:5060");
  tell("SIP/2.0 401 Unauthorized", "192.0.2.5:5060", "192.0.2.7:5060");
  tell("SIP/2.0 200 OK", "192.0.2.6:5060", "192.0.2.7:5060");
  CHECK_FALSE(known());
  tell("SIP/2.0 200 OK", "192.0.2.5:5060", "192.0.2.7:5060");
  CHECK(known());
  CHECK(registrations.has("sips:alex@pbx.example.com", {}));
  CHECK(registrations.has("sip:alex@sbc.example.net", {ip("192.0.2.7")}));
  CHECK_FALSE(registrations.has("sip:alex@sbc.example.net", {ip("192.0.2.8")}));
  CHECK(registrations.refused() == 0);
  calls::Call made = call();
  made.sides[0].uris = {"sip:alex@pbx.example.com"};
  CHECK(calls::Roles({}).standing(made, Side::Caller, registrations).internal);
}
