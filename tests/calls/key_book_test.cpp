#include "calls/key_book.h"

#include <catch2/catch.hpp>

#include "tests/support/packet_builder.h"

namespace tapestry::calls {
namespace {

using testing::endpoint;

SrtpKey named(const std::string& profile) { return {.profile = profile}; }

std::vector<std::string> found(const KeyBook& book, const std::string& source, const std::string& destination) {
  std::vector<SrtpKey> keys;
  book.find(endpoint(source), endpoint(destination), keys);
  std::vector<std::string> names;
  for (const SrtpKey& key : keys) names.push_back(key.profile);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("keys are found by the way that media takes") {
  KeyBook book;
  book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named("up"));
  book.add(endpoint("10.0.0.2:6000"), endpoint("10.0.0.1:4000"), named("down"));
  book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named("up again"));
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6000") == Names{"up", "up again"});
  CHECK(found(book, "10.0.0.2:6000", "10.0.0.1:4000") == Names{"down"});
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6002").empty());
}

TEST_CASE("a way keeps its last keys, and the ways known longest go") {
  KeyBook book(2);
  for (int n = 0; n < 10; ++n) {
    book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named(std::to_string(n)));
  }
  const Names last = found(book, "10.0.0.1:4000", "10.0.0.2:6000");
  CHECK(last.size() == KeyBook::kMaxKeys);
  CHECK(last.back() == "9");
  book.add(endpoint("10.0.0.3:4000"), endpoint("10.0.0.2:6000"), named("x"));
  CHECK(book.dropped() == 0);
  book.add(endpoint("10.0.0.4:4000"), endpoint("10.0.0.2:6000"), named("y"));
  CHECK(book.dropped() == 1);
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6000").empty());
  CHECK(found(book, "10.0.0.4:4000", "10.0.0.2:6000") == Names{"y"});
}

}  // namespace tapestry::calls
