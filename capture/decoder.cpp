#include "capture/decoder.h"

#include <algorithm>
#include <array>

#include "capture/fragments.h"
#include "capture/hep.h"
#include "capture/ip.h"
#include "capture/link_layer.h"
#include "capture/mirror_copies.h"
#include "capture/tcp_table.h"
#include "capture/tls_table.h"
#include "capture/udp_tunnel.h"
#include "capture/websocket_table.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr int kMaxLayers = 24;
constexpr std::size_t kUdpHeader = 8;

// RFC 7983 §7: 128 to 191. No tunnel begins so, but VXLAN with a group policy: RTP with eight contributing sources.
bool is_rtp_like(Bytes payload) noexcept { return !payload.empty() && payload.front() >> 6U == 2; }
bool is_common(Bytes payload) noexcept { return is_rtp_like(payload) && payload.front() != 0x88; }

}  // namespace

struct Decoder::State {
  State(Receiver& to, const DecoderLimits& limits, tls::KeyLog* keys)
      : receiver(to),
        fragments(limits),
        websockets(to),
        tls(websockets, keys),
        streams(tls, limits, keys == nullptr ? nullptr : &tls) {}

  void peel(const Frame& frame);
  void peel_on(LayerKind kind, Bytes bytes);
  LayerKind peel_tunnel(LayerKind kind, Bytes& bytes);
  LayerKind peel_ip(LayerKind kind, Bytes& bytes);
  LayerKind below_ip(LayerKind kind, Bytes& bytes);
  LayerKind reassembled(Bytes& bytes);
  void count(FrameEnd how) noexcept { ends.add(how, packet.frames); }
  LayerKind take_udp(Bytes& bytes);
  LayerKind take_uncommon(const Datagram& datagram, Bytes& bytes);
  void hand_on(const Datagram& datagram);
  LayerKind take_tcp();
  void end(LayerKind kind);
  [[nodiscard]] std::uint64_t peeled(LayerKind kind) const { return layers.at(static_cast<std::size_t>(kind)); }

  Receiver& receiver;
  Fragments fragments;
  WebSocketTable websockets;
  TlsTable tls;
  TcpTable streams;
  MirrorCopies copies;
  IpPacket packet;
  Datagram guess;        ///< what was last taken for a tunnel in this frame
  bool guessed = false;  ///< `guess` is one that nothing has proved yet
  Time now{};
  FrameTally ends;
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
  std::uint64_t mirror_copies = 0;
  std::uint64_t hep = 0;
  std::uint64_t ip_in_ip = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(LayerKind::Ip)> layers{};  ///< headers of each tunnel
};

void Decoder::State::peel(const Frame& frame) {
  now = frame.time;
  guessed = false;
  packet.frames = 1;
  missing = frame.original_length - std::min<std::size_t>(frame.original_length, frame.data.size());
  if (missing != 0) ++snapped;
  // Two words, as the reader wrote them: a load of 16 bytes would have to wait until both stores, and all stores before
  // them into chunks that are in no cache, are done.
  Bytes bytes(frame.data.data(), frame.data.size());
  LayerKind kind = outer_layer(frame.link_type, bytes);
  // What most frames are, without the loop's dispatch.
  if (kind == LayerKind::Ethernet) kind = peel_ethernet(bytes);
  if (kind == LayerKind::Ipv4) kind = peel_ip(kind, bytes);
  if (kind == LayerKind::Udp) kind = take_udp(bytes);
  if (kind != LayerKind::HandedOn) peel_on(kind, bytes);
}

void Decoder::State::peel_on(LayerKind kind, Bytes bytes) {
  for (int depth = 0; depth < kMaxLayers; ++depth) {
    switch (kind) {
      case LayerKind::Ethernet:
        kind = peel_ethernet(bytes);
        break;
      case LayerKind::Vlan:
        kind = peel_vlan(bytes);
        break;
      case LayerKind::Ip:
      case LayerKind::Ipv4:
      case LayerKind::Ipv6:
        kind = peel_ip(kind, bytes);
        break;
      case LayerKind::Fragment:
        guessed = false;
        if (copies.seen(now, packet)) return fragments.add_copy(packet);
        if (!fragments.add(now, packet)) return;
        kind = reassembled(bytes);
        break;
      case LayerKind::Udp:
        kind = take_udp(bytes);
        break;
      case LayerKind::Tcp:
        kind = take_tcp();
        break;
      case LayerKind::HandedOn:
        return;
      default:
        if (!is_peeled(kind)) return end(kind);
        kind = peel_tunnel(kind, bytes);
    }
  }
  ++too_deep;
  count(FrameEnd::TooDeep);
}

LayerKind Decoder::State::peel_tunnel(LayerKind kind, Bytes& bytes) {
  const LayerKind below = peel_layer(kind, bytes);
  if (below != LayerKind::Malformed) ++layers.at(static_cast<std::size_t>(kind));
  return below;
}

LayerKind Decoder::State::peel_ip(LayerKind kind, Bytes& bytes) {
  const bool v6 = kind == LayerKind::Ipv6 || (kind == LayerKind::Ip && !bytes.empty() && bytes[0] >> 4U == 6);
  const bool good = v6 ? parse_ipv6(bytes, missing, packet) : parse_ipv4(bytes, missing, packet);
  if (!good) return LayerKind::Malformed;
  const LayerKind below = transport_layer(packet);
  if (is_peeled(below)) [[unlikely]]
    return below_ip(below, bytes);
  return below;
}

