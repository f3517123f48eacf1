#include "fixture.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tapestry::vconout::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kRateHz = 8000;

calls::Interaction two_parties() {
  calls::Interaction interaction;
  interaction.number = 1;
  interaction.start = at("2026-11-20T07:59:58Z");
  interaction.end = at("2026-11-20T08:00:04Z");
  calls::Party customer;
  customer.role = calls::Role::Customer;
  customer.uri = "sip:+12025550101@sbc.example.net";
  customer.type = "person";
  calls::Party agent;
  agent.role = calls::Role::Agent;
  agent.uri = "sip:1042@pbx.example.com";
  agent.name = "Alex";
  agent.uuid = "agent-1042";
  agent.type = "person";
  interaction.parties = {customer, agent};
  return interaction;
}

calls::DialogSummary summary() {
  calls::DialogSummary dialog;
  dialog.call_id = "a84b4c76e66710@pc33.example.com";
  dialog.from_tag = "1928301774";
  dialog.to_tag = "314159";
  dialog.hops = {{.source = {*IpAddress::parse("192.0.2.1"), 5060},
                  .destination = {*IpAddress::parse("10.1.0.7"), 5060},
                  .transport = "UDP"}};
  dialog.invited = at("2026-11-20T07:59:58Z");
  dialog.answered = at("2026-11-20T08:00:00Z");
  dialog.ended = at("2026-11-20T08:00:04Z");
  dialog.final_status = 200;
  dialog.final_reason = "OK";
  dialog.ended_by = "bye caller";
  dialog.messages = 7;
  return dialog;
}

calls::Track track(std::uint32_t ssrc) {
  calls::Track track;
  track.id = ssrc;
  track.flow = {.source = {*IpAddress::parse("192.0.2.1"), 4000},
                .destination = {*IpAddress::parse("10.1.0.7"), 5000},
                .ssrc = ssrc};
  track.media = "audio";
  track.payloads = {{.since = {}, .payload_type = 8, .encoding = "PCMA", .parameters = {}}};
  track.codecs = {"PCMA"};
  track.stats = {.packets = 198,
                 .expected = 200,
                 .bytes = 31680,
                 .first = at("2026-11-20T08:00:00Z"),
                 .last = at("2026-11-20T08:00:04Z")};
  track.use = calls::Use::Recording;
  return track;
}

void put(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xffU);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "vconout.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Time at(std::string_view rfc3339) { return from_rfc3339(rfc3339).value(); }

