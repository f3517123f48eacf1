#include "mux/player.h"

#include <algorithm>

#include "mux/conceal.h"

namespace tapestry::mux {

Decoding::Decoding(const Voice& voice) : payloads_(voice.payloads), decoders_(voice.payloads.codecs().size()) {}

Decoder* Decoding::decoder(std::uint8_t codec) {
  std::unique_ptr<Decoder>& decoder = decoders_[codec];
  if (!decoder) decoder = make_decoder(payloads_.codec(codec).name, payloads_.codec(codec).clock_hz);
  return decoder.get();
}

Position Decoding::make(const Slot& slot, const PayloadFeed::Payload& payload, Position gap, std::vector<Sample>& out) {
  Decoder* const with = decoder(payload.codec);
  if (with == nullptr || !with->decode(payload.bytes, samples_)) samples_.clear();
  concealed_.clear();
  if (gap > 0 && gap <= kMaxConceal && slot.after_loss != 0) {
    conceal(before_, static_cast<std::size_t>(gap), concealed_);
  }
  const bool copied = slot.stretch == 0 && slot.at == to_fine(round_fine(slot.at));
  if (copied) {
    out.swap(samples_);
  } else {
    if (gap != 0) stretcher_.restart(concealed_);
    stretcher_.stretch(samples_, slot.at, slot.stretch, out);
  }
  before_.assign(out.begin(), out.end());
  out.insert(out.begin(), concealed_.begin(), concealed_.end());
  return static_cast<Position>(concealed_.size());
}

Position PassingOn::make(const Slot& slot, const PayloadFeed::Payload& payload, Position, std::vector<Sample>& out) {
  stretch_codes(payload.bytes, slot.at, slot.stretch, out);
  return 0;
}

template <class Method>
void Player<Method>::load(const Slot& slot) {
  const Position at = round_fine(slot.at);
  const auto payload = feed_.fetch(slot.packet);
  loaded_.clear();
  if (!payload) return;
  const Position concealed = method_.make(slot, *payload, begun_ ? at - done_ : 0, loaded_);
  loaded_at_ = at - concealed;
  if (begun_ && loaded_at_ < done_) {
    const auto cut = std::min(static_cast<std::size_t>(done_ - loaded_at_), loaded_.size());
    loaded_.erase(loaded_.begin(), loaded_.begin() + static_cast<std::ptrdiff_t>(cut));
    loaded_at_ += static_cast<Position>(cut);
  }
  if (loaded_.empty()) return;
  done_ = loaded_at_ + static_cast<Position>(loaded_.size());
  begun_ = true;
}

template <class Method>
void Player<Method>::copy_to(Position from, std::span<Sample> block) const {
  const Position to = from + static_cast<Position>(block.size());
  const Position begin = std::max(from, loaded_at_);
  const Position end = std::min(to, loaded_at_ + static_cast<Position>(loaded_.size()));
  if (begin < end) std::copy_n(loaded_.begin() + (begin - loaded_at_), end - begin, block.begin() + (begin - from));
}

template <class Method>
void Player<Method>::play(Position from, std::span<Sample> block, Sample silence) {
  const Position to = from + static_cast<Position>(block.size());
  copy_to(from, block);
  while (done_ < to || !begun_) {
    if (next_ == voice_.timeline.slots.size()) break;
    const Slot& slot = voice_.timeline.slots[next_];
    const bool conceals = begun_ && slot.after_loss != 0 && round_fine(slot.at) - done_ <= kMaxConceal;
    if (round_fine(slot.at) >= to && !conceals) break;
    ++next_;
    load(slot);
    copy_to(from, block);
  }
  for (const Interval& outside : subtract({{from, to}}, voice_.windows)) {
    std::fill_n(block.begin() + (outside.from - from), outside.to - outside.from, silence);
  }
}

template class Player<Decoding>;
template class Player<PassingOn>;

}  // namespace tapestry::mux
