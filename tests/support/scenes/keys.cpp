#include "tests/support/scenes/keys.h"

#include <cmath>
#include <numbers>

#include "tests/support/scenes/microphone.h"
#include "tests/support/voice.h"

namespace tapestry::scenes {
namespace {

constexpr std::string_view kKeys = "0123456789*#ABCD";
constexpr std::uint8_t kEventType = 101;
constexpr std::uint8_t kVolume = 10;
constexpr std::uint8_t kEnd = 0x80;
constexpr int kEndPackets = 3;
constexpr std::uint16_t kPacketSamples = 160;
constexpr double kHalfPacket = 0.01;

std::uint8_t event_of(char key) { return static_cast<std::uint8_t>(kKeys.find(key)); }

testing::Buffer event_payload(char key, bool ended, std::uint16_t duration) {
  testing::Buffer payload{event_of(key), static_cast<std::uint8_t>(kVolume | (ended ? kEnd : 0))};
  testing::append_big(payload, duration, 2);
  return payload;
}

}  // namespace

std::int16_t tone_sample(char key, std::uint32_t index) {
  constexpr std::string_view kRows = "123A456B789C*0#D";
  constexpr double kLow[] = {697, 770, 852, 941};
  constexpr double kHigh[] = {1209, 1336, 1477, 1633};
  constexpr double kAmplitude = 5000;
  const std::size_t place = kRows.find(key);
  const double turns = 2 * std::numbers::pi * index / kVoiceRate;
  return static_cast<std::int16_t>(kAmplitude *
                                   (std::sin(turns * kLow[place / 4]) + std::sin(turns * kHigh[place % 4])));
}

double length_of(const std::string& digits, const KeyTimes& times) {
  return static_cast<double>(digits.size()) * (times.pressed + times.between) - times.between;
}

Stream stream_of(const Leg& leg, Side side) { return {.from = leg.end(side).media, .to = leg.end(other(side)).media}; }

double keys(Script& script, double at, const Stream& stream, const std::string& digits, const KeyTimes& times) {
  const auto full = static_cast<std::uint16_t>(std::lround(times.pressed * kVoiceRate));
  const std::uint32_t ssrc = script.ssrc_of(stream);
  double end = at;
  for (const char key : digits) {
    const auto packets = script.sent(stream, at, at + times.pressed + times.between - kHalfPacket);
    std::uint16_t duration = 0;
    int ends = 0;
    for (const Script::Sent& packet : packets) {
      if (ends == kEndPackets) break;
      duration = std::min<std::uint16_t>(full, static_cast<std::uint16_t>(duration + kPacketSamples));
      const bool ended = packet.timestamp - packets.front().timestamp >= full;
      ends += ended ? 1 : 0;
      script.replace(stream, packet,
                     testing::rtp_packet(kEventType, packet.sequence, packets.front().timestamp, ssrc,
                                         &packet == &packets.front(), event_payload(key, ended, duration)));
    }
    end = at + times.pressed;
    at = end + times.between;
  }
  return end;
}

double keys(Script& script, double at, const Leg& leg, Side side, const std::string& digits, const KeyTimes& times) {
  return keys(script, at, stream_of(leg, side), digits, times);
}

double tones(Script& script, double at, const Stream& stream, const std::string& digits, const KeyTimes& times) {
  const std::uint32_t ssrc = script.ssrc_of(stream);
  double end = at;
  for (const char key : digits) {
    end = at + times.pressed;
    const double next = end + times.between;
    std::uint32_t sample = 0;
    const auto pressed = static_cast<std::uint32_t>(std::lround(times.pressed * kVoiceRate));
    for (const Script::Sent& packet : script.sent(stream, at, next - kHalfPacket)) {
      testing::Buffer payload;
      for (int i = 0; i < kPacketSamples; ++i, ++sample) {
        payload.push_back(testing::mu_law(sample < pressed ? tone_sample(key, sample) : std::int16_t{0}));
      }
      script.replace(stream, packet, testing::rtp_packet(0, packet.sequence, packet.timestamp, ssrc, false, payload));
    }
    at = next;
  }
  return end;
}

double info_keys(Script& script, double at, Leg& leg, Side from, const std::string& digits, bool plain,
                 const KeyTimes& times) {
  constexpr double kReply = 0.01;
  for (const char key : digits) {
    Extra extra{.type = plain ? "application/dtmf" : "application/dtmf-relay",
                .body = plain ? std::string(1, key) : std::string("Signal=") + key + "\r\nDuration=160\r\n"};
    const Transaction sent = script.request(at, leg, from, "INFO", extra);
    script.respond(at + kReply, leg, sent, "200 OK");
    at += times.pressed + times.between;
  }
  return at - times.pressed - times.between;
}

}  // namespace tapestry::scenes
