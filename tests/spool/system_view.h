#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/secret.h"

// What the system shows of this process: to prove what is not there.
namespace tapestry::spool {

/// What all memory holds that is marked to be left out of core dumps: the spool's blocks, and nothing else here.
std::vector<std::uint8_t> undumped_memory();

/// What all open files hold that have no name any more; in clear: decrypted with file_key(), as they were written then.
std::vector<std::uint8_t> unnamed_files();
std::vector<std::uint8_t> unnamed_files_in_clear();
/// The key for spools whose files a test looks into.
Secret file_key();

/// How often a run of `length` bytes of value `value` begins in `bytes`; a longer run counts once.
std::size_t runs_of(const std::vector<std::uint8_t>& bytes, std::uint8_t value, std::size_t length);

}  // namespace tapestry::spool
