#pragma once
#include <string>

#include "studio.h"

namespace tapestry::mux {

/// The payloads of one type of the longest RTP stream of a capture beside the project, in order of timestamp; warns,
/// and gives none, when it is not there.
std::vector<std::vector<std::uint8_t>> captured_payloads(const std::string& name, std::uint8_t type);

/// Packets of these payloads, each `ticks` after the one before, by a perfect clock.
std::vector<Sent> send(const std::vector<std::vector<std::uint8_t>>& payloads, std::uint32_t ticks,
                       std::uint32_t clock_hz, Duration first = {}, std::uint8_t type = 96);
/// Studio::map with all that SDP says.
void map_codec(Studio& studio, std::size_t track, const std::string& encoding, std::uint32_t clock_hz,
               const std::string& parameters = {}, std::uint8_t channels = 1, std::uint8_t type = 96);

}  // namespace tapestry::mux
