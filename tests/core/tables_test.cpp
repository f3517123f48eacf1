#include "core/tables.h"

#include <catch2/catch.hpp>
#include <unordered_map>

using namespace tapestry;

TEST_CASE("an unordered table gives its room back when it is empty, and not before") {
  std::unordered_map<int, int> table;
  for (int n = 0; n < 100'000; ++n) table[n] = n;
  const std::size_t most = table.bucket_count();
  for (int n = 1; n < 100'000; ++n) table.erase(n);
  release_if_empty(table);
  CHECK(table.bucket_count() == most);
  table.erase(0);
  release_if_empty(table);
  CHECK(table.bucket_count() < 1024);
  table[1] = 1;
  CHECK(table.size() == 1);
}
