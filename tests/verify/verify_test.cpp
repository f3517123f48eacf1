#include "verify/verify.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "sealed.h"

using namespace tapestry::verify;

namespace {

/// The faults that are about form and signature.
std::vector<std::string> of_signature(std::vector<std::string> faults) {
  std::erase_if(
      faults, [](const std::string& fault) { return !fault.starts_with("form:") && !fault.starts_with("signature:"); });
  return faults;
}

}  // namespace

TEST_CASE("a file that is absent, empty or no JSON is a fault, not an exception") {
  const Folder folder;
  CHECK(tells(faults_of(folder.path() / "none.vcon", {}), "form:"));
  CHECK(tells(faults_of(folder.path(), {}), "form:"));
  CHECK(tells(faults_of(folder.write("empty.vcon", ""), {}), "form:"));
  CHECK(tells(faults_of(folder.write("x.vcon", "x"), {}), "form:"));
}

TEST_CASE("a good file has no fault and gives its payload") {
  const Folder folder;
  const std::string payload = good_vcon().dump(1);
  const auto file = folder.write("x.vcon", seal(payload).dump());
  CHECK(faults_of(file, {.ca = folder.write("ca.pem", test_root().pem()), .media = {}}).empty());
  CHECK(payload_of(file) == payload);
}

TEST_CASE("the payload of what is no JWS is an error") {
  const Folder folder;
  CHECK_THROWS_AS(payload_of(folder.path() / "none"), std::runtime_error);
  CHECK_THROWS_AS(payload_of(folder.write("a", "x")), std::runtime_error);
  CHECK_THROWS_AS(payload_of(folder.write("b", good_vcon().dump())), std::runtime_error);
}

TEST_CASE("the shared signature vectors get the verdicts of the strict libraries") {
  const std::filesystem::path vectors = std::filesystem::path(TAPESTRY_SHARED) / "vcon/vectors/jws";
  if (!std::filesystem::exists(vectors)) {
    WARN("no shared vectors");
    return;
  }
  const Options options{.ca = vectors / "ca.pem", .media = {}};
  for (const char* name : {"B_algprot_v040.vcon", "C_algunprot_v040.vcon", "E_es256_v040.vcon"}) {
    CAPTURE(name);
    CHECK(of_signature(faults_of(vectors / name, options)).empty());
    CHECK(faults_of(vectors / name, options).size() == 3);  // created_at, updated_at, start: fractions of zeros
  }
  CHECK(tells(faults_of(vectors / "A_dup_v040.vcon", options), "'x5c' both"));
  CHECK(tells(faults_of(vectors / "A2_dupalg_v040.vcon", options), "'alg' both"));
  CHECK(tells(faults_of(vectors / "T_tampered.vcon", options), "does not verify"));
}

TEST_CASE("the shared unsigned vectors have no fault once signed") {
  const std::filesystem::path vectors = std::filesystem::path(TAPESTRY_SHARED) / "vcon/vectors";
  if (!std::filesystem::exists(vectors)) {
    WARN("no shared vectors");
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(vectors)) {
    if (entry.path().extension() != ".vcon") continue;
    CAPTURE(entry.path());
    const Folder folder;
    CHECK(tells(faults_of(entry.path(), {}), "not a JWS"));
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    CHECK(faults_of(folder.write("x.vcon", seal(text).dump()), {}).empty());
  }
}
