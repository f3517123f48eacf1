#include "tls/suite.h"

#include <catch2/catch.hpp>

namespace tapestry::tls {

TEST_CASE("suites are known by their numbers: what they encrypt with, and which digest makes their keys") {
  CHECK(suite_of(0x1302).kind == SuiteKind::Aead);
  CHECK(suite_of(0x1302).cipher == Cipher::Aes256Gcm);
  CHECK(suite_of(0x1302).digest == Digest::Sha384);
  CHECK(suite_of(0xC02F).cipher == Cipher::Aes128Gcm);
  CHECK(suite_of(0xC02F).digest == Digest::Sha256);
  CHECK(suite_of(0xCCA9).cipher == Cipher::ChaCha20Poly1305);
  CHECK(suite_of(0xC013).kind == SuiteKind::Cbc);
  CHECK(suite_of(0xC013).digest == Digest::Sha256);
  CHECK(suite_of(0xC028).kind == SuiteKind::Cbc);
  CHECK(suite_of(0xC028).digest == Digest::Sha384);
  CHECK(suite_of(0xC0AC).kind == SuiteKind::Other);  // CCM
  CHECK(suite_of(0x0000).kind == SuiteKind::Other);
}

}  // namespace tapestry::tls
