#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "mux/payload_map.h"
#include "rtp/packet.h"

namespace tapestry::mux {

/// Finds payload types that are not what SDP said: the number of bytes for the time that a packet takes betrays another
/// codec. Looks at the first packets of each codec only.
class PayloadProof {
 public:
  /// In order of arrival; `codec` is PayloadMap::find()'s.
  void observe(const rtp::Packet& packet, std::uint8_t codec);
  /// Replaces codecs that are proven wrong by what their payloads are (`G729, announced as PCMU`), or, where several
  /// are possible, by nothing that is decoded. True when there was one.
  bool correct(PayloadMap& payloads) const;

 private:
  struct Shape {
    std::size_t bytes = 0;
    std::uint32_t ticks = 0;  ///< to the next packet's timestamp
    std::uint32_t packets = 0;
  };
  struct Evidence {
    std::vector<Shape> shapes;
    std::uint32_t pairs = 0;
    std::size_t bytes = 0;  ///< of the last packet
    std::uint32_t timestamp = 0;
    std::uint16_t sequence = 0;
    bool begun = false;
  };

  std::map<std::uint8_t, Evidence> evidence_;
  std::uint8_t last_ = 0;
  Evidence* current_ = nullptr;
};

}  // namespace tapestry::mux
