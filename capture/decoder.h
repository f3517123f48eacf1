#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "capture/datagram.h"
#include "capture/source.h"
#include "core/counter.h"

namespace tapestry::tls {
class KeyLog;
}

namespace tapestry::capture {

/// Bounds of what the decoder may hold. Reaching one is counted and drops the oldest.
struct DecoderLimits {
  std::size_t fragment_sets = 1024;
  std::size_t fragment_bytes = 16U << 20U;
  Duration fragment_age = std::chrono::seconds(30);
  /// Both directions of a connection count; as many again of TLS unopened, of text ports, and of HTTP.
  std::size_t streams = 4096;
  std::size_t stream_bytes = 64U << 10U;  ///< out-of-order bytes waiting per stream
  /// Connections of these ports are followed (StreamBytes::text): Asterisk's manager interface, FreeSWITCH's event
  /// socket.
  std::vector<std::uint16_t> text_ports{5038, 8021};
  bool http = false;  ///< so are connections on any port with a segment that begins like an HTTP request
};

/// Peels frames down to UDP payloads and in-order TCP bytes. One capture thread only.
/// Link layers: Ethernet, Linux cooked v1/v2, raw IP, null/loopback, ERF; VLAN, QinQ, PPPoE, MPLS; IPv4, IPv6 with
/// extension headers; fragments of both put together; tunnels in any order up to a bound of layers: IP in IP, GRE,
/// ERSPAN, and by UDP port VXLAN, GENEVE, GTP-U, TZSP. A datagram to such a port whose inside cannot be read is handed
/// on as it is. HEP3 packets (any port) are handed on as the datagram that they carry. TCP only where it carries SIP
/// (its ports, or a segment that begins like SIP) or text that is asked for; of TLS only what keys open. Copies of a
/// datagram that is no RTP are dropped (MirrorCopies). Hostile bytes are counted, never thrown. Frame times must lie
/// far enough from the ends of Time that adding or subtracting a minute does not overflow, as every Source's do.
class Decoder {
 public:
  /// With `keys`, which outlive it, TLS is opened where they fit, on whatever port.
  explicit Decoder(Receiver& receiver, const DecoderLimits& limits = {}, tls::KeyLog* keys = nullptr);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  void decode(const Frame& frame);
  /// From now on these ports' connections and HTTP are followed (DecoderLimits); connections that are followed go on.
  void follow(std::vector<std::uint16_t> text_ports, bool http) noexcept;
  /// Hands out what waits: TCP bytes behind a hole, then closes every stream. Call at the end of a capture.
  void finish();
  /// Each frame, and each packet put together from fragments, is counted under one end:
  /// frames + packets_reassembled = udp + tcp + fragments + not_ip + unknown_link_type + other_protocol + malformed
  /// + too_deep. Tunnels' headers are counted beside that, as they are peeled: also where the guess was wrong.
  /// Beside that `frames.*` (capture/frame_end.h) tell what became of each frame: together they are capture.frames.
  /// udp = datagrams handed on + mirror_copies. After finish: fragments = fragments_reassembled + fragments_duplicate +
  /// fragments_dropped.
  [[nodiscard]] Counters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::capture
