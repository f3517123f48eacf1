#pragma once
#include <filesystem>

namespace tapestry::bench {

/// Reads the capture with libpcap, hashes every file below `media` (SHA-512), and writes and syncs a copy of each,
/// which is removed again. Gives the CPU seconds. Throws std::runtime_error when a file cannot be read or written.
double read_hash_and_write(const std::filesystem::path& capture, const std::filesystem::path& media);

}  // namespace tapestry::bench
