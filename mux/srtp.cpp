#include "mux/srtp.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "mux/srtp_session.h"

namespace tapestry::mux {
namespace {

using calls::SrtpKey;

constexpr std::uint32_t kRocs = 64;      ///< roll-over counters tried: 46 hours of 20 ms packets
constexpr std::size_t kLive = 4;         ///< sessions that are kept per SSRC: packets from before a re-keying come late
constexpr std::size_t kMaxStreams = 64;  ///< SSRCs of one track
constexpr unsigned kMostPatience = 12;   ///< 2^n packets go by between two searches at most
constexpr std::size_t kAlignment = 8;

std::size_t header_bytes(const rtp::Packet& packet) noexcept {
  return static_cast<std::size_t>(packet.payload.data() - packet.raw.data());
}

/// The sessions of one SSRC. Those that ever opened a packet are tried first; a search through all keys and roll-over
/// counters follows, ever more seldom while none is found.
struct Stream {
  std::uint32_t ssrc = 0;
  std::vector<std::unique_ptr<SrtpSession>> sessions;  ///< that opened the last packet first
  std::size_t known_keys = 0;                          ///< how many had been told at the last packet
  unsigned patience = 0;
  std::uint32_t wait = 0;  ///< packets until the next search
};

}  // namespace

struct Decryptor::State {
  const std::vector<SrtpKey>& keys;
  std::vector<Stream> streams;
  std::vector<std::uint8_t> room;  ///< of a chunk's packets in clear
  std::size_t used = 0;

  /// A packet's octets, where libsrtp may change them.
  std::uint8_t* copy(Bytes raw) noexcept {
    std::memcpy(room.data() + used, raw.data(), raw.size());
    return room.data() + used;
  }

  Stream* stream_of(std::uint32_t ssrc) {
    const auto known = std::ranges::find(streams, ssrc, &Stream::ssrc);
    if (known != streams.end()) return &*known;
    if (streams.size() == kMaxStreams) return nullptr;
    streams.push_back({.ssrc = ssrc, .sessions = {}});
    return &streams.back();
  }

  /// Length in clear of the packet, which then stands in `room`; nothing when no key opens it.
  std::optional<std::size_t> unprotect(const rtp::Packet& packet) {
    Stream* const stream = stream_of(packet.ssrc);
    if (stream == nullptr) return std::nullopt;
    for (auto session = stream->sessions.begin(); session != stream->sessions.end(); ++session) {
      std::size_t length = packet.raw.size();
      const auto outcome = (*session)->unprotect(copy(packet.raw), header_bytes(packet), length);
      if (outcome == SrtpSession::Outcome::Refused) continue;
      std::rotate(stream->sessions.begin(), session, session + 1);
      return outcome == SrtpSession::Outcome::Opened ? std::optional(length) : std::nullopt;
    }
    return search(*stream, packet);
  }

  std::optional<std::size_t> search(Stream& stream, const rtp::Packet& packet) {
    const auto told = std::ranges::upper_bound(keys, packet.arrival, {}, &SrtpKey::since) - keys.begin();
    const auto known_keys = static_cast<std::size_t>(told);
    if (known_keys != stream.known_keys) {
      stream.known_keys = known_keys;
      stream.patience = 0;
      stream.wait = 0;
    }
    if (stream.wait > 0) {
      --stream.wait;
      return std::nullopt;
    }
    for (std::size_t n = 0; n < keys.size(); ++n) {
      // The latest that was told before the packet came, back to the first, then those that were told later.
      const std::size_t key = n < known_keys ? known_keys - 1 - n : n;
      for (const auto make : {make_libsrtp_session, make_aes192_session}) {
        const auto length = try_session(stream, make(keys[key], packet.ssrc), packet);
        if (!length) continue;
        stream.patience = 0;
        return length;
      }
    }
    stream.patience = std::min(stream.patience + 1, kMostPatience);
    stream.wait = (1U << stream.patience) - 1;
    return std::nullopt;
  }

  std::optional<std::size_t> try_session(Stream& stream, std::unique_ptr<SrtpSession> session,
                                         const rtp::Packet& packet) {
    if (!session) return std::nullopt;
    // A new session counts from 0; then from where the stream was, and just before, on.
    const std::uint32_t near = stream.sessions.empty() ? 0 : stream.sessions.front()->roc();
    const std::uint32_t first = std::max(near, 2U) - 2;
    for (std::uint32_t n = 0; n < kRocs; ++n) {
      if (n > 0) session->set_roc(first + n);
      std::size_t length = packet.raw.size();
      if (session->unprotect(copy(packet.raw), header_bytes(packet), length) != SrtpSession::Outcome::Opened) continue;
      stream.sessions.insert(stream.sessions.begin(), std::move(session));
      if (stream.sessions.size() > kLive) stream.sessions.pop_back();
      return length;
    }
    return std::nullopt;
  }
};

Decryptor::Decryptor(const calls::Track& track) : encrypted_(!track.encryption.empty()) {
  if (encrypted_ && !track.srtp_keys.empty()) {
    state_ = std::make_unique<State>(State{.keys = track.srtp_keys, .streams = {}, .room = {}});
  }
}

Decryptor::Decryptor(Decryptor&&) noexcept = default;
Decryptor& Decryptor::operator=(Decryptor&&) noexcept = default;
Decryptor::~Decryptor() = default;

void Decryptor::begin_chunk(Bytes chunk) {
  if (!state_) return;
  // A chunk's record of a packet is longer than the packet by more than what aligning it takes.
  state_->room.resize(chunk.size() + kAlignment);
  state_->used = 0;
}

Decryptor::Opened Decryptor::open(const rtp::Packet& packet) {
  if (!encrypted_) return {packet, false};
  if (!state_) return {packet, true};
  const auto length = state_->unprotect(packet);
  if (!length) return {packet, true};
  const Bytes clear = Bytes(state_->room).subspan(state_->used, *length);
  state_->used += (*length + kAlignment - 1) / kAlignment * kAlignment;
  auto opened = rtp::parse_packet(clear, packet.arrival);
  if (!opened) opened = rtp::parse_packet(clear, packet.arrival, rtp::Padding::Unknown);
  return opened ? Opened{*opened, false} : Opened{packet, true};
}

}  // namespace tapestry::mux
