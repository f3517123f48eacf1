#include "calls/linker.h"

#include <algorithm>

#include "calls/closeness.h"
#include "calls/identity.h"
#include "calls/referrals.h"

namespace tapestry::calls {
namespace {

constexpr std::string_view kCallIds = "call-id";
constexpr std::string_view kTargets = "refer-to";
constexpr std::string_view kFocuses = "focus";
constexpr std::string_view kPhones = "phone";
constexpr std::string_view kRoutes = "route";

/// Keys whose value may be another call's Call-ID.
constexpr std::array kCallIdKeys{std::string_view("x-cid"), std::string_view("x-call-id"),
                                 std::string_view("parent-call-id"), std::string_view("x-correlation-id")};

/// Other calls that a phone mixes one with.
constexpr std::size_t kMostMixed = 2;

int strength_of(LinkKind kind) {
  switch (kind) {
    case LinkKind::Replaces:
    case LinkKind::Join:
    case LinkKind::TargetDialog:
    case LinkKind::DialogInfo:
    case LinkKind::ReferReplaces:
    case LinkKind::Focus:
      return 100;
    case LinkKind::Refer:
    case LinkKind::Key:
      return 95;
    case LinkKind::CallId:
    case LinkKind::SharedMedia:
    case LinkKind::RelayedMedia:
    case LinkKind::LocalMix:
      return 90;
    case LinkKind::Consultation:
      return 85;
    case LinkKind::Proximity:
      break;
  }
  return 0;
}

/// The Call-ID that a B2BUA made this one of: without `_b2b-1`, `_pbx-1` or `-0`. Empty when it ends in none.
std::string_view original_call_id(std::string_view call_id) {
  const std::size_t digits = call_id.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || digits + 1 == call_id.size() || call_id[digits] != '-') return {};
  std::string_view rest = call_id.substr(0, digits);
  for (const std::string_view suffix : {"_b2b", "_pbx"}) {
    if (rest.ends_with(suffix)) return rest.substr(0, rest.size() - suffix.size());
  }
  return call_id.substr(digits) == "-0" ? rest : std::string_view{};
}

}  // namespace

void Linker::link(const Call& one, const Call& another, LinkKind kind, Time time, std::string evidence, int strength) {
  if (one.serial == another.serial || one.recording_session || another.recording_session) return;
  const Edge edge{one.serial, another.serial, strength};
  conversations_.add(edge, {.call_id = one.call_id,
                            .other_call_id = another.call_id,
                            .kind = kind,
                            .strength = strength,
                            .time = time,
                            .evidence = std::move(evidence)});
}

void Linker::on_open(Call& call) {
  conversations_.open(call.serial);
  if (call.call_id.empty()) return;
  for (const KeyIndex::Sharer& sharer :
       index_.add(KeyIndex::key(kCallIds, call.call_id), {call.serial, LinkKind::CallId, true})) {
    const Call* other = calls_.find(sharer.call);
    if (other != nullptr) link(*other, call, sharer.kind, other->last_seen, call.call_id, strength_of(sharer.kind));
  }
  const std::string_view original = original_call_id(call.call_id);
  if (original.empty()) return;
  for (const KeyIndex::Sharer& sharer :
       index_.add(KeyIndex::key(kCallIds, original), {call.serial, LinkKind::CallId, false})) {
    const Call* other = calls_.find(sharer.call);
    if (other != nullptr) link(*other, call, LinkKind::CallId, other->last_seen, std::string(original), 90);
  }
}

void Linker::on_message(Call& call, Time time) {
  index_keys(call, time);
  index_references(call);
  index_referrals(call);
  index_focus(call, time);
  const bool begun = !call.indexed_ends[0] && !call.invites.empty();
  index_ends(call);
  if (begun) find_referral(call, time);
}

