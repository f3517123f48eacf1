#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "tests/support/packet_builder.h"

namespace tapestry::testing {

/// Protects RTP packets as a sender does (RFC 3711), by libsrtp. Asserts on what libsrtp refuses.
class SrtpSender {
 public:
  /// `profile` as in SDP; `secret` is master key and salt; `mki` goes with each packet.
  SrtpSender(std::string_view profile, Bytes secret, Bytes mki = {});
  SrtpSender(SrtpSender&&) noexcept;
  ~SrtpSender();

  /// In order of sequence numbers, for roll-overs are counted; a few hundred back are allowed.
  Buffer protect(Bytes packet);
  /// As if the sequence numbers of that SSRC had gone round `times` times already, before the next packet.
  void roll_over(std::uint32_t ssrc, unsigned times);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Octets of master key and salt of a profile.
std::size_t secret_bytes(std::string_view profile);

}  // namespace tapestry::testing
