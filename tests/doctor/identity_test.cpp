#include "doctor/identity.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using namespace tapestry::doctor;
using namespace std::chrono_literals;

namespace {

const Time kNow{std::chrono::seconds(1'790'000'000)};

Identity good() {
  return {.configured = true,
          .certificate = "signer.pem",
          .fault = "",
          .host = "tap.example.org",
          .names_host = true,
          .not_after = kNow + 24h * 400};
}

}  // namespace

TEST_CASE("a signing key that is valid for long is well") {
  const Findings findings = judge_identity(good(), kNow);
  CHECK(worst_of(findings) == Verdict::Ok);
  CHECK(findings.front().what == "signer.pem is valid for 400 days");
}

TEST_CASE("a certificate that expires is a warning, then a failure") {
  Identity identity = good();
  identity.not_after = kNow + 24h * 10;
  CHECK(worst_of(judge_identity(identity, kNow)) == Verdict::Warning);
  identity.not_after = kNow;
  CHECK(worst_of(judge_identity(identity, kNow)) == Verdict::Failure);
}

TEST_CASE("a certificate of another host, and a trial key, are warnings") {
  Identity identity = good();
  identity.names_host = false;
  CHECK(worst_of(judge_identity(identity, kNow)) == Verdict::Warning);
  identity = good();
  identity.configured = false;
  CHECK(worst_of(judge_identity(identity, kNow)) == Verdict::Warning);
  CHECK(worst_of(judge_identity({}, kNow)) == Verdict::Warning);
}

TEST_CASE("a key that cannot be used is a failure") {
  Identity identity = good();
  identity.fault = "the key does not fit";
  CHECK(worst_of(judge_identity(identity, kNow)) == Verdict::Failure);
}