void Linker::index_keys(Call& call, Time time) {
  for (; call.indexed_keys < call.keys.size(); ++call.indexed_keys) {
    const sip::CorrelationKey& key = call.keys[call.indexed_keys];
    for (const KeyIndex::Sharer& sharer :
         index_.add(KeyIndex::key(key.kind, key.value), {call.serial, LinkKind::Key, false})) {
      const Call* other = calls_.find(sharer.call);
      if (other != nullptr)
        link(*other, call, LinkKind::Key, time, std::string(key.kind) + " " + key.value, strength_of(LinkKind::Key));
    }
    if (std::ranges::find(kCallIdKeys, key.kind) == kCallIdKeys.end()) continue;
    for (const KeyIndex::Sharer& sharer :
         index_.add(KeyIndex::key(kCallIds, key.value), {call.serial, LinkKind::CallId, false})) {
      const Call* other = calls_.find(sharer.call);
      if (other != nullptr) link(*other, call, LinkKind::CallId, time, key.value, strength_of(LinkKind::CallId));
    }
  }
}

void Linker::index_references(Call& call) {
  for (; call.indexed_references < call.references.size(); ++call.indexed_references) {
    const Reference& reference = call.references[call.indexed_references];
    const std::string& named = reference.dialog.call_id;
    for (const KeyIndex::Sharer& sharer :
         index_.add(KeyIndex::key(kCallIds, named), {call.serial, reference.kind, false})) {
      const Call* other = calls_.find(sharer.call);
      if (other == nullptr || (sharer.own && !names(reference.dialog, *other))) continue;
      link(*other, call, reference.kind, reference.time, named, strength_of(reference.kind));
    }
  }
}

void Linker::index_referrals(Call& call) {
  for (; call.indexed_referrals < call.referrals.size(); ++call.indexed_referrals) {
    const std::string& uri = call.referrals[call.indexed_referrals].target.uri;
    const std::string target = identity_of(uri);
    (void)index_.add(KeyIndex::key(kTargets, target.empty() ? uri : target), {call.serial, LinkKind::Refer, false});
  }
}

void Linker::find_referral(const Call& call, Time time) {
  const std::string& requested = call.invites.front().request_uri;
  const std::string identity = identity_of(requested);
  Call* referrer = nullptr;
  Referral* found = nullptr;
  for (const KeyIndex::Sharer& sharer :
       index_.find(KeyIndex::key(kTargets, identity.empty() ? requested : identity), call.serial)) {
    Call* other = calls_.find(sharer.call);
    Referral* referral = other == nullptr ? nullptr : referral_for(*other, call);
    if (referral == nullptr || (found != nullptr && referral->time <= found->time)) continue;
    referrer = other;
    found = referral;
  }
  if (found == nullptr) return;
  found->call = call.serial;
  const std::string where = found->call_id.empty() ? "" : " (REFER " + found->call_id + ")";
  link(*referrer, call, LinkKind::Refer, time, found->target.uri + where, strength_of(LinkKind::Refer));
}

void Linker::index_focus(Call& call, Time time) {
  if (call.indexed_focus || call.focus.empty()) return;
  call.indexed_focus = true;
  if (!is_conference(call, roles_.standing(call, call.focus_side, registrations_))) return;
  for (const KeyIndex::Sharer& sharer :
       index_.add(KeyIndex::key(kFocuses, call.focus), {call.serial, LinkKind::Focus, false})) {
    // A room is used again by others: only who is there at one time belongs together.
    const Call* other = calls_.find(sharer.call);
    if (other != nullptr && !other->over)
      link(*other, call, LinkKind::Focus, time, call.focus, strength_of(LinkKind::Focus));
  }
}

void Linker::index_ends(Call& call) {
  const bool caller = !call.indexed_ends[0] && !call.invites.empty();
  const bool callee =
      !call.indexed_ends[1] && (call.final_status != 0 || call.cancelled || call.answered_branch() != nullptr);
  if (!caller && !callee) return;
  const std::vector<std::string> told = identities_told(call);
  if (caller) index_end(call, Side::Caller, told);
  if (callee) index_end(call, Side::Callee, told);
}

void Linker::index_end(Call& call, Side side, const std::vector<std::string>& told) {
  call.indexed_ends[index_of(side)] = true;
  const IpAddress host = host_of(call, side);
  const std::string name = identity_of(roles_.standing(call, side, registrations_).party.uri);
  if (!name.empty()) (void)index_.add(KeyIndex::key(kPhones, host, name), {call.serial, LinkKind::LocalMix, false});
  for (const std::string& one : told) {
    (void)index_.add(KeyIndex::key(kRoutes, host, one), {call.serial, LinkKind::Proximity, side == Side::Callee});
  }
}

