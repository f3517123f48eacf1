#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "mux/stream_quality.h"
#include "mux/writer.h"
#include "spool/media_store.h"

namespace tapestry::mux {

enum class Format : std::uint8_t { Opus, Wav, G711, Flac };

/// The beep at either end of a pause, inside it.
inline constexpr Duration kBeepLength = std::chrono::milliseconds(100);
inline constexpr int kBeepHertz = 440;

/// What becomes of DTMF tones that are heard: NoDigits silences them, the others leave them.
enum class Digits : std::uint8_t { AsIs, NoDigits, AllDigits };

/// [recording] of the configuration.
struct Options {
  Format format = Format::Opus;
  std::optional<int> complexity{};   ///< libopus 0..10; by default 3, and 5 for wideband
  std::optional<int> bitrate_bps{};  ///< per channel; by default 16,000, and 24,000 for wideband
  bool gating = true;                ///< Opus: no encoding while a channel is silent
  bool beep = false;                 ///< pauses begin and end with a beep, on every channel that they silence
  Digits digits = Digits::NoDigits;
  std::size_t keyed_digits = 6;  ///< so many tones within fifteen seconds are card data; 0: only card numbers are
};

/// A recording as it lies on disk, written, but not yet synced and still under the name given to render().
struct Rendered {
  std::filesystem::path path;
  bool observed = false;                ///< the destination's observer saw the whole file
  std::string extension;                ///< `.ogg`, `.wav`, `.flac`: what the final name must end in
  std::string mediatype;                ///< `audio/ogg`, `audio/x-wav`, `audio/flac`
  std::uint64_t samples = 0;            ///< per channel
  std::uint32_t sample_rate_hz = 8000;  ///< 16,000 when a wideband codec is heard
  std::vector<std::string> codecs;      ///< encodings heard, upper-case, sorted, each once
  std::vector<calls::Gap> gaps;         ///< the plan's and those found in the media, merged, in order of start
  bool keyed_digits = false;            ///< tones that look like a keyed card number were heard; gaps tell where
  PacketCounts packets;                 ///< both channels together
  std::vector<StreamQuality> streams;   ///< of what was heard, by channel and track
  bool beeps = false;                   ///< Options::beep, and there are pauses
};

/// Tags written into the file.
struct Tags {
  std::string uuid;   ///< of the vCon
  std::string title;  ///< for people
};

/// Decodes, places every packet on the wall clock, mixes per channel and encodes one agent's recording to `to.path`
/// (overwritten). With Format::G711 the payload's very samples are written when all that is heard is one G.711 law;
/// otherwise G711 falls back to Wav. Length is exactly plan.end - plan.start, rounded to a sample. A decoder's error is
/// a gap, never an exception. With Digits::NoDigits no DTMF tone gets into the file. From first to last tone of what
/// looks like a card's number (or Options::keyed_digits of them) both channels are silent: a gap of GapReason::Pci.
/// Throws std::runtime_error when the disk or encoder fails. Any thread; one call uses one thread. Same input, same
/// bytes.
Rendered render(const calls::RecordingPlan& plan, const std::vector<calls::Track>& tracks,
                const spool::MediaStore& media, const Options& options, const Tags& tags, const Destination& to);

}  // namespace tapestry::mux
