#include "rtp/rtcp_book.h"

#include <utility>

#include "core/hash.h"

namespace tapestry::rtp {
namespace {

constexpr Duration kLongestRoundTrip = std::chrono::seconds(60);

std::uint32_t middle(std::uint64_t ntp) noexcept { return static_cast<std::uint32_t>(ntp >> 16U); }

Duration from_ntp_short(std::uint32_t value) noexcept {
  return Duration(static_cast<std::int64_t>(std::uint64_t{value} * 1'000'000'000 >> 16U));
}

}  // namespace

std::size_t RtcpBook::KeyHash::operator()(const Key& key) const noexcept {
  std::uint64_t hash = hash_mix(hash_seed(), key.ssrc);
  for (const IpAddress& ip : {key.source, key.destination}) {
    const Bytes octets(ip.octets);
    hash = hash_mix(hash_mix(hash, load<std::uint64_t>(octets)), load<std::uint64_t>(octets.subspan(8)));
  }
  return hash;
}

RtcpBook::Entry& RtcpBook::entry(const Key& key) {
  if (const auto found = recent_.find(key); found != recent_.end()) return found->second;
  if (recent_.size() >= kMaxStreams / 2) older_ = std::exchange(recent_, {});
  Entry& made = recent_[key];
  if (const auto found = older_.find(key); found != older_.end()) {
    made = found->second;
    older_.erase(found);
  }
  return made;
}

bool RtcpBook::add(const capture::Datagram& datagram) {
  const auto reports = parse_rtcp(datagram.payload);
  if (!reports) {
    ++unusable_;
    return false;
  }
  for (const SenderInfo& sender : reports->senders) {
    Entry& stream = entry({sender.ssrc, datagram.source.ip, datagram.destination.ip});
    if (stream.sent[0].ntp_middle == middle(sender.ntp)) continue;  // a mirror's copy
    stream.sent = {Passed{middle(sender.ntp), datagram.time}, stream.sent[0]};
  }
  // Who receives a stream sends its reports back.
  for (const ReceptionReport& report : reports->receptions) {
    Entry& stream = entry({report.about, datagram.destination.ip, datagram.source.ip});
    ++stream.view.reports;
    stream.view.last = report;
    for (const Passed& sent : stream.sent) {
      if (report.last_sr == 0 || sent.ntp_middle != report.last_sr) continue;
      const Duration round_trip = datagram.time - sent.at - from_ntp_short(report.delay_since_sr);
      if (round_trip >= Duration(0) && round_trip < kLongestRoundTrip) stream.view.round_trip = round_trip;
    }
  }
  for (const VoipMetrics& metrics : reports->metrics) {
    entry({metrics.about, datagram.destination.ip, datagram.source.ip}).view.metrics = metrics;
  }
  return true;
}

const RtcpView* RtcpBook::find(const FlowKey& stream) const {
  const Key key{stream.ssrc, stream.source.ip, stream.destination.ip};
  for (const Entries* entries : {&recent_, &older_}) {
    const auto found = entries->find(key);
    if (found == entries->end()) continue;
    const RtcpView& view = found->second.view;
    return view.reports > 0 || view.metrics ? &view : nullptr;
  }
  return nullptr;
}

}  // namespace tapestry::rtp
