#include "calls/encryption.h"

#include <algorithm>

#include "calls/agreements.h"
#include "sipparse/key_params.h"
#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

constexpr std::size_t kLongestSuite = 64;

/// RFC 4568 §9.1 lets a suite have letters, digits and underscores. All that are registered have underscores, which no
/// base64 has.
bool is_suite(std::string_view name) noexcept {
  const auto fits = [](char c) { return sip::is_alnum(c) || c == '_'; };
  return name.size() <= kLongestSuite && name.contains('_') && std::ranges::all_of(name, fits);
}

std::string name_of(std::string_view suite) {
  if (const auto profile = srtp_profile(suite)) return std::string(profile->name);
  return is_suite(suite) ? std::string(suite) : "SRTP";
}

/// What session parameters (RFC 4568 §6.3) say of RTP. False when it cannot be taken off: another derivation of keys,
/// or nothing to tell the right key by.
bool read_session_params(std::string_view params, SrtpKey& key) {
  while (!params.empty()) {
    const std::string_view word = sip::take_word(params);
    if (sip::equals_ignore_case(word, "UNENCRYPTED_SRTP")) key.encrypts = false;
    if (sip::equals_ignore_case(word, "UNAUTHENTICATED_SRTP")) return false;
    if (sip::starts_with_ignore_case(word, "KDR=") && word.substr(4) != "0") return false;
  }
  return true;
}

bool same_secret(const SrtpKey& a, const SrtpKey& b) {
  return a.profile == b.profile && a.secret == b.secret && a.mki == b.mki;
}

void keep(Call& call, OfferedKey offered) {
  const auto mine = [&offered](const OfferedKey& have) { return have.side == offered.side; };
  const auto same = [&offered](const OfferedKey& have) {
    return have.side == offered.side && have.tag == offered.tag && have.key.encrypts == offered.key.encrypts &&
           same_secret(have.key, offered.key);
  };
  if (const auto known = std::ranges::find_if(call.srtp_keys, same); known != call.srtp_keys.end()) {
    known->claims |= offered.claims;
    return;
  }
  if (std::ranges::count_if(call.srtp_keys, mine) >= static_cast<std::ptrdiff_t>(kMaxSrtpKeys)) {
    call.srtp_keys.erase(std::ranges::find_if(call.srtp_keys, mine));
    call.overflowed = true;
  }
  call.srtp_keys.push_back(std::move(offered));
}

ClaimSet claims_at(const Call& call, const Track& track, Side side) {
  const Endpoint& endpoint = side == track.sender ? track.flow.source : track.flow.destination;
  ClaimSet found;
  for (std::size_t n = 0; n < call.claims.size(); ++n) {
    const MediaClaim& claim = call.claims[n];
    found[n] = claim.side == side && claim.media == track.media && claim.endpoint == endpoint;
  }
  return found;
}

/// Where no offer was captured together with its answer. In clear is what one end wants so.
std::string said_of(const Call& call, const ClaimSet& sender, const ClaimSet& receiver) {
  std::string encryption;
  for (const ClaimSet* end : {&sender, &receiver}) {
    for (std::size_t n = 0; n < call.claims.size(); ++n) {
      if (!end->test(n)) continue;
      if (call.claims[n].encryption.empty()) return {};
      encryption = call.claims[n].encryption;
    }
  }
  return encryption;
}

/// What is known of a track: what its two ends said and agreed on.
struct Resolver {
  const Call& call;
  const KeyBook& book;
  Track& track;
  ClaimSet sender{};    ///< claims of its source
  ClaimSet receiver{};  ///< claims of its destination
  std::vector<const Agreement*> agreements{};

  void resolve() {
    sender = claims_at(call, track, track.sender);
    receiver = claims_at(call, track, other(track.sender));
    agreements = agreements_between(call, sender, receiver);
    if (agreements.empty()) {
      track.encryption = said_of(call, sender, receiver);
    } else {
      agree();
    }
    if (track.encryption.empty() || track.media != "audio") return;
    add_offered();
    add_agreed_beside();
    std::ranges::sort(track.srtp_keys, {}, &SrtpKey::since);
  }

 private:
  /// An end's claims, or where its address is not known, all that it may have by the agreements.
  [[nodiscard]] ClaimSet end_of(Side side) const {
    const ClaimSet& known = side == track.sender ? sender : receiver;
    if (known.any()) return known;
    ClaimSet found;
    for (const Agreement* agreement : agreements) found |= agreement->ends;
    for (std::size_t n = 0; n < call.claims.size(); ++n) found[n] = found[n] && call.claims[n].side == side;
    return found;
  }

