#include "verify/crypto.h"

#include <catch2/catch.hpp>

#include "sealed.h"

using namespace tapestry::verify;

namespace {

Certificates certificates(std::initializer_list<const Identity*> list) {
  Certificates out;
  for (const Identity* one : list) REQUIRE(out.add(one->der()));
  return out;
}

}  // namespace

TEST_CASE("a signature verifies under its own algorithm and text only") {
  const Identity rsa(KeyKind::Rsa2048, &test_root(), false);
  const struct {
    const Identity& identity;
    std::string alg;
  } cases[] = {{test_leaf(), "ES256"}, {rsa, "RS256"}, {rsa, "PS256"}};
  for (const auto& [identity, alg] : cases) {
    CAPTURE(alg);
    const Certificates list = certificates({&identity});
    std::string signature = identity.sign(alg, "a message");
    CHECK_FALSE(list.signature_fault(alg, "a message", signature));
    CHECK(list.signature_fault(alg, "another message", signature));
    CHECK(list.signature_fault(alg == "RS256" ? "PS256" : "RS256", "a message", signature));
    CHECK(list.signature_fault(alg, "a message", signature.substr(1)));
    CHECK(list.signature_fault(alg, "a message", ""));
    signature[5] = static_cast<char>(signature[5] ^ 1);
    CHECK(list.signature_fault(alg, "a message", signature));
  }
}

TEST_CASE("keys that are short or on another curve are refused") {
  const Identity small(KeyKind::Rsa1024, &test_root(), false);
  CHECK(certificates({&small}).signature_fault("RS256", "m", small.sign("RS256", "m")));
  const Identity p384(KeyKind::P384, &test_root(), false);
  CHECK(certificates({&p384}).signature_fault("ES256", "m", std::string(64, 'a')));
}

TEST_CASE("the leaf must chain up to a root of the CA file") {
  const Folder folder;
  const auto ca = folder.write("ca.pem", test_root().pem());
  const Identity middle(KeyKind::P256, &test_root(), true);
  const Identity deep(KeyKind::P256, &middle, false);
  const Identity stranger(KeyKind::P256, nullptr, true);
  CHECK_FALSE(certificates({&test_leaf()}).chain_fault(ca));
  CHECK_FALSE(certificates({&deep, &middle}).chain_fault(ca));
  CHECK(certificates({&deep}).chain_fault(ca));
  CHECK(certificates({&stranger}).chain_fault(ca));
  CHECK(certificates({&deep, &test_leaf()}).chain_fault(ca));
  CHECK(Certificates().chain_fault(ca));
}

TEST_CASE("certificates out of their time do not chain") {
  const Folder folder;
  const auto ca = folder.write("ca.pem", test_root().pem());
  const Identity expired(KeyKind::P256, &test_root(), false, -20, -10);
  const Identity future(KeyKind::P256, &test_root(), false, 10, 20);
  CHECK(certificates({&expired}).chain_fault(ca)->contains("expired"));
  CHECK(certificates({&future}).chain_fault(ca)->contains("not yet valid"));
}

TEST_CASE("a CA file that cannot be read is the caller's error") {
  const Folder folder;
  CHECK_THROWS_AS(certificates({&test_leaf()}).chain_fault(folder.path() / "none.pem"), std::runtime_error);
  CHECK_THROWS_AS(certificates({&test_leaf()}).chain_fault(folder.write("ca.pem", "no PEM")), std::runtime_error);
}

TEST_CASE("bytes that are no certificate are not added") {
  Certificates list;
  CHECK_FALSE(list.add(""));
  CHECK_FALSE(list.add("abc"));
  CHECK_FALSE(list.add(test_leaf().der() + "x"));
  CHECK_FALSE(list.add(test_leaf().der().substr(1)));
}

TEST_CASE("a file's SHA-512 is known, a missing file's is not") {
  const Folder folder;
  const auto digest = sha512_of(folder.write("x", "abc"));
  REQUIRE(digest);
  CHECK(base64url(*digest) == "3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw");
  CHECK_FALSE(sha512_of(folder.path() / "none"));
}

TEST_CASE("SHA-256 is as FIPS 180-4 has it") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
