#include "mux/render.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "mux/channel_pair.h"
#include "mux/conceal.h"
#include "mux/flac_writer.h"
#include "mux/gaps.h"
#include "mux/keyed_runs.h"
#include "mux/ogg_opus_writer.h"
#include "mux/voice.h"
#include "mux/wav_writer.h"

namespace tapestry::mux {
namespace {

constexpr Duration kBlock = std::chrono::seconds(16);

constexpr OpusSettings kNarrowbandOpus{.bitrate_bps = 16'000, .complexity = 3};
constexpr OpusSettings kWidebandOpus{.bitrate_bps = 24'000, .complexity = 5};

using Voices = std::array<std::vector<Voice>, 2>;

/// What render() was given and has found out.
struct Job {
  const calls::RecordingPlan& plan;
  const spool::MediaStore& media;
  const Options& options;
  const Destination& to;
  FileTags tags;
  Rate rate;
  Position samples = 0;
  Voices voices;
  Intervals keyed{};  ///< runs of tones that look like a card's number
};

std::set<std::string> codecs_heard(const Voices& voices) {
  std::set<std::string> names;
  for (const auto& channel : voices) {
    for (const Voice& voice : channel) {
      for (const std::uint8_t codec : voice.timeline.heard) names.insert(voice.payloads.codec(codec).name);
    }
  }
  return names;
}

/// The law to pass on: nothing when what is heard is not one law.
std::optional<Law> common_law(const Voices& voices) {
  std::optional<Law> common;
  for (const auto& channel : voices) {
    for (const Voice& voice : channel) {
      for (const std::uint8_t codec : voice.timeline.heard) {
        const std::optional<Law> law = voice.payloads.codec(codec).law();
        if (!law || law != common.value_or(*law)) return std::nullopt;
        common = law;
      }
    }
  }
  return common.value_or(Law::Mu);
}

Rate choose_rate(const Voices& voices) {
  const auto wide = [](const std::vector<Voice>& channel) { return std::ranges::any_of(channel, is_wideband); };
  return std::ranges::any_of(voices, wide) ? kWideband : kNarrowband;
}

/// Chooses the recording's rate, and places its voices.
void place_voices(Job& job) {
  job.rate = choose_rate(job.voices);
  job.samples = std::max<Position>(0, job.rate.samples(job.plan.end - job.plan.start));
  for (auto& channel : job.voices) {
    for (Voice& voice : channel) place(voice, job.plan.start, job.rate);
  }
}

/// What a decoder refused is like what no decoder takes.
void add_refused(std::vector<std::vector<ForeignStretch>> refused, std::vector<Voice>& voices) {
  for (std::size_t i = 0; i < voices.size(); ++i) {
    std::vector<ForeignStretch>& foreign = voices[i].timeline.foreign;
    foreign.insert(foreign.end(), refused[i].begin(), refused[i].end());
  }
}

template <class Method>
using Blocks = ChannelPair<Method>::Blocks;

/// Calls `take` with each block and its first position.
template <class Method, class Take>
void for_each_block(const Job& job, ChannelPair<Method>& pair, Take take) {
  Blocks<Method> blocks;
  const Position most = job.rate.samples(kBlock);
  for (Position from = 0; from < job.samples; from += most) {
    for (auto& block : blocks) block.resize(static_cast<std::size_t>(std::min(most, job.samples - from)));
    pair.fill(from, blocks);
    take(from, blocks);
  }
}

/// Hears the whole recording without writing any of it: what is keyed is known to be a card's number only when most of
/// it has gone by.
template <class Method>
Intervals find_keyed_runs(const Job& job, const Sheet& sheet) {
  ChannelPair<Method> pair(job.plan, job.media, job.voices, sheet);
  std::array<KeyedRuns, 2> sides{KeyedRuns(job.rate, job.options.keyed_digits),
                                 KeyedRuns(job.rate, job.options.keyed_digits)};
  for_each_block(job, pair, [&](Position, const Blocks<Method>&) {
    for (std::size_t c = 0; c < sides.size(); ++c) sides[c].add(pair.take_past_tones(c));
  });
  Intervals runs = sides[0].finish();
  for (const Interval& run : sides[1].finish()) runs.push_back(run);
  normalise(runs);
  return runs;
}

template <class Method>
void silence_runs(const Job& job, Law law, Position from, Blocks<Method>& blocks) {
  const Position margin = job.rate.samples(kToneMargin);
  const Position to = from + static_cast<Position>(blocks[0].size());
  for (const Interval& run : job.keyed) {
    const Position begin = std::clamp(run.from - margin, from, to);
    const Position end = std::clamp(run.to + margin, from, to);
    for (auto& block : blocks) {
      std::fill(block.begin() + (begin - from), block.begin() + (end - from), silence_of<typename Method::Sample>(law));
    }
  }
}

template <class Method>
void stream(Job& job, Writer<typename Method::Sample>& writer, Law law) {
  const Sheet sheet{.samples = job.samples,
                    .rate = job.rate,
                    .law = law,
                    .silences_tones = job.options.digits == Digits::NoDigits,
                    .beeps = job.options.beep};
  ChannelPair<Method> pair(job.plan, job.media, job.voices, sheet);
  bool searched = false;
  for_each_block(job, pair, [&](Position from, Blocks<Method>& blocks) {
    if (!searched && pair.found_tones()) {
      job.keyed = find_keyed_runs<Method>(job, sheet);
      searched = true;
    }
    silence_runs<Method>(job, law, from, blocks);
    for (std::size_t c = 0; c < blocks.size(); ++c) (void)pair.take_past_tones(c);
    writer.write(blocks[0], blocks[1]);
  });
  writer.finish();
  for (std::size_t c = 0; c < job.voices.size(); ++c) add_refused(pair.take_refused(c), job.voices[c]);
}

/// The plan, with a gap for each run.
calls::RecordingPlan with_keyed(const Job& job) {
  calls::RecordingPlan plan = job.plan;
  for (const Interval& run : job.keyed) plan.gaps.push_back(keyed_gap(run, plan.start, job.rate));
  return plan;
}

OpusSettings opus_settings(const Options& options, Rate rate) {
  const OpusSettings& usual = rate == kNarrowband ? kNarrowbandOpus : kWidebandOpus;
  return {.bitrate_bps = options.bitrate_bps.value_or(usual.bitrate_bps),
          .complexity = options.complexity.value_or(usual.complexity),
          .gating = options.gating};
}

void write_samples(Job& job, Format format) {
  const auto writer = [&] {
    if (format == Format::Opus) {
      return make_ogg_opus_writer(job.to, job.tags, job.rate, opus_settings(job.options, job.rate));
    }
    return format == Format::Flac
               ? make_flac_writer(job.to, job.tags, job.rate)
               : make_wav_writer(job.to, job.tags, job.rate, static_cast<std::uint64_t>(job.samples));
  }();
  stream<Decoding>(job, *writer, Law::Mu);
}

std::pair<const char*, const char*> names_of(Format format) {
  switch (format) {
    case Format::Opus:
      return {".ogg", "audio/ogg"};
    case Format::Flac:
      return {".flac", "audio/flac"};
    case Format::Wav:
    case Format::G711:
      break;
  }
  return {".wav", "audio/x-wav"};
}

}  // namespace

Rendered render(const calls::RecordingPlan& plan, const std::vector<calls::Track>& tracks,
                const spool::MediaStore& media, const Options& options, const Tags& tags, const Destination& to) {
  Rendered result;
  result.path = to.path;
  result.observed = options.format != Format::Flac;
  Job job{.plan = plan,
          .media = media,
          .options = options,
          .to = to,
          .tags = {.uuid = tags.uuid, .title = tags.title, .start = plan.start},
          .rate = kNarrowband,
          .voices = {}};
  for (std::size_t c = 0; c < std::min(plan.channels.size(), job.voices.size()); ++c) {
    job.voices[c] =
        find_voices(plan.channels[c], tracks, media, {plan.start, std::max(plan.start, plan.end)}, result.packets);
  }
  for (std::size_t c = 0; c < job.voices.size(); ++c) {
    for (Voice& voice : job.voices[c]) {
      voice.quality.channel = static_cast<int>(c);
      result.streams.push_back(std::move(voice.quality));
    }
  }
  place_voices(job);
  const std::set<std::string> codecs = codecs_heard(job.voices);
  // Codes are 8,000 a second: where packets of a wideband codec set the rate, although none is heard, they do not fit.
  const bool passes = options.format == Format::G711 && job.rate == kNarrowband;
  const std::optional<Law> law = passes ? common_law(job.voices) : std::nullopt;
  if (law) {
    stream<PassingOn>(job, *make_g711_writer(to, job.tags, static_cast<std::uint64_t>(job.samples), *law), *law);
  } else {
    write_samples(job, options.format);
  }
  result.gaps = find_gaps(with_keyed(job), job.voices, job.samples, job.rate, law ? Duration(0) : kMaxConceal);
  result.keyed_digits = !job.keyed.empty();
  std::tie(result.extension, result.mediatype) = names_of(options.format);
  result.samples = static_cast<std::uint64_t>(job.samples);
  result.sample_rate_hz = job.rate.hz;
  result.codecs.assign(codecs.begin(), codecs.end());
  result.beeps =
      options.beep && std::ranges::find(plan.gaps, calls::GapReason::Pci, &calls::Gap::reason) != plan.gaps.end();
  return result;
}

}  // namespace tapestry::mux