  void agree() {
    for (std::size_t n = 0; n < agreements.size(); ++n) {
      // What was sent before the first was sent as it says.
      const ClearSpan stretch{n == 0 ? Time::min() : agreements[n]->since,
                              n + 1 < agreements.size() ? agreements[n + 1]->since : Time::max()};
      if (stretch.to <= track.stats.first || stretch.from > track.stats.last) continue;
      if (!agreements[n]->encryption.empty()) {
        track.encryption = agreements[n]->encryption;
      } else if (track.in_clear.empty() || track.in_clear.back().to != stretch.from) {
        track.in_clear.push_back(stretch);
      } else {
        track.in_clear.back().to = stretch.to;
      }
    }
    if (track.encryption.empty()) track.in_clear.clear();
  }

  void add(const SrtpKey& key) {
    if (track.srtp_keys.size() < kMaxSrtpKeys &&
        std::ranges::none_of(track.srtp_keys, [&key](const SrtpKey& have) { return same_secret(have, key); })) {
      track.srtp_keys.push_back(key);
    }
  }

  /// Of a=crypto lines.
  void add_offered() {
    const ClaimSet end = end_of(track.sender);
    track.guessed_keys = end.none();
    for (const OfferedKey& offered : call.srtp_keys) {
      if (offered.side != track.sender || is_ambiguous(offered)) continue;
      if (end.none() || offered.claims.none() || (offered.claims & end).any()) add(offered.key);
    }
  }

  /// Lines that differ only in what they encrypt authenticate alike: only the answer tells which one is in use.
  [[nodiscard]] bool is_ambiguous(const OfferedKey& offered) const {
    return std::ranges::any_of(call.srtp_keys, [&offered](const OfferedKey& twin) {
      const bool together = twin.claims == offered.claims || (twin.claims & offered.claims).any();
      return twin.side == offered.side && together && twin.key.encrypts != offered.key.encrypts &&
             same_secret(twin.key, offered.key) && (twin.chosen || !offered.chosen);
    });
  }

  /// Of handshakes: the stream's own, else those with another address of one of its ends: a NAT or a relay is between
  /// them, or ICE chose anew.
  void add_agreed_beside() {
    std::vector<SrtpKey> found;
    book.find(track.flow.source, track.flow.destination, found);
    if (!found.empty()) {
      track.guessed_keys = false;
    } else if (track.srtp_keys.empty()) {
      found = near_keys();
      track.guessed_keys = true;
    }
    for (const SrtpKey& key : found) add(key);
  }

  [[nodiscard]] std::vector<SrtpKey> near_keys() const {
    std::vector<SrtpKey> found;
    const Time since = call.begins_before_capture ? Time::min() : call.first_seen;
    book.find_from(track.flow.source, since, found);
    book.find_to(track.flow.destination, since, found);
    const ClaimSet from = end_of(track.sender);
    const ClaimSet to = end_of(other(track.sender));
    for (std::size_t n = 0; n < call.claims.size() && found.size() < kMaxSrtpKeys; ++n) {
      if (from.test(n)) book.find_from(call.claims[n].endpoint, since, found);
      if (to.test(n)) book.find_to(call.claims[n].endpoint, since, found);
    }
    return found;
  }
};

}  // namespace

std::string encryption_of(const sip::MediaDescription& media) {
  if (!media.crypto.empty()) return name_of(media.crypto.front().suite);
  // A fingerprint offers it under RTP/AVP, too (RFC 8643): in use when the other end has one as well.
  if (media.protocol.find("TLS") != std::string::npos || !media.fingerprint.empty()) return "DTLS-SRTP";
  return media.protocol.find("SAVP") != std::string::npos ? "SRTP" : std::string();
}

void note_keys(Call& call, Side side, const ClaimSet& claims, const sip::MediaDescription& media, Time time) {
  if (media.media != "audio") return;
  for (const sip::Crypto& line : media.crypto) {
    const auto profile = srtp_profile(line.suite);
    SrtpKey key;
    if (!profile || !read_session_params(line.session_params, key)) continue;
    key.since = time;
    key.profile = profile->name;
    for (sip::InlineKey& one : sip::parse_key_params(line.key_params)) {
      if (one.key_salt.bytes().size() != profile->secret) continue;
      key.secret = one.key_salt;
      key.mki = std::move(one.mki);
      keep(call, {.side = side, .tag = line.tag, .claims = claims, .key = key});
    }
  }
}

bool is_clear_at(const Call& call, const Track& track, Time time) {
  const ClaimSet sender = claims_at(call, track, track.sender);
  const ClaimSet receiver = claims_at(call, track, other(track.sender));
  const auto agreements = agreements_between(call, sender, receiver);
  if (agreements.empty()) return said_of(call, sender, receiver).empty();
  const Agreement* in_force = agreements.front();
  for (const Agreement* agreement : agreements) {
    if (agreement->since <= time) in_force = agreement;
  }
  return in_force->encryption.empty();
}

void resolve_encryption(Call& call, const KeyBook& book) {
  for (OpenTrack& open : call.tracks) Resolver{.call = call, .book = book, .track = open.track}.resolve();
}

}  // namespace tapestry::calls
