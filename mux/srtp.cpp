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
constexpr unsigned kLeastPatience = 2;   ///< the same where a track changes from clear to SRTP
constexpr std::size_t kAlignment = 8;

// Trying a key on a packet costs an authentication: what searches may spend grows with the track's packets.
constexpr std::size_t kFirstTries = 16'384;  ///< two searches through all keys and counters
constexpr std::size_t kTriesPerPacket = 4;
constexpr std::size_t kSessionTries = 4;  ///< what making a session counts as

std::size_t header_bytes(const rtp::Packet& packet) noexcept {
  return static_cast<std::size_t>(packet.payload.data() - packet.raw.data());
}

/// Lets searches that find nothing come ever more seldom.
class Patience {
 public:
  /// Whether it is time for a search; counts the packet when not.
  [[nodiscard]] bool due() noexcept {
    if (wait_ == 0) return true;
    --wait_;
    return false;
  }
  void failed(unsigned most) noexcept {
    failures_ = std::min(failures_ + 1, most);
    wait_ = (1U << failures_) - 1;
  }

 private:
  unsigned failures_ = 0;
  std::uint32_t wait_ = 0;  ///< packets until the next search
};

struct LiveSession {
  std::size_t key = 0;  ///< index
  std::unique_ptr<SrtpSession> session;
};

/// The sessions of one SSRC. Those that ever opened a packet are tried first; a search through all keys and roll-over
/// counters follows.
struct Stream {
  std::uint32_t ssrc = 0;
  std::vector<LiveSession> live;  ///< the one that opened the last packet first
  std::size_t known_keys = 0;     ///< how many had been told at the last packet
  Patience strange{};             ///< with packets that no session knows
  Patience repeated{};            ///< with packets whose numbers a session has seen
};

}  // namespace

struct Decryptor::State {
  const std::vector<SrtpKey>& keys;
  std::vector<Stream> streams;
  std::vector<std::uint8_t> room;  ///< of a chunk's packets in clear
  std::size_t used = 0;
  std::size_t tries = kFirstTries;  ///< that searches may still make

  /// Opens the packet in `room`; `length` is then its length in clear.
  SrtpSession::Outcome unprotect(SrtpSession& session, const rtp::Packet& packet, std::size_t& length) {
    std::memcpy(room.data() + used, packet.raw.data(), packet.raw.size());
    length = packet.raw.size();
    return session.unprotect(room.data() + used, header_bytes(packet), length);
  }

  Stream* stream_of(std::uint32_t ssrc) {
    const auto known = std::ranges::find(streams, ssrc, &Stream::ssrc);
    if (known != streams.end()) return &*known;
    if (streams.size() == kMaxStreams) return nullptr;
    streams.push_back({.ssrc = ssrc, .live = {}});
    return &streams.back();
  }

  /// Length in clear of the packet, which then stands in `room`; nothing when no key opens it. Keys that opened none
  /// yet are tried only where there is a chance.
  std::optional<std::size_t> open(const rtp::Packet& packet, ClearParts::Chance chance) {
    tries = std::min(tries + kTriesPerPacket, kFirstTries);
    Stream* const stream = stream_of(packet.ssrc);
    if (stream == nullptr) return std::nullopt;
    bool repeated = false;
    for (auto live = stream->live.begin(); live != stream->live.end(); ++live) {
      std::size_t length = 0;
      const auto outcome = unprotect(*live->session, packet, length);
      if (outcome == SrtpSession::Outcome::Opened) {
        std::rotate(stream->live.begin(), live, live + 1);
        return length;
      }
      // Only its number tells that it was there before: under another key it may be new.
      repeated = repeated || outcome == SrtpSession::Outcome::Repeated;
    }
    if (chance == ClearParts::Chance::None) return std::nullopt;
    return find_key(*stream, packet, repeated, chance == ClearParts::Chance::Change ? kLeastPatience : kMostPatience);
  }

