#include "mux/srtp.h"

#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "core/secret.h"

namespace tapestry::mux {
namespace {

using calls::SrtpKey;

constexpr std::uint32_t kRocs = 64;      ///< roll-over counters tried: 46 hours of 20 ms packets
constexpr std::size_t kLive = 4;         ///< sessions that are kept per SSRC: packets from before a re-keying come late
constexpr std::size_t kMaxStreams = 64;  ///< SSRCs of one track
constexpr unsigned long kWindow = 1024;  ///< packets by which one may come late
constexpr unsigned kMostPatience = 12;   ///< 2^n packets go by between two searches at most
constexpr std::size_t kAlignment = 8;

/// Fails when the library is ready already; when it is not afterwards, no session can be made.
void make_library_ready() { [[maybe_unused]] static const srtp_err_status_t status = srtp_init(); }

struct Suite {
  std::string_view profile;
  void (*set)(srtp_crypto_policy_t*);
};
constexpr std::array kSuites{Suite{"AES_CM_128_HMAC_SHA1_80", srtp_crypto_policy_set_rtp_default},
                             Suite{"AES_CM_128_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32},
                             Suite{"AES_192_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80},
                             Suite{"AES_192_CM_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_192_hmac_sha1_32},
                             Suite{"AES_256_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
                             Suite{"AES_256_CM_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32},
                             Suite{"AEAD_AES_128_GCM", srtp_crypto_policy_set_aes_gcm_128_16_auth},
                             Suite{"AEAD_AES_256_GCM", srtp_crypto_policy_set_aes_gcm_256_16_auth}};

/// One SSRC under one key: libsrtp's stream, which counts roll-overs.
class Session {
 public:
  /// Nothing when libsrtp has no such profile, or the key is not as long as its profile says.
  static std::optional<Session> make(const SrtpKey& key, std::uint32_t ssrc) {
    const auto* const suite = std::ranges::find(kSuites, key.profile, &Suite::profile);
    const auto profile = calls::srtp_profile(key.profile);
    if (suite == kSuites.end() || !profile || key.secret.bytes().size() != profile->secret) return std::nullopt;
    make_library_ready();
    std::array<std::uint8_t, Secret::kMostBytes> secret{};
    std::ranges::copy(key.secret.bytes(), secret.begin());
    std::vector<std::uint8_t> mki = key.mki;
    srtp_master_key_t master{.key = secret.data(), .mki_id = mki.data(), .mki_size = static_cast<unsigned>(mki.size())};
    std::array<srtp_master_key_t*, 1> masters{&master};
    srtp_policy_t policy{};
    policy.ssrc = {ssrc_specific, ssrc};
    suite->set(&policy.rtp);
    suite->set(&policy.rtcp);
    if (!key.encrypts) policy.rtp.sec_serv = sec_serv_auth;
    policy.keys = masters.data();
    policy.num_master_keys = masters.size();
    policy.window_size = kWindow;
    srtp_t context = nullptr;
    const srtp_err_status_t status = srtp_create(&context, &policy);
    wipe(secret);
    if (status != srtp_err_status_ok) return std::nullopt;
    return Session(context, ssrc, mki.size(), static_cast<std::size_t>(policy.rtp.auth_tag_len) + mki.size());
  }

  enum class Outcome : std::uint8_t { Opened, Repeated, Refused };
  /// Takes the protection off the packet, and sets `length` from what it was to what it is in clear. `header` octets
  /// of it are not encrypted. When refused, its content is undefined.
  Outcome unprotect(std::uint8_t* packet, std::size_t header, std::size_t& length) {
    // libsrtp counts back from the end without looking.
    if (length < header + trailer_) return Outcome::Refused;
    int octets = static_cast<int>(length);
    const srtp_err_status_t status = srtp_unprotect_mki(context_.get(), packet, &octets, mki_ > 0 ? 1 : 0);
    if (status == srtp_err_status_replay_fail) return Outcome::Repeated;
    if (status != srtp_err_status_ok) return Outcome::Refused;
    length = static_cast<std::size_t>(octets);
    return Outcome::Opened;
  }

  void set_roc(std::uint32_t roc) { (void)srtp_set_stream_roc(context_.get(), ssrc_, roc); }
  [[nodiscard]] std::uint32_t roc() const {
    std::uint32_t roc = 0;
    (void)srtp_get_stream_roc(context_.get(), ssrc_, &roc);
    return roc;
  }

 private:
  struct Free {
    void operator()(srtp_ctx_t* context) const noexcept { (void)srtp_dealloc(context); }
  };
  Session(srtp_t context, std::uint32_t ssrc, std::size_t mki, std::size_t trailer)
      : context_(context), ssrc_(ssrc), mki_(mki), trailer_(trailer) {}

  std::unique_ptr<srtp_ctx_t, Free> context_;
  std::uint32_t ssrc_;
  std::size_t mki_;      ///< octets
  std::size_t trailer_;  ///< octets of tag and MKI
};

std::size_t header_bytes(const rtp::Packet& packet) noexcept {
  return static_cast<std::size_t>(packet.payload.data() - packet.raw.data());
}

/// The sessions of one SSRC. Those that ever opened a packet are tried first; a search through all keys and roll-over
/// counters follows, ever more seldom while none is found.
struct Stream {
  std::uint32_t ssrc = 0;
  std::vector<Session> sessions;  ///< that opened the last packet first
  std::size_t known_keys = 0;     ///< how many had been told at the last packet
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
      const Session::Outcome outcome = session->unprotect(copy(packet.raw), header_bytes(packet), length);
      if (outcome == Session::Outcome::Refused) continue;
      std::rotate(stream->sessions.begin(), session, session + 1);
      return outcome == Session::Outcome::Opened ? std::optional(length) : std::nullopt;
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
      if (const auto length = try_key(stream, keys[key], packet)) {
        stream.patience = 0;
        return length;
      }
    }
    stream.patience = std::min(stream.patience + 1, kMostPatience);
    stream.wait = (1U << stream.patience) - 1;
    return std::nullopt;
  }

  std::optional<std::size_t> try_key(Stream& stream, const SrtpKey& key, const rtp::Packet& packet) {
    auto session = Session::make(key, packet.ssrc);
    if (!session) return std::nullopt;
    // A new session counts from 0; then from where the stream was, and just before, on.
    const std::uint32_t near = stream.sessions.empty() ? 0 : stream.sessions.front().roc();
    const std::uint32_t first = std::max(near, 2U) - 2;
    for (std::uint32_t n = 0; n < kRocs; ++n) {
      if (n > 0) session->set_roc(first + n);
      std::size_t length = packet.raw.size();
      if (session->unprotect(copy(packet.raw), header_bytes(packet), length) != Session::Outcome::Opened) continue;
      stream.sessions.insert(stream.sessions.begin(), std::move(*session));
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
