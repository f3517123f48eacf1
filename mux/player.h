#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/g711.h"
#include "mux/decoding.h"
#include "mux/payload_feed.h"
#include "mux/stretch.h"
#include "mux/voice.h"

namespace tapestry::mux {

/// Hands G.711 codes on as they are; as Decoding, but nothing is ever concealed.
class PassingOn {
 public:
  using Sample = std::uint8_t;
  PassingOn(const Voice&, Rate) {}

  [[nodiscard]] static Position longest_lead() noexcept { return 0; }
  [[nodiscard]] static Position longest_concealed() noexcept { return 0; }
  static Position make(const Slot& slot, const Reading& payload, Join join, std::vector<Sample>& out);
  static std::vector<ForeignStretch> take_refused() noexcept { return {}; }
};

/// Plays one voice from beginning to end, block by block.
template <class Method>
class Player {
 public:
  using Sample = Method::Sample;

  /// Both must outlive the player.
  Player(const spool::MediaStore& media, const Voice& voice, Rate rate)
      : voice_(voice), rate_(rate), feed_(media, voice), method_(voice, rate) {}

  /// Puts what is heard into `block`, whose first sample is at `from` and which holds silence. Blocks must follow each
  /// other.
  void play(Position from, std::span<Sample> block, Sample silence);
  [[nodiscard]] const Intervals& windows() const noexcept { return voice_.windows; }
  /// As Decoding::take_refused().
  std::vector<ForeignStretch> take_refused() noexcept { return method_.take_refused(); }

 private:
  void load(const Slot& slot);
  void copy_to(Position from, std::span<Sample> block) const;

  const Voice& voice_;
  Rate rate_;
  PayloadFeed feed_;
  Method method_;
  std::size_t next_ = 0;  ///< slot
  std::vector<Sample> loaded_;
  Position loaded_at_ = 0;
  Position done_ = 0;  ///< end of what is loaded or was
  Position end_ = 0;   ///< of the last packet, whose samples may come a little earlier
  bool begun_ = false;
};

extern template class Player<Decoding>;
extern template class Player<PassingOn>;

}  // namespace tapestry::mux
