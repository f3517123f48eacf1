#include "capture/decoder.h"

#include <algorithm>

#include "capture/fragments.h"
#include "capture/ip.h"
#include "capture/link_layer.h"
#include "capture/tcp_table.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr int kMaxLayers = 16;
constexpr std::size_t kUdpHeader = 8;

}  // namespace

struct Decoder::State {
  State(Receiver& to, const DecoderLimits& limits) : receiver(to), fragments(limits), streams(to, limits) {}

  void peel(const Frame& frame);
  LayerKind peel_ip(LayerKind kind, Bytes bytes);
  LayerKind reassembled();
  void take_udp();
  void take_tcp();
  void count(LayerKind kind);

  Receiver& receiver;
  Fragments fragments;
  TcpTable streams;
  IpPacket packet;
  Time now{};
  std::size_t missing = 0;  ///< bytes that the capture cut off this frame
  std::uint64_t frames = 0;
  std::uint64_t snapped = 0;
  std::uint64_t udp = 0;
  std::uint64_t udp_snapped = 0;
  std::uint64_t tcp = 0;
  std::uint64_t tcp_ignored = 0;
  std::uint64_t not_ip = 0;
  std::uint64_t unknown_link_type = 0;
  std::uint64_t other_protocol = 0;
  std::uint64_t malformed = 0;
  std::uint64_t too_deep = 0;
};

void Decoder::State::peel(const Frame& frame) {
  now = frame.time;
  missing = frame.original_length - std::min<std::size_t>(frame.original_length, frame.data.size());
  if (missing != 0) ++snapped;
  // Two words, as the reader wrote them: a load of 16 bytes would have to wait until both stores, and all stores before
  // them into chunks that are in no cache, are done.
  Bytes bytes(frame.data.data(), frame.data.size());
  LayerKind kind = outer_layer(frame.link_type, bytes);
  for (int depth = 0; depth < kMaxLayers; ++depth) {
    switch (kind) {
      case LayerKind::Ethernet:
        kind = peel_ethernet(bytes);
        break;
      case LayerKind::Vlan:
        kind = peel_vlan(bytes);
        break;
      case LayerKind::Pppoe:
        kind = peel_pppoe(bytes);
        break;
      case LayerKind::Ip:
      case LayerKind::Ipv4:
      case LayerKind::Ipv6:
        kind = peel_ip(kind, bytes);
        break;
      case LayerKind::Fragment:
        if (!fragments.add(now, packet)) return;
        kind = reassembled();
        break;
      case LayerKind::Udp:
        return take_udp();
      case LayerKind::Tcp:
        return take_tcp();
      default:
        return count(kind);
    }
  }
  ++too_deep;
}

LayerKind Decoder::State::peel_ip(LayerKind kind, Bytes bytes) {
  const bool v6 = kind == LayerKind::Ipv6 || (kind == LayerKind::Ip && !bytes.empty() && bytes[0] >> 4U == 6);
  const bool good = v6 ? parse_ipv6(bytes, missing, packet) : parse_ipv4(bytes, missing, packet);
  return good ? transport_layer(packet) : LayerKind::Malformed;
}

// A fragment inside a packet put together from fragments is nothing that a sender makes.
LayerKind Decoder::State::reassembled() {
  missing = 0;
  if (!packet.source.is_v4() && (!skip_extensions(packet) || packet.fragment)) return LayerKind::Malformed;
  return transport_layer(packet);
}

void Decoder::State::take_udp() {
  const Bytes bytes = packet.payload;
  const std::size_t claimed = bytes.size() < kUdpHeader ? 0 : big16(bytes, 4);
  // 0 is a jumbogram's (RFC 2675) or comes from segmentation offload: up to the end of the IP packet.
  const std::size_t length = claimed == 0 ? packet.payload_length : std::min(claimed, packet.payload_length);
  if (bytes.size() < kUdpHeader || length < kUdpHeader) return count(LayerKind::Malformed);
  ++udp;
  const bool cut = length > bytes.size();
  if (cut) ++udp_snapped;
  receiver.on_datagram({now,
                        {packet.source, big16(bytes, 0)},
                        {packet.destination, big16(bytes, 2)},
                        bytes.first(cut ? bytes.size() : length).subspan(kUdpHeader),
                        cut});
}

void Decoder::State::take_tcp() {
  const auto segment = parse_tcp(packet);
  if (!segment) return count(LayerKind::Malformed);
  ++tcp;
  if (!streams.add(now, *segment)) ++tcp_ignored;
}

void Decoder::State::count(LayerKind kind) {
  switch (kind) {
    case LayerKind::NotIp:
      ++not_ip;
      break;
    case LayerKind::UnknownLink:
      ++unknown_link_type;
      break;
    case LayerKind::OtherProtocol:
      ++other_protocol;
      break;
    default:
      ++malformed;
  }
}

Decoder::Decoder(Receiver& receiver, const DecoderLimits& limits) : state_(std::make_unique<State>(receiver, limits)) {}

Decoder::~Decoder() = default;

void Decoder::decode(const Frame& frame) {
  ++state_->frames;
  if (state_->streams.due(frame.time)) state_->streams.expire(frame.time);
  state_->peel(frame);
}

void Decoder::finish() {
  state_->fragments.finish();
  state_->streams.finish(state_->now);
}

Counters Decoder::counters() const {
  const State& state = *state_;
  const FragmentTally& fragments = state.fragments.tally();
  const TcpTally& tcp = state.streams.tally();
  return {{"capture.frames", state.frames},
          {"capture.snapped", state.snapped},
          {"capture.udp", state.udp},
          {"capture.udp_snapped", state.udp_snapped},
          {"capture.tcp", state.tcp},
          {"capture.tcp_ignored", state.tcp_ignored},
          {"capture.not_ip", state.not_ip},
          {"capture.unknown_link_type", state.unknown_link_type},
          {"capture.other_protocol", state.other_protocol},
          {"capture.malformed", state.malformed},
          {"capture.too_deep", state.too_deep},
          {"capture.fragments", fragments.seen},
          {"capture.fragments_reassembled", fragments.used},
          {"capture.fragments_duplicate", fragments.duplicate},
          {"capture.fragments_dropped", fragments.dropped},
          {"capture.packets_reassembled", fragments.packets},
          {"capture.packets_expired", fragments.sets_expired},
          {"capture.packets_evicted", fragments.sets_evicted},
          {"capture.packets_incomplete", fragments.sets_left},
          {"capture.tcp_streams", tcp.streams},
          {"capture.tcp_streams_evicted", tcp.streams_evicted},
          {"capture.tcp_bytes", tcp.bytes},
          {"capture.tcp_retransmitted", tcp.retransmitted},
          {"capture.tcp_out_of_order", tcp.out_of_order},
          {"capture.tcp_snapped", tcp.cut},
          {"capture.tcp_holes", tcp.holes},
          {"capture.tcp_holes_bound", tcp.holes_bound},
          {"capture.tcp_holes_aged", tcp.holes_aged}};
}

}  // namespace tapestry::capture
