#include "studio.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace tapestry::mux {
namespace {

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "mux-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

rtp::Packet packet_of(const Sent& sent, Time arrival) {
  if (!sent.raw.empty()) {
    const auto packet = rtp::parse_packet(sent.raw, arrival);
    return packet ? *packet : rtp::parse_packet(sent.raw, arrival, rtp::Padding::Unknown).value();
  }
  rtp::Packet packet;
  packet.arrival = arrival;
  packet.sequence = sent.sequence;
  packet.timestamp = sent.timestamp;
  packet.ssrc = sent.ssrc;
  packet.payload_type = sent.type;
  packet.payload = sent.payload;
  return packet;
}

const char* name_of(GapReason reason) {
  constexpr const char* kNames[] = {"pci",        "hold",      "loss", "codec",    "undecryptable", "one-way",
                                    "late-start", "early-end", "drop", "no-media", "inactive"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace

std::function<double(double)> sine(double hertz) {
  return [hertz](double seconds) { return 8000 * std::sin(2 * std::numbers::pi * hertz * seconds); };
}

double ticks(double seconds) { return std::abs(seconds - std::round(seconds)) < 0.5 / 8000 ? 10'000 : 0; }

std::vector<Sent> Sender::packets(std::size_t count) const {
  std::vector<Sent> all;
  for (std::size_t i = 0; i < count; ++i) {
    Sent packet;
    packet.at = first + i * 20ms;
    packet.sequence = static_cast<std::uint16_t>(sequence + i);
    packet.timestamp = timestamp + static_cast<std::uint32_t>(i * 160);
    packet.type = law == Law::Mu ? 0 : 8;
    for (std::size_t k = 0; k < 160; ++k) {
      const double seconds = to_seconds(first) + static_cast<double>(i * 160 + k) / 8000;
      packet.payload.push_back(encode(law, static_cast<std::int16_t>(std::lround(signal(seconds)))));
    }
    all.push_back(packet);
  }
  return all;
}

Heard listen(const std::filesystem::path& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  std::vector<std::int16_t> both(static_cast<std::size_t>(info.frames * info.channels));
  if (sf_readf_short(file, both.data(), info.frames) != info.frames) throw std::runtime_error("short file");
  (void)sf_close(file);
  Heard heard{
      .channels = info.channels, .rate_hz = static_cast<std::uint32_t>(info.samplerate), .left = {}, .right = {}};
  for (std::size_t i = 0; i + 1 < both.size(); i += 2) {
    heard.left.push_back(both[i]);
    heard.right.push_back(both[i + 1]);
  }
  return heard;
}

Studio::Studio(Duration length, Time start) : folder(make_folder()), spool(folder / "spool") {
  plan.start = start;
  plan.end = start + length;
  plan.channels.resize(2);
}

Studio::~Studio() { std::filesystem::remove_all(folder); }

std::size_t Studio::add_track(std::vector<Sent> packets) {
  std::ranges::sort(packets, {}, [](const Sent& sent) { return std::tie(sent.at, sent.sequence); });
  calls::Track track;
  track.id = tracks.size() + 1;
  rtp::Chunk chunk(track.id);
  for (const Sent& sent : packets) {
    const rtp::Packet packet = packet_of(sent, plan.start + sent.at);
    if (!chunk.empty() && packet.arrival - chunk.first() > 1s) {
      spool.append(track.id, chunk);
      chunk.reset(track.id);
    }
    chunk.append(packet);
  }
  spool.append(track.id, chunk);
  tracks.push_back(track);
  return tracks.size() - 1;
}

std::size_t Studio::play(std::size_t channel, const std::vector<Sent>& packets) {
  const std::size_t track = add_track(packets);
  plan.channels[channel].spans.push_back({track, plan.start, plan.end});
  return track;
}

void Studio::map(std::size_t track, std::uint8_t type, const std::string& encoding, Duration since) {
  calls::PayloadMapping mapping;
  mapping.since = plan.start + since;
  mapping.payload_type = type;
  mapping.encoding = encoding;
  tracks[track].payloads.push_back(mapping);
}

Rendered Studio::render(Format format) {
  Options options;
  options.format = format;
  options.complexity = 0;
  options.beep = beep;
  options.digits = digits;
  const Tags tags{.uuid = "0192d4f1-0000-8000-8000-000000000001", .title = "A call"};
  return mux::render(plan, tracks, spool, options, tags, {folder / "recording", observer});
}

Heard Studio::heard() { return listen(render().path); }

std::vector<std::string> describe(const std::vector<Gap>& gaps, Time start) {
  std::vector<std::string> lines;
  for (const Gap& gap : gaps) {
    std::ostringstream line;
    line << name_of(gap.reason) << ' ';
    for (const int channel : gap.channels) line << (channel == gap.channels.front() ? "" : ",") << channel;
    line << ' ' << to_seconds(gap.start - start) << '-' << to_seconds(gap.end - start);
    if (!gap.detail.empty()) line << ' ' << gap.detail;
    lines.push_back(line.str());
  }
  return lines;
}

}  // namespace tapestry::mux
