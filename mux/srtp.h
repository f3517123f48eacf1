#pragma once
#include <memory>
#include <vector>

#include "calls/interaction.h"
#include "core/bytes.h"
#include "mux/clear_parts.h"
#include "rtp/packet.h"

namespace tapestry::mux {

/// Takes SRTP (RFC 3711) off one track's packets, with whichever of its keys authenticates them; what is in clear goes
/// through as it is. Its work is linear in the packets, whatever they and the keys are. What is decrypted lives in this
/// object only.
class Decryptor {
 public:
  /// The track must outlive it.
  explicit Decryptor(const calls::Track& track);
  Decryptor(Decryptor&&) noexcept;
  Decryptor& operator=(Decryptor&&) noexcept;
  ~Decryptor();

  struct Opened {
    rtp::Packet packet;
    bool sealed = false;  ///< no key fits, or it is a copy of one before: the packet is as it was
  };
  /// Before the packets of a chunk, given in its stored form, are opened: the packets of the one before are gone.
  void begin_chunk(Bytes chunk);
  /// In order of arrival. Views are valid until the next chunk begins.
  Opened open(const rtp::Packet& packet);

 private:
  struct State;
  bool encrypted_ = false;
  std::unique_ptr<ClearParts> clear_parts_;  ///< only where there are some
  std::unique_ptr<State> state_;             ///< only where there are keys
};

}  // namespace tapestry::mux
