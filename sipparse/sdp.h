#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/bytes.h"

namespace tapestry::sip {

/// Media directions of RFC 8866 §6.7 as seen by whoever wrote the SDP.
enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };

/// One payload format of an m-line. Static types (RFC 3551 §6) are filled in where no rtpmap names them.
struct PayloadFormat {
  std::uint8_t payload_type = 0;
  std::string
      encoding;  ///< as registered, upper-case: `PCMU`, `TELEPHONE-EVENT`; empty for a dynamic type without rtpmap
  std::uint32_t clock_hz = 0;
  std::uint8_t channels = 1;
  std::string parameters;  ///< fmtp text
};

/// a=crypto (RFC 4568 §9.1), kept for the decryption of media; key material must never be printed.
struct Crypto {
  std::uint32_t tag = 0;
  std::string suite;
  std::string key_params;
  std::string session_params;
};

struct MediaDescription {
  std::string media;                    ///< `audio`, `video`, `image`, ...
  std::string protocol;                 ///< `RTP/AVP`, `UDP/TLS/RTP/SAVPF`, ...
  std::string connection_host;          ///< c= of the media or session level, as text (may be a name)
  std::optional<IpAddress> connection;  ///< the same, when it is an address; without /ttl
  std::uint16_t port = 0;               ///< 0: the stream is refused or ended
  std::uint16_t port_count = 1;
  std::optional<Endpoint> rtcp;  ///< a=rtcp (RFC 3605); the connection's address when it has none
  bool rtcp_mux = false;         ///< RFC 5761
  Direction direction = Direction::SendRecv;
  std::vector<PayloadFormat> formats;   ///< in the order of the m-line
  std::uint32_t ptime_ms = 0;           ///< 0: not told
  std::string label;                    ///< RFC 4574
  std::string mid;                      ///< RFC 5888
  std::vector<std::string> candidates;  ///< ICE candidate attributes' values (RFC 8839)
  std::vector<Crypto> crypto;
  std::string fingerprint;              ///< RFC 8122
  std::vector<std::string> attributes;  ///< all a= lines of this media, `name:value`, in order, at most kMaxAttributes
  /// c=0.0.0.0 (RFC 2543's hold) or :: with a port.
  [[nodiscard]] bool black_hole() const noexcept { return connection && connection->is_unspecified(); }
};

/// Bounds: what lies beyond is dropped and `Sdp::overflowed` says so.
inline constexpr std::size_t kMaxMedia = 32;
inline constexpr std::size_t kMaxFormats = 64;
inline constexpr std::size_t kMaxAttributes = 256;

/// A session description (RFC 8866). Owns its text.
struct Sdp {
  std::string origin;                 ///< the o= value
  std::uint64_t session_version = 0;  ///< sess-version of o=
  std::string session_name;
  std::vector<std::string> attributes;  ///< session level
  std::vector<MediaDescription> media;
  bool overflowed = false;
};

/// Reads a description; lenient: lines in any order, LF or CR LF, unknown lines skipped, session-level attributes
/// inherited by the media. Nothing when there is neither `v=` nor an m-line. Linear; SDP numbers never size a buffer.
std::optional<Sdp> parse_sdp(Bytes body);

}  // namespace tapestry::sip