  std::optional<std::size_t> find_key(Stream& stream, const rtp::Packet& packet, bool repeated,
                                      unsigned patience_limit) {
    const auto told = std::ranges::upper_bound(keys, packet.arrival, {}, &SrtpKey::since) - keys.begin();
    const auto known_keys = static_cast<std::size_t>(told);
    if (known_keys != stream.known_keys) {
      stream.known_keys = known_keys;
      stream.strange = {};
      stream.repeated = {};
    }
    Patience& patience = repeated ? stream.repeated : stream.strange;
    if (!patience.due()) return std::nullopt;
    std::vector<LiveSession> found = sessions(stream, packet.ssrc, repeated);
    // The roll-over counter of a new session is mostly that of the stream, or 0.
    const std::uint32_t near = stream.live.empty() ? 0 : stream.live.front().session->roc();
    const std::uint32_t before = std::max(near, 2U) - 2;
    auto length = try_sessions(stream, found, packet, 0, 0);
    if (!length) length = try_sessions(stream, found, packet, before + 1, before + 3);
    if (!length && !repeated) length = try_sessions(stream, found, packet, before + 4, before + kRocs - 1);
    if (!length) patience.failed(patience_limit);
    return length;
  }

  /// Of all keys: the latest that was told before the packet came, back to the first, then those that were told later.
  std::vector<LiveSession> sessions(const Stream& stream, std::uint32_t ssrc, bool only_others) {
    std::vector<LiveSession> made;
    for (std::size_t n = 0; n < keys.size() && tries >= 2 * kSessionTries; ++n) {
      const std::size_t key = n < stream.known_keys ? stream.known_keys - 1 - n : n;
      if (only_others && std::ranges::find(stream.live, key, &LiveSession::key) != stream.live.end()) continue;
      for (const auto make : {make_libsrtp_session, make_aes192_session}) {
        auto session = make(keys[key], ssrc);
        if (!session) continue;
        made.push_back({key, std::move(session)});
        tries -= kSessionTries;
      }
    }
    return made;
  }

  /// With each of the roll-over counters from `first` to `last`.
  std::optional<std::size_t> try_sessions(Stream& stream, std::vector<LiveSession>& candidates,
                                          const rtp::Packet& packet, std::uint32_t first, std::uint32_t last) {
    for (LiveSession& candidate : candidates) {
      for (std::uint32_t roc = first; roc <= last && tries > 0; ++roc, --tries) {
        if (roc > 0) candidate.session->set_roc(roc);
        std::size_t length = 0;
        if (unprotect(*candidate.session, packet, length) != SrtpSession::Outcome::Opened) continue;
        --tries;
        stream.live.insert(stream.live.begin(), std::move(candidate));
        if (stream.live.size() > kLive) stream.live.pop_back();
        return length;
      }
    }
    return std::nullopt;
  }
};

Decryptor::Decryptor(const calls::Track& track) : encrypted_(!track.encryption.empty()) {
  if (encrypted_ && !track.in_clear.empty())
    clear_parts_ = std::make_unique<ClearParts>(track.in_clear, !track.srtp_keys.empty());
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
  const auto chance = clear_parts_ ? clear_parts_->chance(packet) : ClearParts::Chance::Sealed;
  const auto length = state_ ? state_->open(packet, chance) : std::nullopt;
  const bool in_clear = clear_parts_ && clear_parts_->take(packet, length.has_value());
  if (!length) return {packet, !in_clear};
  const Bytes clear = Bytes(state_->room).subspan(state_->used, *length);
  state_->used += (*length + kAlignment - 1) / kAlignment * kAlignment;
  auto opened = rtp::parse_packet(clear, packet.arrival);
  if (!opened) opened = rtp::parse_packet(clear, packet.arrival, rtp::Padding::Unknown);
  return opened ? Opened{*opened, false} : Opened{packet, true};
}

}  // namespace tapestry::mux
