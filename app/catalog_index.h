#pragma once
#include <cstdint>
#include <filesystem>

namespace tapestry::app {

/// Brings an output folder's catalog to what search and retention need: conversations that an older program added get
/// what their vCons tell. One whose vCon cannot be read keeps what its row has. Returns how many there were. Throws
/// std::runtime_error when the catalog fails; ConfigError when there is none.
std::uint64_t index_catalog(const std::filesystem::path& out);

}  // namespace tapestry::app
