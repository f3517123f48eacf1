#include "tls/dtls_table.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/hash.h"
#include "tls/record.h"
#include "tls/suite.h"

namespace tapestry::tls {
namespace {

constexpr std::uint16_t kDtls12 = 0xFEFD;
constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";  // RFC 5764 §4.2
constexpr std::size_t kMostMaterial = 2 * (32 + 14);

/// Key and salt, one behind the other.
Secret joined(Bytes key, Bytes salt) {
  std::array<std::uint8_t, kMostMaterial / 2> buffer{};
  const auto octets = std::span(buffer).first(key.size() + salt.size());
  std::ranges::copy(key, octets.begin());
  std::ranges::copy(salt, octets.begin() + static_cast<std::ptrdiff_t>(key.size()));
  Secret secret(octets);
  wipe(octets);
  return secret;
}

}  // namespace

std::size_t DtlsTable::WayHash::operator()(const Way& way) const noexcept {
  const AddressHash hash;
  return hash_mix(hash(way.low), hash(way.high));
}

bool DtlsTable::add(Time time, const Endpoint& source, const Endpoint& destination, Bytes payload) {
  bool any = false;
  while (const auto record = take_dtls_record(payload)) {
    any = true;
    if (record->epoch != 0 || record->type != kHandshake) continue;
    Bytes rest = record->body;
    while (const auto fragment = take_dtls_fragment(rest)) {
      if (fragment->type == kClientHello || fragment->type == kServerHello) take(time, source, destination, *fragment);
    }
  }
  return any;
}

void DtlsTable::take(Time time, const Endpoint& source, const Endpoint& destination, const DtlsFragment& fragment) {
  const auto [low, high] = std::minmax(source, destination);
  Association& association = association_of({low, high});
  const bool client = fragment.type == kClientHello;
  const auto body = (client ? association.client_hello : association.server_hello).add(fragment);
  if (!body) return;
  client ? take_client_hello(association, source, *body) : take_server_hello(association, source, time, *body);
}

DtlsTable::Association& DtlsTable::association_of(const Way& way) {
  const auto found = by_way_.find(way);
  if (found != by_way_.end()) {
    associations_.splice(associations_.end(), associations_, found->second);
    return *found->second;
  }
  while (associations_.size() >= max_associations_) forget_oldest();
  const auto made = associations_.emplace(associations_.end());
  made->way = way;
  by_way_.emplace(way, made);
  return *made;
}

void DtlsTable::forget_oldest() {
  no_key_ += associations_.front().waiting ? 1U : 0U;
  ++forgotten_;
  by_way_.erase(associations_.front().way);
  associations_.pop_front();
}

void DtlsTable::take_client_hello(Association& association, const Endpoint& source, Bytes body) {
  const auto random = parse_client_hello(body);
  if (!random || (association.client_random == random && association.client == source)) return;
  no_key_ += std::exchange(association.waiting, false) ? 1U : 0U;
  association.client = source;
  association.client_random = random;
  association.server_random.reset();
}

void DtlsTable::take_server_hello(Association& association, const Endpoint& source, Time time, Bytes body) {
  const auto hello = parse_server_hello(body);
  if (!hello || association.server_random == hello->random) return;
  ++handshakes_;
  no_key_ += std::exchange(association.waiting, false) ? 1U : 0U;
  association.server_random = hello->random;
  const auto profile = hello->srtp_profile ? srtp_profile(*hello->srtp_profile) : std::nullopt;
  if (!association.client_random || association.client == source) {
    ++no_client_hello_;
  } else if (hello->version != kDtls12 || (hello->srtp_profile && !profile)) {
    ++unsupported_;
  } else if (!profile) {
    ++no_srtp_;
  } else {
    association.time = time;
    association.digest = suite_of(hello->suite).digest;
    association.profile = *profile;
    association.mki.assign(hello->mki.begin(), hello->mki.end());
    association.waiting = true;
    if (keys_ == nullptr) return;
    try_keys(association);
    if (!association.waiting) return;
    keys_->poll(time);
    try_keys(association);
  }
}

void DtlsTable::try_keys(Association& association) {
  const Secret* master = keys_->find(KeyLabel::MasterSecret, *association.client_random);
  if (master == nullptr) return;
  const std::size_t key = association.profile.key;
  const std::size_t salt = association.profile.salt;
  std::array<std::uint8_t, kMostMaterial> buffer{};
  const auto material = std::span(buffer).first(2 * (key + salt));
  prf(association.digest, master->bytes(), kLabel, *association.client_random, *association.server_random, material);
  const Bytes all = material;
  const Endpoint& server = association.client == association.way.low ? association.way.high : association.way.low;
  use_({association.client, server, association.time, association.profile.name,
        joined(all.first(key), all.subspan(2 * key, salt)), joined(all.subspan(key, key), all.last(salt)),
        association.mki});
  wipe(material);
  association.waiting = false;
  ++keyed_;
}

void DtlsTable::retry(Time now) {
  if (keys_ == nullptr || associations_.empty()) return;
  keys_->poll(now);
  if (std::exchange(tried_, keys_->generation()) == keys_->generation()) return;
  for (Association& association : associations_) {
    if (association.waiting) try_keys(association);
  }
}

void DtlsTable::finish() {
  if (keys_ != nullptr) keys_->refresh();
  for (Association& association : associations_) {
    if (association.waiting && keys_ != nullptr) try_keys(association);
    no_key_ += std::exchange(association.waiting, false) ? 1U : 0U;
  }
}

Counters DtlsTable::counters() const {
  return {{"dtls.handshakes", handshakes_}, {"dtls.keyed", keyed_},
          {"dtls.no_key", no_key_},         {"dtls.no_client_hello", no_client_hello_},
          {"dtls.no_srtp", no_srtp_},       {"dtls.unsupported", unsupported_},
          {"dtls.forgotten", forgotten_}};
}

}  // namespace tapestry::tls
