#include "tests/calls/scene.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "sipparse/message.h"
#include "tests/support/packet_builder.h"

namespace tapestry::testing {
namespace {

constexpr std::int64_t kSceneStart = 1'790'000'000;

std::string write(const Sip& sip) {
  const bool request = !std::isdigit(static_cast<unsigned char>(sip.start.front()));
  std::string text = request ? sip.start + " SIP/2.0\r\n" : "SIP/2.0 " + sip.start + "\r\n";
  text += "Via: SIP/2.0/UDP host.example.com;branch=" + sip.branch + "\r\n";
  text += "From: " + sip.from + ";tag=" + sip.from_tag + "\r\n";
  text += "To: " + sip.to + (sip.to_tag.empty() ? "" : ";tag=" + sip.to_tag) + "\r\n";
  text += "Call-ID: " + sip.call_id + "\r\nCSeq: " + sip.cseq + "\r\n" + sip.headers;
  if (!sip.sdp.empty()) text += "Content-Type: application/sdp\r\n";
  const std::string& body = sip.sdp.empty() ? sip.body : sip.sdp;
  return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

Time scene_time(double seconds) { return Time(std::chrono::seconds(kSceneStart)) + from_seconds(seconds); }
double scene_seconds(Time time) { return to_seconds(time - Time(std::chrono::seconds(kSceneStart))); }

std::string sdp(const std::string& at, const std::string& direction, const std::string& formats,
                const std::string& more) {
  const Endpoint where = endpoint(at);
  return "v=0\r\no=- 1 1 IN IP4 " + where.ip.to_string() + "\r\ns=-\r\nc=IN IP4 " + where.ip.to_string() +
         "\r\nt=0 0\r\nm=audio " + std::to_string(where.port) + " RTP/AVP " + formats + "\r\n" + more +
         "a=" + direction + "\r\n";
}

Scene::Scene(const calls::Rules& rules) : correlator(rules, *this), flows_(correlator) {}

void Scene::message(double at, const std::string& from, const std::string& to, const Sip& sip) {
  const std::string text = write(sip);
  items_.push_back({at, from, to, {text.begin(), text.end()}, false});
}

void Scene::rtp(const Stream& stream) {
  const int count = static_cast<int>(std::lround((stream.end - stream.begin) * 50));
  for (int n = 0; n < count; ++n) {
    items_.push_back({stream.begin + n * 0.02, stream.from, stream.to,
                      rtp_packet(stream.type, static_cast<std::uint16_t>(n), static_cast<std::uint32_t>(n) * 160,
                                 stream.ssrc, n == 0, std::vector<std::uint8_t>(160, 0xff)),
                      true, stream.snapped});
  }
}

void Scene::wait(double until) {
  for (; now_ < until; now_ += 0.1) {
    flows_.flush(scene_time(now_ - 1));
    correlator.advance(scene_time(now_));
  }
}

void Scene::play_until(double end) {
  for (std::size_t n = next_; n < items_.size(); ++n) items_[n].order = n;
  std::sort(items_.begin() + static_cast<std::ptrdiff_t>(next_), items_.end(),
            [](const Item& a, const Item& b) { return std::tie(a.at, a.order) < std::tie(b.at, b.order); });
  for (; next_ < items_.size() && items_[next_].at < end; ++next_) {
    const Item& item = items_[next_];
    wait(item.at);
    const Time time = scene_time(item.at);
    if (item.media) {
      flows_.add({time, endpoint(item.from), endpoint(item.to), item.bytes, item.snapped});
      continue;
    }
    const auto parsed = sip::parse_message(item.bytes);
    if (!parsed.message) throw std::logic_error("the scene's message is no SIP");
    correlator.on_message(*parsed.message, {time, endpoint(item.from), endpoint(item.to), "UDP"});
  }
  if (std::isfinite(end)) wait(end);
}

void Scene::play(double end) {
  play_until(std::numeric_limits<double>::infinity());
  wait(end);
  flows_.finish();
  correlator.finish();
}

void Scene::closed(calls::Interaction&& interaction) {
  closed_at.push_back(now_);
  interactions.push_back(std::move(interaction));
}

const calls::StreamReport& Scene::stream(const std::string& from, const std::string& to) const {
  for (const calls::StreamReport& report : streams) {
    if (report.key.source == endpoint(from) && report.key.destination == endpoint(to)) return report;
  }
  throw std::logic_error("no stream from " + from + " to " + to);
}

std::uint64_t Scene::counter(std::string_view name) const {
  for (const Counter& counter : correlator.counters()) {
    if (counter.name == name) return counter.value;
  }
  throw std::logic_error("no such counter");
}

void simple_call(Scene& scene, double end) {
  const std::string a = "10.9.0.10:5060";
  const std::string b = "10.1.0.21:5060";
  scene.message(1, a, b,
                {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE", .sdp = sdp("10.9.0.10:4000")});
  scene.message(2, b, a, {.start = "180 Ringing", .cseq = "1 INVITE", .to_tag = "agent"});
  scene.message(4, b, a, {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .sdp = sdp("10.1.0.21:6000")});
  scene.message(4.02, a, b,
                {.start = "ACK sip:1001@10.1.0.21", .cseq = "1 ACK", .to_tag = "agent", .branch = "z9hG4bK2"});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 4, .end = end});
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.9.0.10:4000", .ssrc = 2, .begin = 4, .end = end});
  scene.message(end, a, b,
                {.start = "BYE sip:1001@10.1.0.21", .cseq = "2 BYE", .to_tag = "agent", .branch = "z9hG4bK3"});
  scene.message(end + 0.02, b, a, {.start = "200 OK", .cseq = "2 BYE", .to_tag = "agent", .branch = "z9hG4bK3"});
}

}  // namespace tapestry::testing
