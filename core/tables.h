#pragma once
#include <cstddef>

namespace tapestry {

/// Gives back the memory of an unordered table that is empty: on its own it keeps what its busiest moment took, also
/// when `{}` is assigned to it. Small tables stay as they are.
template <class Table>
void release_if_empty(Table& table) {
  constexpr std::size_t kSmall = 1024;  // buckets
  if (table.empty() && table.bucket_count() > kSmall) table = Table();
}

}  // namespace tapestry
