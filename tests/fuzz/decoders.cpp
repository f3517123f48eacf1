// The first byte chooses the codec, the second the recording's rate; the rest is packets: how they follow the one
// before (a byte), their length (two), then the bytes.
#include <array>
#include <cstdlib>
#include <string>

#include "mux/decoding.h"

namespace {

using namespace tapestry;

struct Mapped {
  const char* encoding;
  std::uint32_t clock_hz;
  std::uint8_t channels = 1;
  const char* parameters = "";
};

constexpr std::array kMapped{Mapped{"PCMU", 8000},
                             Mapped{"PCMA", 16'000},
                             Mapped{"G722", 8000},
                             Mapped{"G723", 8000},
                             Mapped{"G726-16", 8000},
                             Mapped{"G726-24", 8000},
                             Mapped{"G726-40", 8000},
                             Mapped{"AAL2-G726-32", 8000},
                             Mapped{"G729", 8000},
                             Mapped{"GSM", 8000},
                             Mapped{"ILBC", 8000, 1, "mode=20"},
                             Mapped{"AMR", 8000},
                             Mapped{"AMR", 8000, 1, "octet-align=1"},
                             Mapped{"AMR-WB", 16'000},
                             Mapped{"AMR-WB", 16'000, 1, "octet-align=1"},
                             Mapped{"SPEEX", 8000},
                             Mapped{"SPEEX", 16'000},
                             Mapped{"SPEEX", 32'000},
                             Mapped{"OPUS", 48'000, 2},
                             Mapped{"L16", 44'100, 2},
                             Mapped{"DVI4", 11'025},
                             Mapped{"RED", 8000}};

void require(bool holds) {
  if (!holds) std::abort();
}

mux::PayloadMap make_map(const Mapped& mapped) {
  calls::PayloadMapping mapping;
  mapping.payload_type = 96;
  mapping.encoding = mapped.encoding;
  mapping.clock_hz = mapped.clock_hz;
  mapping.channels = mapped.channels;
  mapping.parameters = mapped.parameters;
  return mux::PayloadMap({mapping});
}

/// Plays packets one after the other, and checks that each gives as many samples as its place has.
class Deck {
 public:
  Deck(const Mapped& mapped, mux::Rate rate)
      : voice_{.track = nullptr,
               .payloads = make_map(mapped),
               .range = {},
               .arrivals = {},
               .packets = {},
               .order = {},
               .windows = {},
               .quality = {},
               .timeline = {}},
        rate_(rate),
        decoding_(voice_, rate) {}

  void play(std::uint8_t how, Bytes payload) {
    const mux::Reading reading = voice_.payloads.read(96, Time(), payload);
    if (reading.ticks == 0) return;
    const mux::Codec& codec = voice_.payloads.codec(reading.codec);
    require(codec.content == mux::Content::Audio);
    const mux::Position gap = (how & 3U) == 0 ? rate_.hz / 1000 * (how >> 2U) : 0;
    mux::Slot slot;
    slot.at = mux::to_fine(end_ + gap) + ((how & 7U) == 5 ? 1234 : 0);
    slot.stretch = (how & 7U) == 5 ? 4321 : 0;
    slot.after_loss = gap > 0;
    const mux::Position length = codec.samples(reading.ticks, rate_.hz);
    const mux::Position lead =
        decoding_.make(slot, reading, {.gap = gap, .first = first_, .ends = (how & 16U) != 0}, out_);
    require(lead >= 0 && lead <= decoding_.longest_concealed() + rate_.hz / 10);
    require(std::ssize(out_) <= length + lead + rate_.hz / 10);
    end_ = mux::round_fine(slot.at + mux::to_fine(length) + slot.stretch);
    first_ = false;
  }

 private:
  mux::Voice voice_;
  mux::Rate rate_;
  mux::Decoding decoding_;
  std::vector<std::int16_t> out_;
  mux::Position end_ = 0;
  bool first_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Cursor input(Bytes(data, size));
  const Mapped& mapped = kMapped[input.u8() % kMapped.size()];
  Deck deck(mapped, input.u8() % 2 == 0 ? mux::kWideband : mux::kNarrowband);
  for (int packets = 0; packets < 64 && input.left() >= 3; ++packets) {
    const std::uint8_t how = input.u8();
    const std::size_t length = input.u16() % 1500;
    deck.play(how, input.take(std::min(length, input.left())));
  }
  return 0;
}
