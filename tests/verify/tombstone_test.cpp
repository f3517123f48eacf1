#include "verify/tombstone.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::verify {
namespace {

const std::string kHash = "sha512-" + std::string(85, 'A') + "A";

std::string tombstone() {
  return R"({"tombstone":"1","uuid":"019f15a6-a752-826f-bb82-041452eb905f","created_at":"2026-11-20T08:00:00Z",)"
         R"("deleted_at":"2026-12-20T08:00:00Z","reason":"retention","rule":"all","deleted_by":"root",)"
         R"("vcon":{"content_hash":")" +
         kHash + R"(","bytes":12},"media":[{"content_hash":")" + kHash + R"(","bytes":0}]})";
}

std::vector<std::string> faults_in(const std::string& text) {
  const auto document = Document::parse(text);
  REQUIRE(document);
  CHECK(is_tombstone(document->root()));
  Faults faults;
  check_tombstone(document->root(), faults);
  return faults.take();
}

std::string with(std::string_view what, std::string_view instead) {
  std::string text = tombstone();
  const std::size_t found = text.find(what);
  REQUIRE(found != std::string::npos);
  return text.replace(found, what.size(), instead);
}

}  // namespace

TEST_CASE("a tombstone as it is written has no fault") { CHECK(faults_in(tombstone()).empty()); }

TEST_CASE("each thing that is wrong with a tombstone is a fault") {
  CHECK(faults_in(with("\"1\"", "\"2\"")).size() == 1);
  CHECK(faults_in(with("905f", "905")).size() == 1);
  CHECK(faults_in(with("2026-12-20T08:00:00Z", "yesterday")).size() == 1);
  CHECK(faults_in(with("\"deleted_by\":\"root\",", "")).size() == 1);
  CHECK(faults_in(with("sha512-A", "sha256-A")).size() == 1);
  CHECK(faults_in(with("\"bytes\":0", "\"bytes\":-1")).size() == 1);
  CHECK(faults_in(with("\"rule\"", "\"party\"")).size() == 1);
  CHECK(faults_in(with("\"bytes\":0", "\"bytes\":0,\"filename\":\"agent-1001.ogg\"")).size() == 1);
  CHECK(faults_in(with("\"media\":[", "\"media\":3,\"was\":[")).size() == 2);
}

TEST_CASE("a vCon is no tombstone, whatever else it has") {
  const auto document = Document::parse(R"({"tombstone":"1","parties":[]})");
  REQUIRE(document);
  CHECK_FALSE(is_tombstone(document->root()));
}

}  // namespace tapestry::verify
