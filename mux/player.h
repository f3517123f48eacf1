#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mux/decoder.h"
#include "mux/g711.h"
#include "mux/payload_feed.h"
#include "mux/stretch.h"
#include "mux/voice.h"

namespace tapestry::mux {

/// Makes 16-bit samples of packets.
class Decoding {
 public:
  using Sample = std::int16_t;
  explicit Decoding(const Voice& voice);

  /// Replaces `out` by what the slot's positions hold; what cannot be decoded is silence. `gap`: positions between this
  /// packet and the one before, whose loss is to be concealed when `lost`: `out` then begins so much earlier. Returns
  /// how much.
  Position make(const Slot& slot, const PayloadFeed::Payload& payload, Position gap, std::vector<Sample>& out);

 private:
  Decoder* decoder(std::uint8_t codec);

  const PayloadMap& payloads_;
  std::vector<std::unique_ptr<Decoder>> decoders_;  ///< by codec
  Stretcher stretcher_;
  std::vector<Sample> samples_;
  std::vector<Sample> before_;  ///< the last packet's
  std::vector<Sample> concealed_;
};

/// Hands G.711 codes on as they are.
class PassingOn {
 public:
  using Sample = std::uint8_t;
  explicit PassingOn(const Voice&) {}

  /// As Decoding::make, but nothing is ever concealed.
  Position make(const Slot& slot, const PayloadFeed::Payload& payload, Position gap, std::vector<Sample>& out);
};

/// Plays one voice from beginning to end, block by block.
template <class Method>
class Player {
 public:
  using Sample = Method::Sample;

  /// Both must outlive the player.
  Player(const spool::Spool& spool, const Voice& voice) : voice_(voice), feed_(spool, voice), method_(voice) {}

  /// Puts what is heard into `block`, whose first sample is at `from` and which holds silence. Blocks must follow each
  /// other.
  void play(Position from, std::span<Sample> block, Sample silence);
  [[nodiscard]] const Intervals& windows() const noexcept { return voice_.windows; }

 private:
  void load(const Slot& slot);
  void copy_to(Position from, std::span<Sample> block) const;

  const Voice& voice_;
  PayloadFeed feed_;
  Method method_;
  std::size_t next_ = 0;  ///< slot
  std::vector<Sample> loaded_;
  Position loaded_at_ = 0;
  Position done_ = 0;  ///< end of what is loaded or was
  bool begun_ = false;
};

extern template class Player<Decoding>;
extern template class Player<PassingOn>;

}  // namespace tapestry::mux
