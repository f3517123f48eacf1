#include "vconout/keys.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <iterator>

#include "fixture.h"
#include "jws.h"

namespace tapestry::vconout::test {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) { return static_cast<unsigned>(fs::status(path).permissions()) & 0777U; }

}  // namespace

TEST_CASE("trial keys are four files, the private ones for their owner's eyes only") {
  const TemporaryFolder folder;
  const fs::path keys = folder.path() / "out" / "keys";
  const KeyFiles files = make_trial_keys(keys, "recorder.example.com", true);
  CHECK(files.key == key_files(keys).key);
  CHECK(mode_of(files.key) == 0600);
  CHECK(mode_of(keys / "ca-key.pem") == 0600);
  CHECK(mode_of(files.ca) == 0644);
  CHECK(mode_of(files.certificate) == 0644);
  CHECK(std::distance(fs::directory_iterator(keys), fs::directory_iterator()) == 4);
}

TEST_CASE("a trial certificate is version 3, names the host and verifies against its CA") {
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", true);
  const std::string leaf = slurp(files.certificate);
  CHECK(chain_verifies(leaf, slurp(files.ca)));
  CHECK_FALSE(chain_verifies(slurp(files.ca), leaf));
  const std::string text = certificate_text(leaf);
  for (const char* part : {"Version: 3", "CN=recorder.example.com", "DNS:recorder.example.com", "CA:FALSE",
                           "Digital Signature", "Subject Key Identifier", "Authority Key Identifier"}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
  const std::string ca = certificate_text(slurp(files.ca));
  for (const char* part : {"CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "X509v3 Basic Constraints: critical"}) {
    CHECK_THAT(ca, Catch::Contains(part));
  }
}

TEST_CASE("RSA is the default kind of trial key") {
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "recorder.example.com", false);
  CHECK_THAT(certificate_text(slurp(files.certificate)), Catch::Contains("Public-Key: (2048 bit)"));
}

TEST_CASE("odd host names neither break a certificate nor add names to it") {
  for (const auto& host : {std::string("a,IP:192.0.2.1"), std::string(80, 'h') + ".example.com"}) {
    const TemporaryFolder folder;
    const KeyFiles files = make_trial_keys(folder.path(), host, true);
    CHECK_THAT(certificate_text(slurp(files.certificate)), Catch::Contains("DNS:" + host));
    CHECK_THAT(certificate_text(slurp(files.certificate)), !Catch::Contains("IP Address"));
  }
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path(), "192.0.2.9", true);
  CHECK_THAT(certificate_text(slurp(files.certificate)), Catch::Contains("IP Address:192.0.2.9"));
}

TEST_CASE("keys are never overwritten and nothing is added beside one") {
  for (const char* name : {"key.pem", "ca.pem", "ca-key.pem", "certificate.pem"}) {
    const TemporaryFolder folder;
    spill(folder.path() / name, "mine");
    CHECK_THROWS_WITH(make_trial_keys(folder.path(), "h.example.com", true), Catch::Contains(name));
    CHECK(slurp(folder.path() / name) == "mine");
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
  }
}

}  // namespace tapestry::vconout::test
