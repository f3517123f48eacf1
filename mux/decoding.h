#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mux/conceal.h"
#include "mux/decoder.h"
#include "mux/payload_map.h"
#include "mux/resampler.h"
#include "mux/stretch.h"
#include "mux/timeline.h"
#include "mux/voice.h"
#include "rtp/red_payload.h"

namespace tapestry::mux {

/// How a packet follows the one that was played before it.
struct Join {
  Position gap = 0;    ///< positions between them; 0: it continues it; negative: it overlaps it
  bool first = false;  ///< there was none
  bool ends = false;   ///< the next one does not continue it
};

/// Makes 16-bit samples of packets at a recording's rate.
class Decoding {
 public:
  using Sample = std::int16_t;
  /// `voice` must outlive it.
  Decoding(const Voice& voice, Rate rate);

  /// The most that make()'s samples may begin before a slot that follows no loss.
  [[nodiscard]] Position longest_lead() const noexcept { return longest_lead_; }
  /// Longest gap that is filled after a loss.
  [[nodiscard]] Position longest_concealed() const noexcept { return rate_.samples(kMaxConceal); }
  /// Replaces `out`; what cannot be decoded is silence. A lost gap of longest_concealed() or less is filled: by the
  /// packet's redundant blocks, by the codec's own means, or by what came before. Gives how much earlier than the slot
  /// `out` begins.
  Position make(const Slot& slot, const Reading& payload, Join join, std::vector<Sample>& out);
  /// Stretches whose payloads the decoder refused, in order of slots; no longer here then.
  std::vector<ForeignStretch> take_refused() noexcept { return std::move(refused_); }

 private:
  /// All that one codec's payloads go through; built at its first packet.
  struct Chain {
    std::unique_ptr<Decoder> decoder;
    std::optional<Resampler> resampler;
    Position lag = 0;  ///< Codec::lag
    [[nodiscard]] Position lead() const noexcept { return lag + (resampler ? resampler->delay() : 0); }
  };
  Chain& chain(std::uint8_t codec);
  void decode(Chain& chain, const Reading& payload, const Slot& slot, Position length);
  /// Puts what was lost before the packet into decoded_; positions that it fills: all of `gap` or none.
  Position recover(Chain& chain, const Reading& payload, Position gap);
  bool recover_from_red(Chain& chain, const Reading& payload, Position gap);
  void convert(Chain& chain, bool continues, bool ends);

  const PayloadMap& payloads_;
  Rate rate_;
  Position longest_lead_ = 0;
  std::vector<std::optional<Chain>> chains_;  ///< by codec
  std::uint8_t last_codec_ = 0;
  Stretcher stretcher_;
  std::vector<rtp::RedBlock> blocks_;
  std::vector<Sample> decoded_;
  std::vector<Sample> converted_;
  std::vector<Sample> before_;  ///< the last packet's
  std::vector<Sample> concealed_;
  std::vector<ForeignStretch> refused_;
};

}  // namespace tapestry::mux
