#include "doctor/traffic.h"

#include <algorithm>
#include <string_view>

#include "capture/link_type.h"
#include "capture/sip_start.h"
#include "core/bytes.h"

namespace tapestry::doctor {
namespace {

constexpr std::size_t kRtpHeader = 12;
constexpr unsigned kSeenNumbers = 64;

/// Version 2, and no type that RTCP has (RFC 5761 §4).
bool looks_like_rtp(Bytes payload) noexcept {
  return payload.size() >= kRtpHeader && (payload[0] & 0xc0U) == 0x80U && (payload[1] < 192 || payload[1] > 223);
}

std::uint64_t counter_of(const Counters& counters, std::string_view name) {
  const auto found = std::ranges::find(counters, name, &Counter::name);
  return found == counters.end() ? 0 : found->value;
}

}  // namespace

void Traffic::add(const capture::Frame& frame) {
  if (sample_.frames == 0) first_ = last_ = frame.time;
  first_ = std::min(first_, frame.time);
  last_ = std::max(last_, frame.time);
  ++sample_.frames;
  sample_.bytes += frame.original_length;
  sample_.cut += frame.original_length > frame.data.size() ? 1U : 0U;
  add_vlan(frame);
  decoder_.decode(frame);
}

void Traffic::add_vlan(const capture::Frame& frame) {
  if (frame.link_type != capture::link::kEthernet) return;
  constexpr std::size_t kAddresses = 12;
  constexpr std::uint16_t kCustomerTag = 0x8100;
  constexpr std::uint16_t kServiceTag = 0x88a8;
  Cursor cursor(frame.data);
  cursor.skip(kAddresses);
  const std::uint16_t type = cursor.u16();
  const std::uint16_t tag = cursor.u16();
  if (cursor.ok() && (type == kCustomerTag || type == kServiceTag)) sample_.vlans.insert(tag & 0x0fffU);
}

capture::FrameEnd Traffic::on_datagram(const capture::Datagram& datagram) {
  if (looks_like_rtp(datagram.payload)) {
    add_rtp(datagram);
    return capture::FrameEnd::Rtp;
  }
  if (!capture::begins_like_sip(as_text(datagram.payload))) return capture::FrameEnd::OtherDatagram;
  add_sip(datagram.source, datagram.destination);
  return capture::FrameEnd::Sip;
}

void Traffic::on_stream(const capture::StreamBytes& bytes) {
  if (bytes.message || capture::begins_like_sip(as_text(bytes.bytes))) add_sip(bytes.source, bytes.destination);
}

void Traffic::add_rtp(const capture::Datagram& datagram) {
  ++sample_.rtp;
  const Way way{datagram.source, datagram.destination};
  if (media_.size() >= kMostWays && !media_.contains(way)) return;
  Cursor cursor(datagram.payload);
  cursor.skip(2);
  const std::uint16_t number = cursor.u16();
  cursor.skip(4);
  const std::uint32_t ssrc = cursor.u32();
  Media& media = media_[way];
  if (media.packets++ == 0 || media.ssrc != ssrc) {
    media.ssrc = ssrc;
    media.newest = number;
    media.seen = 1;
    return;
  }
  const auto ahead = static_cast<std::uint16_t>(number - media.newest);
  if (ahead != 0 && ahead < 0x8000U) {
    media.seen = ahead < kSeenNumbers ? media.seen << ahead | 1U : 1U;
    media.newest = number;
    return;
  }
  const auto behind = static_cast<std::uint16_t>(media.newest - number);
  if (behind >= kSeenNumbers) return;
  const std::uint64_t bit = std::uint64_t{1} << behind;
  sample_.rtp_copies += (media.seen & bit) != 0 ? 1U : 0U;
  media.seen |= bit;
}

void Traffic::add_sip(const Endpoint& source, const Endpoint& destination) {
  ++sample_.sip;
  if (sip_.size() < kMostWays) sip_.emplace(source.ip, destination.ip);
}

Sample Traffic::finish() {
  decoder_.finish();
  const Counters counters = decoder_.counters();
  sample_.length = last_ - first_;
  sample_.pieces = counter_of(counters, "capture.fragments");
  sample_.other_copies = counter_of(counters, "capture.mirror_copies");
  for (const auto& [way, media] : media_) {
    if (media.packets < kLeastPackets) continue;
    ++sample_.media_ways;
    sample_.media_one_sided += media_.contains({way.second, way.first}) ? 0U : 1U;
  }
  for (const auto& [source, destination] : sip_) {
    const bool answered = sip_.contains({destination, source});
    sample_.sip_one_sided += answered ? 0U : 1U;
    sample_.sip_pairs += !answered || source <= destination ? 1U : 0U;
  }
  return sample_;
}

}  // namespace tapestry::doctor
