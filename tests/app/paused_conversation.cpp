#include "tests/app/paused_conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "app/report_json.h"
#include "core/g711.h"
#include "verify/verify.h"

namespace tapestry::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kRateHz = 8000;
constexpr std::size_t kPackets = 500;

Time start() { return from_rfc3339("2026-11-20T08:00:00Z").value(); }

calls::Track track_of(std::uint64_t id) {
  calls::Track track;
  track.id = id;
  track.media = "audio";
  track.flow.ssrc = static_cast<std::uint32_t>(id);
  track.payloads = {{.since = start(), .payload_type = 0, .encoding = "PCMU", .parameters = {}}};
  track.codecs = {"PCMU"};
  track.use = calls::Use::Recording;
  return track;
}

calls::Party party(calls::Role role, const std::string& uri) {
  calls::Party one;
  one.role = role;
  one.uri = uri;
  one.type = "person";
  return one;
}

}  // namespace

PausedConversation::PausedConversation()
    : spool_(folder_ / "spool"),
      keys_(vconout::make_trial_keys(folder_ / "out/keys", "recorder.example.com", true)),
      signer_(keys_.key, keys_.certificate, {}) {
  interaction.number = 1;
  interaction.start = start();
  interaction.end = start() + 10s;
  interaction.disposition = "answered";
  interaction.parties = {party(calls::Role::Customer, "sip:pat@customer.example.net"),
                         party(calls::Role::Agent, "sip:1001@agents.example.com")};
  interaction.tracks = {track_of(1), track_of(2)};
  talk(1, 440);
  talk(2, 1000);
  calls::DialogPlan plan;
  plan.start = start();
  plan.end = start() + 10s;
  plan.channel_parties = {{0}, {1}};
  plan.agent = 1;
  plan.history = {{0, start(), calls::EventKind::Join}, {0, start() + 10s, calls::EventKind::Drop}};
  plan.recording = {{.start = start(),
                     .end = start() + 10s,
                     .channels = {{{{0, start(), start() + 10s}}}, {{{1, start(), start() + 10s}}}},
                     .gaps = {}}};
  calls::DialogPlan transfer;
  transfer.kind = calls::DialogKind::Transfer;
  transfer.start = start() + 9s;
  calls::TransferPlan moved;
  moved.transferor = 1;
  moved.transfer_target = 1;
  moved.original = 0;
  moved.target_dialog = 0;
  transfer.transfer = moved;
  interaction.dialogs = {plan, transfer};
}

void PausedConversation::talk(std::uint64_t track, double hertz) {
  rtp::Chunk chunk(track);
  for (std::size_t i = 0; i < kPackets; ++i) {
    std::vector<std::uint8_t> payload;
    for (std::size_t k = 0; k < 160; ++k) {
      const double turns = hertz * static_cast<double>(i * 160 + k) / kRateHz;
      payload.push_back(encode(Law::Mu, static_cast<std::int16_t>(8000 * std::sin(2 * std::numbers::pi * turns))));
    }
    rtp::Packet packet;
    packet.arrival = start() + i * 20ms;
    packet.sequence = static_cast<std::uint16_t>(i);
    packet.timestamp = static_cast<std::uint32_t>(i * 160);
    packet.ssrc = static_cast<std::uint32_t>(track);
    packet.payload = payload;
    if (!chunk.empty() && packet.arrival - chunk.first() > 1s) {
      spool_.append(track, chunk);
      chunk.reset(track);
    }
    chunk.append(packet);
  }
  spool_.append(track, chunk);
}

void PausedConversation::pause(double from, double to, const std::string& rule) {
  const calls::PauseMark opened{.rule = rule,
                                .message = "INFO",
                                .call_id = "c1@agents.example.com",
                                .from = "sip:1001@agents.example.com",
                                .at = start() + from_seconds(from)};
  const calls::Pause pause{.start = start() + from_seconds(from),
                           .end = start() + from_seconds(to),
                           .opened = opened,
                           .how = calls::PauseEnd::CallEnd};
  interaction.pauses.push_back(pause);
  interaction.dialogs[0].recording[0].gaps.push_back({.reason = calls::GapReason::Pci,
                                                      .start = pause.start,
                                                      .end = pause.end,
                                                      .channels = {0, 1},
                                                      .detail = {},
                                                      .pause = pause});
}

app::Finished PausedConversation::finish(bool cut, bool quarantine, bool beep) {
  mux::Options recording;
  recording.format = mux::Format::Wav;
  recording.beep = beep;
  vconout::Options options;
  options.now = start() + 1h;
  const app::FinisherContext context{out(), recording, options, signer_, spool_, cut, quarantine};
  app::Finished finished = app::finish({interaction, "019f15a6-a752-826f-bb82-041452eb905f", "fingerprint"}, context);
  vcon_ = finished.report.vcon;
  return finished;
}

std::vector<std::string> PausedConversation::faults() const {
  return verify::faults_of(vcon_path(), {keys_.ca, out() / "media"});
}

std::string PausedConversation::independent_check() const {
  const std::filesystem::path check = std::filesystem::path(TAPESTRY_SHARED) / "tools/vcon_check.py";
  const bool here = std::filesystem::exists(check) &&
                    std::system("/usr/bin/python3 -c 'import jwcrypto, jsonschema' 2>/dev/null") == 0 &&
                    std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0;
  if (!here) return {};
  const std::string command =
      fmt::format("/usr/bin/python3 '{}' --ca '{}' --media '{}' '{}' >'{}' 2>&1", check.string(), keys_.ca.string(),
                  (out() / "media").string(), vcon_path().string(), (folder_ / "check").string());
  const int status = std::system(command.c_str());
  return read_file(folder_ / "check") + (status == 0 ? "" : "exit status is not 0\n");
}

nlohmann::json PausedConversation::vcon() const { return nlohmann::json::parse(verify::payload_of(vcon_path())); }

nlohmann::json json_of(const app::Finished& finished) {
  return nlohmann::json::parse(app::conversation_json(finished.report));
}

int peak(const std::filesystem::path& wav, double from, double to) {
  const std::string bytes = read_file(wav);
  const std::size_t head = bytes.find("data") + 8;
  const auto at = [head](double seconds) { return head + static_cast<std::size_t>(seconds * kRateHz) * 4; };
  int most = 0;
  for (std::size_t n = at(from); n + 1 < std::min(at(to), bytes.size()); n += 2) {
    const auto low = static_cast<std::uint8_t>(bytes[n]);
    const auto high = static_cast<std::uint8_t>(bytes[n + 1]);
    most = std::max(most, std::abs(int{static_cast<std::int16_t>(low | high << 8)}));
  }
  return most;
}

}  // namespace tapestry::testing
