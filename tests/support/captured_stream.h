#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace tapestry::testing {

/// The payloads of one type of the capture's longest RTP stream, in order of timestamp. Throws std::runtime_error when
/// the file cannot be read.
std::vector<std::vector<std::uint8_t>> longest_stream(const std::filesystem::path& capture, std::uint8_t type);

}  // namespace tapestry::testing
