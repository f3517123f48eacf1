#pragma once
#include <cstdint>
#include <string>
#include <vector>

// What the system shows of this process: to prove what is not there.
namespace tapestry::spool {

/// What all memory holds that is marked to be left out of core dumps: the spool's blocks, and nothing else here.
std::vector<std::uint8_t> undumped_memory();

/// What all open files hold that have no name any more.
std::vector<std::uint8_t> unnamed_files();

/// How often a run of `length` bytes of value `value` begins in `bytes`; a longer run counts once.
std::size_t runs_of(const std::vector<std::uint8_t>& bytes, std::uint8_t value, std::size_t length);

}  // namespace tapestry::spool
