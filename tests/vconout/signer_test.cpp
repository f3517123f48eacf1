#include "vconout/signer.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <catch2/catch.hpp>

#include "fixture.h"
#include "jws.h"
#include "vconout/openssl.h"

namespace tapestry::vconout::test {
namespace {

const std::string kPayload = "{\"uuid\":\"x\",\"name\":\"Zo\xC3\xAB\"}";

void write_key(const std::filesystem::path& path, EVP_PKEY* key, const char* pass_phrase = nullptr) {
  const openssl::Bio bio(BIO_new_file(path.c_str(), "w"));
  const EVP_CIPHER* cipher = pass_phrase == nullptr ? nullptr : EVP_aes_128_cbc();
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, pass_phrase, pass_phrase == nullptr ? 0 : 6, nullptr,
                                        nullptr) == 1);
}

}  // namespace

TEST_CASE("RS256 and ES256 signatures verify and carry the payload's bytes") {
  const bool es256 = GENERATE(false, true);
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", es256);
  const Signer signer(files.key, files.certificate, {});
  for (int round = 0; round < 20; ++round) {  // R or S with a leading zero octet comes once in 128
    const ReadJws read = read_jws(signer.sign(kPayload + std::to_string(round), kUuid));
    CHECK(read.verified);
    CHECK(read.algorithm == (es256 ? "ES256" : "RS256"));
    CHECK(read.payload == kPayload + std::to_string(round));
    CHECK(read.uuid == kUuid);
    CHECK(read.certificates == 1);
  }
  if (!es256) CHECK(signer.sign(kPayload, kUuid) == signer.sign(kPayload, kUuid));
}

TEST_CASE("a changed payload does not verify") {
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", true);
  std::string text = Signer(files.key, files.certificate, {}).sign(kPayload, kUuid);
  text[text.find("eyJ") + 12] ^= 1;
  CHECK_FALSE(read_jws(text).verified);
}

TEST_CASE("the chain follows the leaf, each certificate once, in the order of issuing") {
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", true);
  CHECK(read_jws(Signer(files.key, files.certificate, files.ca).sign("{}", kUuid)).certificates == 2);
  const auto full = folder.path() / "full.pem";
  spill(full, slurp(files.certificate) + slurp(files.ca));
  CHECK(read_jws(Signer(files.key, full, {}).sign("{}", kUuid)).certificates == 2);
  CHECK(read_jws(Signer(files.key, files.certificate, full).sign("{}", kUuid)).certificates == 2);
  const KeyFiles strangers = make_trial_keys(folder.path() / "other", "recorder.example.com", true);
  CHECK_THROWS_WITH(Signer(files.key, files.certificate, strangers.ca), Catch::Contains("did not issue"));
}

TEST_CASE("keys and certificates that do not serve are errors that name the file") {
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", true);
  const auto odd = folder.path() / "odd.pem";
  CHECK_THROWS_WITH(Signer(odd, files.certificate, {}), Catch::Contains("odd.pem"));
  spill(odd, "no PEM at all");
  CHECK_THROWS_WITH(Signer(odd, files.certificate, {}), Catch::Contains("odd.pem"));
  CHECK_THROWS_WITH(Signer(files.key, odd, {}), Catch::Contains("odd.pem"));
  CHECK_THROWS_WITH(Signer(files.key, files.certificate, odd), Catch::Contains("odd.pem"));
  CHECK_THROWS_WITH(Signer(files.key, files.key, {}), Catch::Contains("key.pem"));
  spill(odd, slurp(files.certificate).substr(0, 200));
  CHECK_THROWS_WITH(Signer(files.key, odd, {}), Catch::Contains("odd.pem"));
  CHECK_THROWS_WITH(Signer(folder.path() / "ca-key.pem", files.certificate, {}), Catch::Contains("ca-key.pem"));
}

TEST_CASE("a key with a pass phrase is an error and asks nobody") {
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", true);
  const openssl::Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  write_key(folder.path() / "locked.pem", key.get(), "secret");
  CHECK_THROWS_WITH(Signer(folder.path() / "locked.pem", files.certificate, {}), Catch::Contains("locked.pem"));
}

TEST_CASE("weak RSA keys, other curves and other kinds are refused") {
  const TemporaryFolder folder;
  std::vector<openssl::Key> keys;
  keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
  keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
  keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  for (const auto& key : keys) {
    const openssl::Certificate certificate(X509_new());
    X509_set_pubkey(certificate.get(), key.get());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    const bool ed25519 = EVP_PKEY_is_a(key.get(), "ED25519") == 1;
    REQUIRE(X509_sign(certificate.get(), key.get(), ed25519 ? nullptr : EVP_sha256()) > 0);
    write_key(folder.path() / "key.pem", key.get());
    {
      const openssl::Bio bio(BIO_new_file((folder.path() / "certificate.pem").c_str(), "w"));
      REQUIRE(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
    }
    CHECK_THROWS_WITH(Signer(folder.path() / "key.pem", folder.path() / "certificate.pem", {}),
                      Catch::Contains("neither an RSA key"));
  }
}

}  // namespace tapestry::vconout::test
