#include "vconout/certificate.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/app/temporary_folder.h"
#include "vconout/keys.h"

using namespace tapestry;
using namespace std::chrono_literals;

TEST_CASE("a certificate says until when it holds, and for whom") {
  const testing::TemporaryFolder folder;
  const vconout::KeyFiles files = vconout::make_trial_keys(folder / "keys", "tap.example.org", true);
  const auto facts = vconout::read_certificate(files.certificate, "tap.example.org");
  CHECK(facts.names_host);
  const auto left = facts.not_after - std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  CHECK(left > 24h * 800);
  CHECK(left < 24h * 830);
  CHECK_FALSE(vconout::read_certificate(files.certificate, "other.example.org").names_host);
}

TEST_CASE("what is no certificate is told with its file") {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "x.pem", "nothing");
  CHECK_THROWS_WITH(vconout::read_certificate(folder / "x.pem", "h"), Catch::Matchers::Contains("x.pem"));
  CHECK_THROWS(vconout::read_certificate(folder / "none.pem", "h"));
}
