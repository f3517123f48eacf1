#include "mux/decoding.h"

#include <algorithm>

#include "mux/measure.h"
namespace tapestry::mux {
namespace {

constexpr std::size_t kMaxRefused = 10'000;  ///< more stretches than that are told as one

}  // namespace

Decoding::Decoding(const Voice& voice, Rate rate)
    : payloads_(voice.payloads), rate_(rate), chains_(voice.payloads.codecs().size()) {
  for (const std::uint8_t codec : voice.timeline.heard) longest_lead_ = std::max(longest_lead_, chain(codec).lead());
}

Decoding::Chain& Decoding::chain(std::uint8_t index) {
  std::optional<Chain>& chain = chains_[index];
  if (chain) return *chain;
  const Codec& codec = payloads_.codec(index);
  chain.emplace(Chain{.decoder = make_decoder(codec, rate_), .resampler = {}, .lag = rate_.samples(codec.lag)});
  if (chain->decoder && chain->decoder->rate_hz() != rate_.hz) {
    chain->resampler.emplace(chain->decoder->rate_hz(), rate_.hz);
  }
  return *chain;
}

void Decoding::decode(Chain& chain, const Reading& payload, const Slot& slot, Position length) {
  const Codec& codec = payloads_.codec(payload.codec);
  const std::size_t before = decoded_.size();
  const std::uint32_t hz = chain.decoder ? chain.decoder->rate_hz() : rate_.hz;
  const bool good = chain.decoder && chain.decoder->decode(payload.bytes, decoded_);
  decoded_.resize(before + static_cast<std::size_t>(codec.samples(payload.ticks, hz)));
  if (good) return;
  const Position at = round_fine(slot.at);
  const bool more = !refused_.empty() && refused_.back().codec == payload.codec && refused_.back().where.from <= at &&
                    (refused_.back().where.to == at || refused_.size() == kMaxRefused);
  if (more) {
    refused_.back().where.to = std::max(refused_.back().where.to, at + length);
  } else {
    refused_.push_back({{at, at + length}, payload.codec});
  }
}

bool Decoding::recover_from_red(Chain& chain, const Reading& payload, Position gap) {
  const Codec& codec = payloads_.codec(payload.codec);
  rtp::redundant_blocks(payload.red, blocks_);
  const auto primary = rtp::primary_block(payload.red);
  std::uint32_t ticks = 0;
  auto from = blocks_.end();
  // The blocks nearest to the packet, one after the other until the gap is full.
  while (from != blocks_.begin() && codec.samples(ticks, rate_.hz) < gap) {
    --from;
    const auto time = measure(codec, from->bytes);
    if (from->payload_type != primary->payload_type) return false;
    if (!time || time->ticks == 0 || from->ticks_before != ticks + time->ticks) return false;
    ticks += time->ticks;
  }
  if (codec.samples(ticks, rate_.hz) != gap) return false;
  ticks = 0;
  for (; from != blocks_.end(); ++from) {
    (void)chain.decoder->decode(from->bytes, decoded_);
    ticks += measure(codec, from->bytes)->ticks;
    // A block that the decoder refuses is silence of its own length: the next one stays where it belongs.
    decoded_.resize(static_cast<std::size_t>(codec.samples(ticks, chain.decoder->rate_hz())));
  }
  return true;
}

Position Decoding::recover(Chain& chain, const Reading& payload, Position gap) {
  if (!chain.decoder) return 0;
  if (!payload.red.empty() && recover_from_red(chain, payload, gap)) return gap;
  decoded_.clear();
  const std::int64_t scaled = gap * chain.decoder->rate_hz();
  if (scaled % rate_.hz != 0) return 0;
  const auto count = static_cast<std::size_t>(scaled / rate_.hz);
  return chain.decoder->recover(count, payload.bytes, decoded_) ? gap : 0;
}

void Decoding::convert(Chain& chain, bool continues, bool ends) {
  if (!chain.resampler) {
    converted_.swap(decoded_);
    return;
  }
  if (!continues) chain.resampler->restart();
  chain.resampler->convert(decoded_, ends, converted_);
}

Position Decoding::make(const Slot& slot, const Reading& payload, Join join, std::vector<Sample>& out) {
  Chain& with = chain(payload.codec);
  const Position whole = payloads_.codec(payload.codec).samples(payload.ticks, rate_.hz);
  const bool lost = !join.first && slot.after_loss != 0 && join.gap > 0 && join.gap <= longest_concealed();
  const bool same = !join.first && last_codec_ == payload.codec;
  last_codec_ = payload.codec;
  decoded_.clear();
  const Position recovered = lost && same ? recover(with, payload, join.gap) : 0;
  const FinePosition begin = slot.at - to_fine(recovered);
  const FinePosition fine_length = to_fine(whole + recovered) + slot.stretch;
  decode(with, payload, slot, round_fine(slot.at + to_fine(whole) + slot.stretch) - round_fine(slot.at));
  concealed_.clear();
  if (lost && recovered == 0) conceal(before_, static_cast<std::size_t>(join.gap), rate_, concealed_);

  // A resampler has given all it held when a gap followed.
  const bool continues = same && (join.gap == 0 || (recovered != 0 && !with.resampler));
  convert(with, continues, join.ends);
  const Position tail = with.resampler && join.ends ? with.resampler->delay() : 0;
  const bool regular =
      slot.stretch == 0 && begin == to_fine(round_fine(begin)) && std::ssize(converted_) == whole + recovered + tail;
  if (regular) {
    out.swap(converted_);
  } else {
    if (!continues) stretcher_.restart(concealed_);
    stretcher_.stretch(converted_, begin, fine_length + to_fine(tail), out);
  }
  Position lead = with.lead();
  if (!continues) {
    out.erase(out.begin(), out.begin() + std::min<Position>(lead, std::ssize(out)));
    lead = 0;
  }
  before_.assign(out.begin(), out.end());
  out.insert(out.begin(), concealed_.begin(), concealed_.end());
  return lead + recovered + std::ssize(concealed_);
}

}  // namespace tapestry::mux
