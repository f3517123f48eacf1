#include "verify/jws.h"

#include <catch2/catch.hpp>

#include "gzipped.h"
#include "sealed.h"
#include "verify/check.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

std::vector<std::string> faults(const json& jws) { return faults_in(jws.dump(), {}); }

}  // namespace

TEST_CASE("a well signed vCon has no fault, with or without its chain checked") {
  const Folder folder;
  const json jws = seal(good_vcon().dump());
  CHECK(faults(jws).empty());
  CHECK(faults_in(jws.dump(), {.ca = folder.write("ca.pem", test_root().pem()), .media = {}}).empty());
  const Identity stranger(KeyKind::P256, nullptr, true);
  CHECK(tells(faults_in(jws.dump(), {.ca = folder.write("b.pem", stranger.pem()), .media = {}}),
              "signature: signatures/0: chain"));
}

TEST_CASE("each signature counts") {
  const Identity rsa(KeyKind::Rsa2048, &test_root(), false);
  json jws = seal(good_vcon().dump());
  jws["signatures"].push_back(seal(good_vcon().dump(), rsa, "PS256")["signatures"][0]);
  CHECK(faults(jws).empty());
  std::string& signature = jws["signatures"][1]["signature"].get_ref<std::string&>();
  signature[0] = signature[0] == 'A' ? 'B' : 'A';
  CHECK(tells(faults(jws), "signature: signatures/1: does not verify"));
}

TEST_CASE("a changed payload is seen") {
  json jws = seal(good_vcon().dump());
  json other = good_vcon();
  other["subject"] = "another";
  jws["payload"] = base64url(other.dump());
  CHECK(tells(faults(jws), "does not verify"));
}

TEST_CASE("a payload may be gzip, but nothing else") {
  CHECK(faults(seal(gzipped(good_vcon().dump()), test_leaf(), "ES256", {}, json::object(),
                    {{"uuid", good_vcon()["uuid"]}}))
            .empty());
  CHECK(tells(faults(seal(gzipped("{}").substr(0, 12))), "form: payload"));
  CHECK(tells(faults(seal("no json")), "form: payload: not JSON"));
}

TEST_CASE("the form has exactly payload and signatures") {
  json jws = seal(good_vcon().dump());
  jws["parties"] = json::array();
  CHECK(tells(faults(jws), "form: member beside payload and signatures: 'parties'"));
  CHECK(tells(faults(good_vcon()), "not a JWS"));
  CHECK(tells(faults(json::array()), "not a JWS"));
  jws = seal(good_vcon().dump());
  jws["signatures"] = json::array();
  CHECK(tells(faults(jws), "not a JWS"));
  CHECK(tells(faults_in("{", {}), "form: not JSON"));
}

TEST_CASE("a signature has header, protected and signature") {
  for (const char* name : {"header", "protected", "signature"}) {
    json jws = seal(good_vcon().dump());
    jws["signatures"][0].erase(name);
    CHECK(tells(faults(jws), "form: signatures/0: lacks"));
    jws["signatures"][0][name] = 5;
    CHECK_FALSE(faults(jws).empty());
    jws["signatures"][0][name] = "=";
    CHECK_FALSE(faults(jws).empty());
  }
}

TEST_CASE("header names are disjoint and understood") {
  const std::string vcon = good_vcon().dump();
  CHECK(faults(seal(vcon, test_leaf(), "ES256", {}, {{"typ", "JOSE"}}, {{"kid", "1"}})).empty());
  CHECK(tells(faults(seal(vcon, test_leaf(), "ES256", {}, json::object(), {{"alg", "ES256"}})),
              "form: signatures/0: 'alg' both"));
  CHECK(tells(faults(seal(vcon, test_leaf(), "ES256", {}, {{"crit", {"b64"}}, {"b64", false}})),
              "crit is not understood"));
}

TEST_CASE("the algorithm is one of three") {
  for (const json& alg : {json("none"), json("HS256"), json("RS512"), json(5), json()}) {
    CHECK(tells(faults(seal(good_vcon().dump(), test_leaf(), "ES256", {}, {{"alg", alg}})),
                "signature: signatures/0: alg"));
  }
}

TEST_CASE("x5c is a list of certificates in the unprotected header") {
  const std::string vcon = good_vcon().dump();
  const json leaf = base64(test_leaf().der());
  CHECK(tells(faults(seal(vcon, test_leaf(), "ES256", {}, {{"x5c", {leaf}}})), "both protected and unprotected"));
  for (const json& x5c : {json::array(), json::array({5}), json::array({"x"}), json("x"), json(),
                          json(std::vector<json>(kMaxCertificates + 1, leaf))}) {
    CAPTURE(x5c.dump().substr(0, 40));
    CHECK(tells(faults(seal(vcon, test_leaf(), "ES256", {}, json::object(), {{"x5c", x5c}})), "x5c is no list"));
  }
  json jws = seal(vcon);
  jws["signatures"][0]["header"].erase("x5c");
  CHECK(tells(faults(jws), "no x5c"));
}

TEST_CASE("the header's uuid is the payload's") {
  const std::string vcon = good_vcon().dump();
  CHECK(tells(faults(seal(vcon, test_leaf(), "ES256", {}, json::object(), {{"uuid", "x"}})), "uuid in the header"));
  json jws = seal(vcon);
  jws["signatures"][0]["header"].erase("uuid");
  CHECK(tells(faults(jws), "uuid in the header"));
}

TEST_CASE("signatures are bounded") {
  json jws = seal(good_vcon().dump());
  for (std::size_t n = 0; n < kMaxSignatures; ++n) jws["signatures"].push_back(json(jws["signatures"][0]));
  CHECK(tells(faults(jws), "more than"));
}
