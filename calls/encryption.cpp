#include "calls/encryption.h"

#include <algorithm>
#include <array>

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

void keep(Call& call, OfferedKey offered) {
  const auto mine = [&offered](const OfferedKey& have) { return have.side == offered.side; };
  const auto same = [&offered](const OfferedKey& have) {
    return have.side == offered.side && have.key.profile == offered.key.profile &&
           have.key.secret == offered.key.secret && have.key.mki == offered.key.mki;
  };
  if (std::ranges::any_of(call.srtp_keys, same)) return;
  if (std::ranges::count_if(call.srtp_keys, mine) >= static_cast<std::ptrdiff_t>(kMaxSrtpKeys)) {
    call.srtp_keys.erase(std::ranges::find_if(call.srtp_keys, mine));
    call.overflowed = true;
  }
  call.srtp_keys.push_back(std::move(offered));
}

/// One end offered encryption and the other took the media without: RTP/AVP with a=crypto that the answer ignored (RFC
/// 4568 §7.1.2 is often stretched so).
bool in_clear(const Call& call, const Track& track) {
  std::array<bool, 2> named{};
  std::array<bool, 2> encrypted{};
  for (const MediaClaim& claim : call.claims) {
    if (claim.media != track.media) continue;
    named[index_of(claim.side)] = true;
    if (!claim.encryption.empty()) encrypted[index_of(claim.side)] = true;
  }
  return named[0] && named[1] && encrypted[0] != encrypted[1];
}

/// The suite of the latest of `sender`'s lines that the other end has, too, under the same tag.
std::string chosen_suite(const Call& call, Side sender) {
  std::string chosen;
  for (const OfferedKey& mine : call.srtp_keys) {
    if (mine.side != sender) continue;
    const bool both = std::ranges::any_of(call.srtp_keys, [&](const OfferedKey& theirs) {
      return theirs.side != sender && theirs.tag == mine.tag && theirs.key.profile == mine.key.profile;
    });
    if (both) chosen = mine.key.profile;
  }
  return chosen;
}

}  // namespace

std::string encryption_of(const sip::MediaDescription& media) {
  if (!media.crypto.empty()) return name_of(media.crypto.front().suite);
  // A fingerprint offers it under RTP/AVP, too (RFC 8643): in use when the other end has one as well.
  if (media.protocol.find("TLS") != std::string::npos || !media.fingerprint.empty()) return "DTLS-SRTP";
  return media.protocol.find("SAVP") != std::string::npos ? "SRTP" : std::string();
}

void note_keys(Call& call, Side side, const sip::MediaDescription& media, Time time) {
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
      keep(call, {side, line.tag, key});
    }
  }
}

void resolve_encryption(const Call& call, Track& track) {
  if (in_clear(call, track)) track.encryption.clear();
  if (track.encryption.empty() || track.media != "audio") return;
  for (const OfferedKey& offered : call.srtp_keys) {
    if (offered.side == track.sender) track.srtp_keys.push_back(offered.key);
  }
  std::ranges::sort(track.srtp_keys, {}, &SrtpKey::since);
  if (const std::string chosen = chosen_suite(call, track.sender); !chosen.empty()) track.encryption = chosen;
}

}  // namespace tapestry::calls
