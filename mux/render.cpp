#include "mux/render.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "mux/channel.h"
#include "mux/conceal.h"
#include "mux/flac_writer.h"
#include "mux/gaps.h"
#include "mux/ogg_opus_writer.h"
#include "mux/voice.h"
#include "mux/wav_writer.h"

namespace tapestry::mux {
namespace {

constexpr Position kBlock = 4 * kRateHz;

using Voices = std::array<std::vector<Voice>, 2>;

/// What render() was given and has found out.
struct Job {
  const calls::RecordingPlan& plan;
  const spool::Spool& spool;
  const Options& options;
  const Destination& to;
  FileTags tags;
  Position samples = 0;
  Voices voices;
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
std::optional<Law> common_law(const std::set<std::string>& codecs) {
  if (codecs.empty() || codecs == std::set<std::string>{"PCMU"}) return Law::Mu;
  if (codecs == std::set<std::string>{"PCMA"}) return Law::A;
  return std::nullopt;
}

template <class Method>
void stream(const Job& job, Writer<typename Method::Sample>& writer, Law law) {
  using Sample = Method::Sample;
  Channel<Method> left(job.spool, job.voices[0], silenced(job.plan, 0, job.samples), law);
  Channel<Method> right(job.spool, job.voices[1], silenced(job.plan, 1, job.samples), law);
  std::array<std::vector<Sample>, 2> blocks;
  for (Position from = 0; from < job.samples; from += kBlock) {
    const auto length = static_cast<std::size_t>(std::min(kBlock, job.samples - from));
    for (auto& block : blocks) block.resize(length);
    left.fill(from, blocks[0]);
    right.fill(from, blocks[1]);
    writer.write(blocks[0], blocks[1]);
  }
  writer.finish();
}

void write_samples(const Job& job, Format format) {
  const auto writer = [&] {
    if (format == Format::Opus) {
      return make_ogg_opus_writer(job.to, job.tags, job.options.bitrate_bps, job.options.complexity);
    }
    return format == Format::Flac ? make_flac_writer(job.to, job.tags)
                                  : make_wav_writer(job.to, job.tags, static_cast<std::uint64_t>(job.samples));
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

Rendered render(const calls::RecordingPlan& plan, const std::vector<calls::Track>& tracks, const spool::Spool& spool,
                const Options& options, const Tags& tags, const Destination& to) {
  Rendered result;
  result.path = to.path;
  result.observed = options.format != Format::Flac;
  Job job{.plan = plan,
          .spool = spool,
          .options = options,
          .to = to,
          .tags = {.uuid = tags.uuid, .title = tags.title, .start = plan.start},
          .samples = std::max<Position>(0, to_samples(plan.end - plan.start)),
          .voices = {}};
  for (std::size_t c = 0; c < std::min(plan.channels.size(), job.voices.size()); ++c) {
    job.voices[c] = make_voices(plan.channels[c], tracks, spool, plan.start, job.samples, result.packets);
  }
  const std::set<std::string> codecs = codecs_heard(job.voices);
  const std::optional<Law> law = options.format == Format::G711 ? common_law(codecs) : std::nullopt;
  result.gaps = find_gaps(plan, job.voices, job.samples, law ? 0 : kMaxConceal);
  if (law) {
    stream<PassingOn>(job, *make_g711_writer(to, job.tags, static_cast<std::uint64_t>(job.samples), *law), *law);
  } else {
    write_samples(job, options.format);
  }
  std::tie(result.extension, result.mediatype) = names_of(options.format);
  result.samples = static_cast<std::uint64_t>(job.samples);
  result.codecs.assign(codecs.begin(), codecs.end());
  return result;
}

}  // namespace tapestry::mux