LayerKind Decoder::State::below_ip(LayerKind kind, Bytes& bytes) {
  if (kind == LayerKind::Authentication) {
    if (!skip_extensions(packet)) return LayerKind::Malformed;
    kind = transport_layer(packet);
    if (!is_peeled(kind)) return kind;
  }
  if (kind == LayerKind::Ipv4 || kind == LayerKind::Ipv6) ++ip_in_ip;
  bytes = packet.payload;
  missing = packet.payload_length - packet.payload.size();
  return kind;
}

// A fragment inside a packet put together from fragments is nothing that a sender makes, unless a tunnel is between.
LayerKind Decoder::State::reassembled(Bytes& bytes) {
  missing = 0;
  if (!skip_extensions(packet) || packet.fragment) return LayerKind::Malformed;
  const LayerKind below = transport_layer(packet);
  return is_peeled(below) ? below_ip(below, bytes) : below;
}

LayerKind Decoder::State::take_udp(Bytes& bytes) {
  const Bytes segment = packet.payload;
  const std::size_t claimed = segment.size() < kUdpHeader ? 0 : big16(segment, 4);
  // 0 is a jumbogram's (RFC 2675) or comes from segmentation offload: up to the end of the IP packet.
  const std::size_t length = claimed == 0 ? packet.payload_length : std::min(claimed, packet.payload_length);
  if (segment.size() < kUdpHeader || length < kUdpHeader) return LayerKind::Malformed;
  const bool cut = length > segment.size();
  const Datagram datagram{now,
                          {packet.source, big16(segment, 0)},
                          {packet.destination, big16(segment, 2)},
                          segment.first(cut ? segment.size() : length).subspan(kUdpHeader),
                          cut};
  if (!is_common(datagram.payload)) [[unlikely]]
    return take_uncommon(datagram, bytes);
  ++udp;
  if (cut) ++udp_snapped;
  count(receiver.on_datagram(datagram));
  return LayerKind::HandedOn;
}

LayerKind Decoder::State::take_uncommon(const Datagram& datagram, Bytes& bytes) {
  const LayerKind kind = udp_tunnel(datagram.destination.port);
  if (kind == LayerKind::Udp) {
    hand_on(datagram);
    return LayerKind::HandedOn;
  }
  guess = datagram;
  guessed = true;
  bytes = datagram.payload;
  missing = packet.payload_length - packet.payload.size();
  return kind;
}

void Decoder::State::hand_on(const Datagram& datagram) {
  ++udp;
  if (datagram.snapped) ++udp_snapped;
  const std::optional<Datagram> inner = parse_hep(datagram);
  if (inner) ++hep;
  const Datagram& taken = inner ? *inner : datagram;
  if (!is_rtp_like(taken.payload) && copies.seen(now, taken)) {
    ++mirror_copies;
    count(FrameEnd::MirrorCopy);
  } else {
    count(receiver.on_datagram(taken));
  }
}

LayerKind Decoder::State::take_tcp() {
  const auto segment = parse_tcp(packet);
  if (!segment) return LayerKind::Malformed;
  ++tcp;
  const FrameEnd how = streams.add(now, *segment);
  if (how == FrameEnd::TcpOther) ++tcp_ignored;
  count(how);
  return LayerKind::HandedOn;
}

/// Counts how the frame ended. What was taken for a tunnel by its port, but holds nothing, was none.
void Decoder::State::end(LayerKind kind) {
  if (guessed && (kind == LayerKind::Malformed || kind == LayerKind::NotIp)) return hand_on(guess);
  switch (kind) {
    case LayerKind::NotIp:
      ++not_ip;
      return count(FrameEnd::NotIp);
    case LayerKind::UnknownLink:
      ++unknown_link_type;
      return count(FrameEnd::UnknownLink);
    case LayerKind::OtherProtocol:
      ++other_protocol;
      return count(FrameEnd::OtherProtocol);
    default:
      ++malformed;
      count(FrameEnd::Malformed);
  }
}

Decoder::Decoder(Receiver& receiver, const DecoderLimits& limits, tls::KeyLog* keys)
    : state_(std::make_unique<State>(receiver, limits, keys)) {}

Decoder::~Decoder() = default;

void Decoder::follow(std::vector<std::uint16_t> text_ports, bool http) noexcept {
  state_->streams.follow(std::move(text_ports), http);
}

void Decoder::decode(const Frame& frame) {
  ++state_->frames;
  if (state_->streams.due(frame.time)) state_->streams.expire(frame.time);
  if (state_->tls.due(frame.time)) state_->tls.retry(frame.time);
  state_->peel(frame);
}

void Decoder::finish() {
  state_->fragments.finish();
  state_->tls.finish();
  state_->streams.finish(state_->now);
}

Counters Decoder::counters() const {
  const State& state = *state_;
  Counters all{{"capture.frames", state.frames},
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
               {"capture.mirror_copies", state.mirror_copies},
               {"capture.mirror_copies_forgotten", state.copies.forgotten()},
               {"capture.mpls", state.peeled(LayerKind::Mpls)},
               {"capture.gre", state.peeled(LayerKind::Gre)},
               {"capture.erspan", state.peeled(LayerKind::Erspan)},
               {"capture.vxlan", state.peeled(LayerKind::Vxlan)},
               {"capture.geneve", state.peeled(LayerKind::Geneve)},
               {"capture.gtp", state.peeled(LayerKind::Gtp)},
               {"capture.tzsp", state.peeled(LayerKind::Tzsp)},
               {"capture.ip_in_ip", state.ip_in_ip},
               {"capture.hep", state.hep}};
  append(all, state.fragments.tally());
  append(all, state.streams.tally());
  append(all, state.websockets.tally());
  const Counters tls = state.tls.counters();
  all.insert(all.end(), tls.begin(), tls.end());
  FrameTally ends = state.ends;
  (ends += state.fragments.tally().frames).append_to(all);
  return all;
}

}  // namespace tapestry::capture
