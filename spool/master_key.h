#pragma once
#include <filesystem>
#include <string>

#include "core/bytes.h"
#include "core/secret.h"

namespace tapestry::spool {

/// The master key that `where` names: a file of kKeyBytes octets, or `credential:NAME`, one that systemd gives
/// (LoadCredential=, LoadCredentialEncrypted=; systemd.exec(5)). Throws std::runtime_error when it cannot be read, has
/// another length, or is a file that others than its owner may read.
[[nodiscard]] Secret load_master_key(const std::string& where);

/// Makes `file`, for its owner only, with `bytes`, whole and to stay; leaves it as it is when it is there. False, with
/// errno, when it cannot be made.
[[nodiscard]] bool make_whole(const std::filesystem::path& file, Bytes bytes);

/// The same from a file that is made, for its owner only, where there is none; `made` tells whether it was.
[[nodiscard]] Secret load_or_make_master_key(const std::filesystem::path& file, bool& made);

}  // namespace tapestry::spool
