#include "tests/journal/taped.h"

#include <fmt/format.h>

#include <algorithm>

#include "calls/gap_name.h"
#include "core/crc32c.h"
#include "tests/support/scenes/scenes.h"
#include "vconout/fingerprint.h"

namespace tapestry::testing {
namespace {

capture::Frame frame_of(const TimedFrame& frame) {
  return {frame.time, 1, static_cast<std::uint32_t>(frame.frame.size()), frame.frame};
}

std::string describe(const calls::DialogPlan& dialog) {
  std::string text = fmt::format("dialog {} {} {} agent {} {}\n", static_cast<int>(dialog.kind),
                                 to_rfc3339(dialog.start), to_rfc3339(dialog.end), dialog.agent, dialog.disposition);
  for (const calls::RecordingPlan& plan : dialog.recording) {
    for (const calls::ChannelPlan& channel : plan.channels) {
      text += " channel";
      for (const calls::TrackSpan& span : channel.spans) {
        text += fmt::format(" {} {}-{}", span.track, to_rfc3339(span.from), to_rfc3339(span.to));
      }
      text += "\n";
    }
    for (const calls::Gap& gap : plan.gaps) {
      text += fmt::format(" gap {} {}-{}\n", static_cast<int>(gap.reason), to_rfc3339(gap.start), to_rfc3339(gap.end));
    }
  }
  return text;
}

}  // namespace

void Collected::keep(calls::TrackId track, const rtp::Chunk& chunk) {
  rtp::Chunk::for_each(chunk.bytes(), [this](const rtp::Packet& packet) { arrivals.push_back(packet.arrival); });
  media_[track].emplace_back(chunk.bytes().begin(), chunk.bytes().end());
}

void Collected::erase(calls::TrackId track, Time from, Time to) {
  for (auto& chunk : media_[track]) (void)rtp::Chunk::erase(chunk, from, to);
}

void Collected::closed(calls::Interaction&& interaction) {
  std::string text =
      fmt::format("{} {} {}\n", to_rfc3339(interaction.start), to_rfc3339(interaction.end), interaction.disposition);
  for (const calls::Party& party : interaction.parties) {
    text += fmt::format("party {} {} {}\n", static_cast<int>(party.role), party.uri, party.name);
  }
  for (const calls::DialogPlan& dialog : interaction.dialogs) text += describe(dialog);
  for (const calls::Track& track : interaction.tracks) {
    std::uint32_t crc = 0;
    std::size_t packets = 0;
    for (const auto& chunk : media_[track.id]) {
      rtp::Chunk::for_each(chunk, [&](const rtp::Packet& packet) {
        crc = crc32c(packet.raw, crc);
        ++packets;
      });
    }
    text += fmt::format("track {} use {} packets {} lost {} kept {} {:08x}\n", track.flow.source.to_string(),
                        static_cast<int>(track.use), track.stats.packets, track.stats.lost(), packets, crc);
  }
  for (const calls::DialogSummary& dialog : interaction.signalling) {
    text +=
        fmt::format("call {} {} {} {}\n", dialog.call_id, dialog.final_status, dialog.messages, dialog.retransmissions);
  }
  for (const calls::Pause& pause : interaction.pauses) {
    text += fmt::format("pause {} {}-{} {}\n", pause.opened.rule, to_rfc3339(pause.start), to_rfc3339(pause.end),
                        static_cast<int>(pause.how));
  }
  text += fmt::format("suspected {} notes {} texts {}\n", interaction.pci_suspected, interaction.notes.list.size(),
                      interaction.texts.list.size());
  pauses.insert(pauses.end(), interaction.pauses.begin(), interaction.pauses.end());
  numbers.push_back(interaction.number);
  fingerprints.push_back(vconout::fingerprint(interaction));
  conversations.push_back(fingerprints.back() + "\n" + text);
}

LiveSide::LiveSide(spool::Disk& disk, spool::KeyTable& keys, const app::Config& config,
                   const journal::StoreLimits& limits)
    : writer_(keys, config.rules.pauses.delay), pipeline_(config.rules, *this) {
  const journal::Recovered recovered = journal::recover(disk, keys, pipeline_.correlator(), writer_);
  pipeline_.go_on({recovered.messages, recovered.now});
  store_.emplace(disk, keys, recovered.end, limits);
  writer_.go_on(*store_);
}

void LiveSide::add(const TimedFrame& frame) { pipeline_.add(frame_of(frame)); }

void LiveSide::advanced(Time now) {
  writer_.advanced(now);
  if (!store_ || now - written_ < journal::Store::kEvery) return;
  written_ = now;
  store_->turn();
}

void LiveSide::finish() {
  pipeline_.finish();
  writer_.flush();
  store_->turn();
}

void LiveSide::end() {
  pipeline_.finish();
  writer_.end();
  store_->turn();
}

Secret test_master_key() {
  const std::vector<std::uint8_t> bytes(spool::kKeyBytes, 0x42);
  return Secret{Bytes(bytes)};
}

scenes::Scene scene_in_order(std::string_view name) {
  scenes::Scene scene = scenes::scene(name);
  std::vector<std::pair<Time, std::size_t>> order;
  for (std::size_t n = 0; n < scene.frames.size(); ++n) order.emplace_back(scene.frames[n].time, n);
  std::ranges::sort(order);
  std::vector<TimedFrame> frames;
  for (const auto& [time, n] : order) frames.push_back(std::move(scene.frames[n]));
  scene.frames = std::move(frames);
  return scene;
}

app::Config config_of(const scenes::Scene& scene) { return app::parse_config(scene.configuration, "scene"); }

Collected collected_directly(const scenes::Scene& scene) {
  Collected collected;
  const app::Config config = config_of(scene);
  app::Pipeline pipeline(config.rules, collected);
  for (const TimedFrame& frame : scene.frames) pipeline.add(frame_of(frame));
  pipeline.finish();
  return collected;
}

std::vector<std::string> payloads_on(FakeDisk& disk) {
  spool::KeyTable keys(disk, test_master_key());
  spool::LogReader reader(disk, keys);
  spool::LogPlace place;
  std::vector<std::string> payloads;
  while (const auto record = reader.next(place)) payloads.emplace_back(as_text(record->payload));
  return payloads;
}

}  // namespace tapestry::testing