std::string slurp(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void spill(const std::filesystem::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

Options options() {
  Options made;
  made.now = at("2026-11-20T08:20:00Z");
  return made;
}

std::string Scene::build() const {
  return build_vcon(interaction, dialogs, std::string(kUuid), "interaction-1", options());
}

Scene recorded_scene() {
  Scene scene{.interaction = two_parties(), .dialogs = {}};
  const Time start = at("2026-11-20T08:00:00Z");
  calls::DialogPlan plan;
  plan.start = start;
  plan.end = start + 4s;
  plan.channel_parties = {{0}, {1}};
  plan.agent = 1;
  plan.history = {{0, start - 2s, calls::EventKind::Join},
                  {1, start, calls::EventKind::Join},
                  {0, start + 1s, calls::EventKind::Hold},
                  {0, start + 2s, calls::EventKind::Unhold},
                  {0, start + 9s, calls::EventKind::Drop}};
  plan.recording = {{.start = start, .end = start + 4s, .channels = {{}, {}}, .gaps = {}}};
  scene.interaction.dialogs = {plan};
  scene.interaction.signalling = {summary()};
  scene.interaction.tracks = {track(0xdeadbeef), track(7)};
  scene.interaction.disposition = "answered";
  mux::Rendered rendered;
  rendered.extension = ".wav";
  rendered.mediatype = "audio/x-wav";
  rendered.samples = std::uint64_t{4} * kRateHz;
  rendered.sample_rate_hz = kRateHz;
  rendered.gaps = {{calls::GapReason::LateStart, start - 1s, start + 100ms, {1}, ""},
                   {calls::GapReason::Hold, start + 1s, start + 2s, {0}, ""},
                   {calls::GapReason::Pci, start + 2500ms, start + 3500ms, {0, 1}, ""},
                   {calls::GapReason::Loss, start + 3600ms, start + 3640ms, {0}, "2 packets"},
                   {calls::GapReason::EarlyEnd, start + 4s, start + 5s, {1}, ""}};
  const std::string name = std::string(kUuid) + "/alex.wav";
  FinishedDialog finished;
  finished.rendered = {rendered};
  finished.media = {{options().base_url + "2026/11/20/" + name, "sha512-" + std::string(86, 'A'), "alex.wav"}};
  scene.dialogs = {finished};
  return scene;
}

calls::Pause pause(Time from, Time to) {
  const calls::PauseMark opened{.rule = "record-header",
                                .message = "INFO",
                                .call_id = "a84b4c76e66710@pc33.example.com",
                                .from = "sip:1042@pbx.example.com",
                                .at = from + 3s};
  calls::PauseMark closed = opened;
  closed.message = "200 INFO";
  closed.at = to;
  return {.start = from, .end = to, .opened = opened, .closed = closed, .how = calls::PauseEnd::Resume};
}

Scene paused_scene() {
  Scene scene = recorded_scene();
  calls::Gap& gap = scene.dialogs[0].rendered[0].gaps[2];
  gap.pause = pause(gap.start, gap.end);
  scene.interaction.pauses = {*gap.pause};
  return scene;
}

Scene cut_scene() {
  Scene scene = paused_scene();
  FinishedDialog& finished = scene.dialogs[0];
  calls::RecordingPlan& plan = scene.interaction.dialogs[0].recording[0];
  plan.gaps = {finished.rendered[0].gaps[2]};
  finished.segments = mux::segments_of(plan);
  const std::vector<calls::Gap> gaps = finished.rendered[0].gaps;
  const MediaFile whole = finished.media[0];
  finished.rendered.assign(2, finished.rendered[0]);
  finished.rendered[0].samples = std::uint64_t{kRateHz} * 5 / 2;
  finished.rendered[0].gaps = {gaps[1]};
  finished.rendered[1].samples = kRateHz / 2;
  finished.rendered[1].gaps = {gaps[3]};
  finished.media = {whole, whole};
  finished.media[1].filename = "alex~s2.wav";
  finished.media[1].url = options().base_url + "2026/11/20/" + std::string(kUuid) + "/alex~s2.wav";
  calls::TextMessage text;
  text.time = plan.start + 1s;
  text.party = 0;
  text.mediatype = "text/plain";
  text.text = "hello";
  scene.interaction.texts.list = {text};
  return scene;
}

Scene busy_scene() {
  Scene scene{.interaction = two_parties(), .dialogs = {}};
  calls::DialogPlan plan;
  plan.kind = calls::DialogKind::Incomplete;
  plan.start = at("2026-11-20T07:59:58Z");
  plan.end = at("2026-11-20T07:59:58.5Z");
  plan.channel_parties = {{0}, {1}};
  plan.disposition = "busy";
  scene.interaction.dialogs = {plan};
  scene.interaction.signalling = {summary()};
  scene.dialogs = {FinishedDialog{}};
  return scene;
}

nlohmann::json attachment(const nlohmann::json& vcon, const std::string& purpose) {
  for (const auto& entry : vcon["attachments"]) {
    if (entry["purpose"] == purpose) return entry;
  }
  return {};
}

std::string wav_of(const Scene& scene, std::size_t file) {
  const auto& finished = scene.dialogs.front();
  const auto& rendered = finished.rendered[file];
  Time start = scene.interaction.dialogs.front().recording.front().start;
  std::size_t files = 0;
  for (const mux::Segment& segment : finished.segments) {
    if (!segment.shell && files++ == file) start = segment.plan.start;
  }
  const auto bytes = static_cast<std::uint32_t>(rendered.samples * 4);
  std::string wav = "RIFF";
  put(wav, bytes + 36, 4);
  wav += "WAVEfmt ";
  put(wav, 16, 4);
  put(wav, 1, 2);
  put(wav, 2, 2);
  put(wav, kRateHz, 4);
  put(wav, kRateHz * 4, 4);
  put(wav, 4, 2);
  put(wav, 16, 2);
  wav += "data";
  put(wav, bytes, 4);
  for (std::uint64_t n = 0; n < rendered.samples; ++n) {
    const Time now = start + n * 125us;
    for (int channel = 0; channel < 2; ++channel) {
      double level = 8000;
      for (const auto& gap : rendered.gaps) {
        if (now >= gap.start && now < gap.end && std::ranges::find(gap.channels, channel) != gap.channels.end())
          level = 0;
      }
      put(wav, static_cast<std::uint32_t>(static_cast<std::int32_t>(level * std::sin(static_cast<double>(n) * 0.3))),
          2);
    }
  }
  return wav;
}

}  // namespace tapestry::vconout::test
