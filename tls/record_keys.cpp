#include "tls/record_keys.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>

namespace tapestry::tls {
namespace {

constexpr std::size_t kSalt = 4;           // RFC 5288 §3
constexpr std::size_t kExplicitNonce = 8;  // the same
constexpr std::size_t kMostKeyBlock = 2 * (32 + kNonceSize);

std::size_t fixed_nonce_size(const Suite& suite) noexcept {
  return suite.cipher == Cipher::ChaCha20Poly1305 ? kNonceSize : kSalt;
}

Secret expanded(Digest digest, const Secret& secret, std::string_view label, std::size_t size) {
  std::array<std::uint8_t, size_of(Digest::Sha384)> buffer{};
  const auto octets = std::span(buffer).first(size);
  expand_label(digest, secret.bytes(), label, octets);
  Secret out(octets);
  wipe(octets);
  return out;
}

/// Big-endian.
template <std::size_t kOctets>
void put(std::span<std::uint8_t, kOctets> out, std::uint64_t value) noexcept {
  for (std::size_t n = 0; n < kOctets; ++n) out[kOctets - 1 - n] = static_cast<std::uint8_t>(value >> (8 * n));
}

}  // namespace

RecordKeys::RecordKeys(const Suite& suite, const Secret& traffic_secret)
    : suite_(suite),
      aead_(suite.cipher, expanded(suite.digest, traffic_secret, "key", key_size(suite.cipher)).bytes()),
      fixed_nonce_(expanded(suite.digest, traffic_secret, "iv", kNonceSize)),
      secret_(traffic_secret) {}

RecordKeys::RecordKeys(const Suite& suite, Bytes key, Bytes fixed_nonce)
    : suite_(suite), aead_(suite.cipher, key), fixed_nonce_(fixed_nonce) {}

std::pair<RecordKeys, RecordKeys> RecordKeys::of_master_secret(const Suite& suite, const Secret& master_secret,
                                                               const Random& client_random,
                                                               const Random& server_random) {
  std::array<std::uint8_t, kMostKeyBlock> block{};
  const std::size_t key = key_size(suite.cipher);
  const std::size_t nonce = fixed_nonce_size(suite);
  const auto used = std::span(block).first(2 * (key + nonce));
  prf(suite.digest, master_secret.bytes(), "key expansion", server_random, client_random, used);
  const Bytes all = used;
  std::pair<RecordKeys, RecordKeys> keys{RecordKeys(suite, all.first(key), all.subspan(2 * key, nonce)),
                                         RecordKeys(suite, all.subspan(key, key), all.last(nonce))};
  wipe(used);
  return keys;
}

std::optional<Plain> RecordKeys::open(const RecordHeader& header, Bytes body, std::uint64_t sequence) {
  return can_update() ? open13(header, body, sequence) : open12(header, body, sequence);
}

RecordKeys RecordKeys::updated() const {
  assert(can_update());
  return {suite_, expanded(suite_.digest, secret_, "traffic upd", secret_.bytes().size())};
}

// RFC 5246 §6.2.3.3, RFC 7905 §2
std::optional<Plain> RecordKeys::open12(const RecordHeader& header, Bytes body, std::uint64_t sequence) {
  const std::size_t explicit_nonce = fixed_nonce_.bytes().size() == kSalt ? kExplicitNonce : 0;
  if (body.size() < explicit_nonce + kTagSize) return std::nullopt;
  std::array<std::uint8_t, kNonceSize> full = nonce(sequence);
  std::ranges::copy(body.first(explicit_nonce), full.begin() + kSalt);
  const Bytes sealed = body.subspan(explicit_nonce);
  plain_.resize(sealed.size() - kTagSize);
  std::array<std::uint8_t, 13> associated{};
  const std::span all(associated);
  put(all.first<8>(), sequence);
  associated[8] = header.type;
  put(all.subspan<9, 2>(), header.version);
  put(all.subspan<11, 2>(), plain_.size());
  if (!aead_.open(full, associated, sealed, plain_)) return std::nullopt;
  return Plain{header.type, plain_};
}

// RFC 8446 §5.2
std::optional<Plain> RecordKeys::open13(const RecordHeader& header, Bytes body, std::uint64_t sequence) {
  if (header.type != kApplicationData || body.size() < kTagSize) return std::nullopt;
  plain_.resize(body.size() - kTagSize);
  std::array<std::uint8_t, kRecordHeader> associated{header.type};
  const std::span all(associated);
  put(all.subspan<1, 2>(), header.version);
  put(all.subspan<3, 2>(), header.length);
  if (!aead_.open(nonce(sequence), associated, body, plain_)) return std::nullopt;
  const auto last = std::find_if(plain_.rbegin(), plain_.rend(), [](std::uint8_t octet) { return octet != 0; });
  if (last == plain_.rend()) return Plain{};  // RFC 8446 §5.4 forbids it
  return Plain{*last, Bytes(plain_).first(static_cast<std::size_t>(plain_.rend() - last) - 1)};
}

/// The fixed nonce, shorter ones with zeros behind, and the sequence number combined (RFC 8446 §5.3, RFC 7905 §2).
std::array<std::uint8_t, kNonceSize> RecordKeys::nonce(std::uint64_t sequence) const noexcept {
  std::array<std::uint8_t, kNonceSize> out{};
  put(std::span(out).last<8>(), sequence);
  const Bytes fixed = fixed_nonce_.bytes();
  for (std::size_t n = 0; n < fixed.size(); ++n) out[n] ^= fixed[n];
  return out;
}

}  // namespace tapestry::tls
