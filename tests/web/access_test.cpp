#include "web/access.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "vconout/digest.h"
#include "vconout/hex.h"

namespace tapestry::web {
namespace {

Token token(const std::string& name, Role role, const std::string& secret) {
  const auto hash = vconout::digest(vconout::Digest::Kind::Sha256, as_bytes(secret));
  return {.name = name, .role = role, .sha256 = *parse_sha256(vconout::hex(hash))};
}

AccessRules rules() { return {.tokens = {token("player", Role::Listen, "one"), token("crm", Role::Read, "two")}}; }

Request with(const std::string& authorization) {
  Request request;
  request.fields = {{"Host", "x"}, {"authorization", authorization}};
  return request;
}

}  // namespace

TEST_CASE("a token is known by its hash") {
  const Caller caller = identify(with("Bearer two"), rules());
  CHECK(caller.who == "crm");
  CHECK(caller.by == "token");
  CHECK(caller.role == Role::Read);
  CHECK(identify(with("bearer one"), rules()).role == Role::Listen);
}

TEST_CASE("a wrong, missing or malformed token is nobody") {
  for (const char* shown :
       {"Bearer three", "Bearer ", "Bearer", "Basic two", "two", "", "Bearer two ", "Bearer  two"}) {
    INFO(shown);
    const Caller caller = identify(with(shown), rules());
    CHECK_FALSE(caller.role);
    CHECK(caller.who.empty());
    CHECK(caller.by == "nothing");
  }
  CHECK_FALSE(identify(Request{}, rules()).role);
  const std::string endless(kMostToken + 1, 'x');
  AccessRules long_one;
  long_one.tokens = {token("long", Role::Admin, endless)};
  CHECK_FALSE(identify(with("Bearer " + endless), long_one).role);
}

TEST_CASE("a verified certificate gives its role, unless a token is shown") {
  AccessRules mutual = rules();
  mutual.certificate_needed = true;
  mutual.certificate_role = Role::Metrics;
  Request request;
  CHECK_FALSE(identify(request, mutual).role);
  CHECK_FALSE(identify(with("Bearer two"), mutual).role);
  request.subject = "CN=player";
  CHECK(identify(request, mutual).role == Role::Metrics);
  CHECK(identify(request, mutual).who == "CN=player");
  CHECK(identify(request, mutual).by == "certificate");
  Request both = with("Bearer two");
  both.subject = "CN=player";
  CHECK(identify(both, mutual).role == Role::Read);
  Request wrong = with("Bearer three");
  wrong.subject = "CN=player";
  CHECK_FALSE(identify(wrong, mutual).role);
  CHECK(identify(wrong, mutual).who == "CN=player");
}

TEST_CASE("each role has its own right, and admin all") {
  for (const Role role : {Role::Listen, Role::Read, Role::Metrics, Role::Control, Role::Admin}) {
    const bool all = role == Role::Admin;
    CHECK(may(role, Right::Media) == (all || role == Role::Listen));
    CHECK(may(role, Right::Conversations) == (all || role == Role::Read));
    CHECK(may(role, Right::Metrics) == (all || role == Role::Metrics));
    CHECK(may(role, Right::Control) == (all || role == Role::Control));
  }
  CHECK(parse_role("read") == Role::Read);
  CHECK_FALSE(parse_role("root"));
}

TEST_CASE("a hash is 64 hexadecimal digits") {
  CHECK((*parse_sha256(std::string(62, '0') + "aF"))[31] == 0xaf);
  CHECK_FALSE(parse_sha256(std::string(63, '0')));
  CHECK_FALSE(parse_sha256(std::string(63, '0') + "g"));
  CHECK_FALSE(parse_sha256(std::string(65, '0')));
}

}  // namespace tapestry::web
