#pragma once
#include <cstdint>
#include <memory>

#include "calls/srtp_keys.h"

namespace tapestry::mux {

/// One SSRC under one key: takes SRTP (RFC 3711 §3.3) off its packets and counts roll-overs.
class SrtpSession {
 public:
  enum class Outcome : std::uint8_t { Opened, Repeated, Refused };

  virtual ~SrtpSession() = default;
  /// Takes the protection off the packet, and sets `length` from what it was to what it is in clear. The first `header`
  /// octets are not encrypted. When it is not Opened, its content is undefined.
  virtual Outcome unprotect(std::uint8_t* packet, std::size_t header, std::size_t& length) = 0;
  /// As if the next packet came after so many roll-overs, at least one; only before any was opened.
  virtual void set_roc(std::uint32_t roc) = 0;
  [[nodiscard]] virtual std::uint32_t roc() const = 0;
};

/// By libsrtp. Null when it has no such profile, or the key is not as long as its profile says.
std::unique_ptr<SrtpSession> make_libsrtp_session(const calls::SrtpKey& key, std::uint32_t ssrc);

/// AES_192_CM as RFC 6188 §4 derives its keys. libsrtp takes AES-256 there, and so do those who use it: a key of this
/// profile may be meant either way. Null for other profiles.
std::unique_ptr<SrtpSession> make_aes192_session(const calls::SrtpKey& key, std::uint32_t ssrc);

}  // namespace tapestry::mux
