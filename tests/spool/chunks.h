#pragma once
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "rtp/chunk.h"
#include "spool/spool.h"

namespace tapestry::spool {

/// A folder of its own that disappears with the test.
struct Folder {
  std::filesystem::path path = [] {
    std::string name = (std::filesystem::temp_directory_path() / "spool-XXXXXX").string();
    return std::filesystem::path(mkdtemp(name.data()));
  }();
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

/// One chunk of `packets` packets that can be told from any other by track and number.
inline rtp::Chunk make_chunk(TrackId track, unsigned number, unsigned packets = 5, std::size_t bytes = 160) {
  rtp::Chunk chunk(track);
  const std::vector<std::uint8_t> payload(bytes, static_cast<std::uint8_t>(track * 31 + number));
  for (unsigned i = 0; i < packets; ++i) {
    rtp::Packet packet;
    packet.arrival = Time(std::chrono::milliseconds(number * 1000 + i));
    packet.sequence = static_cast<std::uint16_t>(number * packets + i);
    packet.ssrc = static_cast<std::uint32_t>(track);
    packet.payload = payload;
    chunk.append(packet);
  }
  return chunk;
}

/// So small, and without delay, that nearly everything is on disk: one block in memory.
inline Limits small(std::uint64_t block_bytes) {
  return {.memory_bytes = block_bytes, .block_bytes = block_bytes, .delay = Duration(0)};
}

}  // namespace tapestry::spool
