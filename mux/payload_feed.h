#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "mux/payload_map.h"
#include "mux/srtp.h"
#include "mux/voice.h"
#include "rtp/packet.h"
#include "spool/media_store.h"

namespace tapestry::mux {

/// Gives a voice's payloads in the order of its slots, which is nearly that of arrival: packets that are passed over
/// are kept until 2,048 more have gone by.
class PayloadFeed {
 public:
  /// Both must outlive the feed.
  PayloadFeed(const spool::MediaStore& media, const Voice& voice);

  /// The packet of that index in the voice's list, with views that are valid until the next call; nothing when it is
  /// passed over for too long.
  std::optional<Reading> fetch(std::uint32_t packet);

 private:
  struct Entry {
    rtp::Packet packet;
    bool wanted = false;
  };
  struct Kept {
    rtp::Packet packet;  ///< without its payload
    std::vector<std::uint8_t> bytes;
  };
  [[nodiscard]] Reading read(const rtp::Packet& packet, Bytes payload) const;
  /// False at the track's end.
  bool next_chunk();
  void keep_unfetched();

  const Voice& voice_;
  std::unique_ptr<spool::MediaReader> reader_;
  Decryptor decryptor_;
  std::vector<Entry> chunk_;
  std::uint32_t chunk_first_ = 0;  ///< index of the chunk's first packet
  std::map<std::uint32_t, Kept> kept_;
  Kept current_;
};

}  // namespace tapestry::mux