void Linker::on_shared_media(const Call& one, const Call& another, Time time) {
  link(one, another, LinkKind::SharedMedia, time, "", strength_of(LinkKind::SharedMedia));
}

void Linker::on_media(const Call& call, const Track& track, const rtp::Chunk& chunk) {
  for (const auto& [one, another] : relays_.add(call, track, chunk)) {
    const Call* first = calls_.find(one);
    const Call* second = calls_.find(another);
    if (first != nullptr && second != nullptr)
      link(*first, *second, LinkKind::RelayedMedia, chunk.first(), "", strength_of(LinkKind::RelayedMedia));
  }
}

void Linker::forget(const Call& call) {
  index_.forget(call.serial);
  relays_.forget(call.serial);
}

void Linker::on_over(Call& call) {
  if (call.unsignalled || call.recording_session) return;
  index_ends(call);
  find_phone_links(call);
  if (rules_.proximity) find_proximity(call);
}

void Linker::find_phone_links(const Call& call) {
  for (const Side side : {Side::Caller, Side::Callee}) {
    const Standing mine = roles_.standing(call, side, registrations_);
    const std::string name = identity_of(mine.party.uri);
    if (!is_phone(mine) || name.empty()) continue;
    const IpAddress host = host_of(call, side);
    std::vector<const Call*> mixed;
    for (const KeyIndex::Sharer& sharer : index_.find(KeyIndex::key(kPhones, host, name), call.serial)) {
      const Call* other = calls_.find(sharer.call);
      if (other == nullptr) continue;
      for (const Side there : {Side::Caller, Side::Callee}) {
        if (host_of(*other, there) != host) continue;
        const bool forked = relays_.is_forked(call, side, *other, there);
        if (is_page(call, side, *other, there, forked)) {
          link(call, *other, LinkKind::LocalMix, call.last_seen, name, strength_of(LinkKind::LocalMix));
        } else if (!forked && is_mixed(call, side, *other, there)) {
          mixed.push_back(other);
        } else if (is_consultation(call, side, *other, there) || is_consultation(*other, there, call, side)) {
          link(call, *other, LinkKind::Consultation, call.last_seen, name, strength_of(LinkKind::Consultation));
        }
      }
    }
    // Who talks in more calls at once is a server.
    if (mixed.size() > kMostMixed) continue;
    for (const Call* other : mixed)
      link(call, *other, LinkKind::LocalMix, call.last_seen, name, strength_of(LinkKind::LocalMix));
  }
}

/// The one call that is the other leg of this one on a host between them, and is so more surely than any other; nullptr
/// when there is none, or several that are as good.
const Call* Linker::nearest(const Call& call, int& strength) {
  const Call* best = nullptr;
  bool tie = false;
  strength = 0;
  const std::vector<std::string> told = identities_told(call);
  for (const Side side : {Side::Caller, Side::Callee}) {
    const IpAddress host = host_of(call, side);
    for (const std::string& one : told) {
      for (const KeyIndex::Sharer& sharer : index_.find(KeyIndex::key(kRoutes, host, one), call.serial)) {
        const Call* other = calls_.find(sharer.call);
        if (other == nullptr || other == best) continue;
        const int score = side == Side::Callee ? closeness(call, *other) : closeness(*other, call);
        if (score < kJoiningStrength || score < strength) continue;
        tie = score == strength;
        strength = score;
        best = other;
      }
    }
  }
  if (tie) ++ambiguous_;
  return tie ? nullptr : best;
}

void Linker::find_proximity(const Call& call) {
  int strength = 0;
  const Call* other = nearest(call, strength);
  if (other == nullptr || conversations_.of(call.serial).id == conversations_.of(other->serial).id) return;
  int back = 0;
  if (nearest(*other, back) != &call) return;
  const std::string host = (call.first_seen <= other->first_seen ? callee_host(call) : caller_host(call)).to_string();
  link(call, *other, LinkKind::Proximity, call.last_seen, host, strength);
}

Counters Linker::counters() const {
  return {{"links.joined", conversations_.joined()},
          {"links.refused", conversations_.refused()},
          {"links.keys_refused", index_.refused()},
          {"links.ambiguous", ambiguous_}};
}

}  // namespace tapestry::calls
