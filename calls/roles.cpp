#include "calls/roles.h"

#include <algorithm>

#include "calls/identity.h"
#include "calls/signalling.h"
#include "sipparse/address.h"

namespace tapestry::calls {

/// What is known of one side: candidate addresses of record in order of trust, and its hosts. Views of the call and of
/// the registrations.
struct KnownEnd {
  std::vector<std::string_view> uris;
  std::vector<IpAddress> addresses;
  std::string_view name;
  bool anonymous = false;
  Time when{};          ///< the call began
  bool called = false;  ///< it is the callee
};

namespace {

constexpr std::size_t kShortNumber = 6;

void add_claimed_addresses(KnownEnd& side, const Call& call, Side which) {
  for (const MediaClaim& claim : call.claims) {
    if (claim.side == which && !claim.candidate) (void)add_once(side.addresses, claim.endpoint.ip, kMaxUris * 2);
  }
}

KnownEnd caller_of(const Call& call) {
  const SideEvidence& evidence = call.sides[0];
  KnownEnd side{{evidence.uris.begin(), evidence.uris.end()},
                evidence.addresses,
                evidence.display_name,
                evidence.anonymous,
                call.first_seen,
                false};
  add_claimed_addresses(side, call, Side::Caller);
  return side;
}

void add_uri(KnownEnd& side, std::string_view uri) {
  if (!uri.empty()) (void)add_once(side.uris, uri, kMaxUris * 2);
}

/// One host called several addresses, at one time (a fork) or one after the other (a redirection): the one that was
/// dialled names none of the phones surely.
bool is_forked(const Call& call) {
  for (const Invite& one : call.invites) {
    for (const Invite& another : call.invites) {
      const bool other_name = one.request_uri != another.request_uri &&
                              (one.cseq == another.cseq || user_of(one.request_uri) != user_of(another.request_uri));
      if (one.source == another.source && other_name) return true;
    }
  }
  return false;
}

/// The To address first (last of a fork); then what tells which of several phones it was: the identity that it
/// asserted, the Request-URI that reached it, its Contact.
KnownEnd callee_of(const Call& call) {
  const SideEvidence& evidence = call.sides[1];
  KnownEnd side{{}, evidence.addresses, evidence.display_name, evidence.anonymous, call.first_seen, true};
  const Branch* branch = call.answered_branch();
  const bool forked = branch != nullptr && is_forked(call);
  if (!forked) side.uris.assign(evidence.uris.begin(), evidence.uris.end());
  if (branch == nullptr && !call.branches.empty()) branch = &call.branches.back();
  if (branch != nullptr) {
    add_uri(side, branch->asserted_uri);
    for (const Invite& invite : call.invites) {
      if (!invite.via_branch.empty() && invite.via_branch == branch->via_branch) add_uri(side, invite.request_uri);
    }
    add_uri(side, branch->contact_uri);
    (void)add_once(side.addresses, branch->address, kMaxUris * 2);
  } else if (!call.invites.empty()) {
    add_uri(side, call.invites.back().request_uri);
    (void)add_once(side.addresses, call.invites.back().destination, kMaxUris * 2);
  }
  for (const std::string& uri : evidence.uris) add_uri(side, uri);
  add_claimed_addresses(side, call, Side::Callee);
  return side;
}

/// Adds the addresses of record that its contacts were bound to. A phone that was called is surely the one whose
/// contact it was; what a caller says of itself comes first.
void add_bound(KnownEnd& side, const Registrations& registrations) {
  const std::vector<std::string_view> told = side.uris;
  for (const std::string_view uri : told) {
    const auto aor = registrations.bound_to(uri, side.when);
    if (!aor) continue;
    if (side.called) {
      std::erase(side.uris, *aor);
      side.uris.insert(side.uris.begin(), *aor);
    } else {
      add_uri(side, *aor);
    }
  }
}

Party party_of(const KnownEnd& side) {
  Party party;
  if (!side.uris.empty()) party.uri = side.uris.front();
  party.name = side.anonymous ? std::string_view("anonymous") : side.name;
  party.type = "person";
  return party;
}

bool looks_internal(const KnownEnd& side, const Registrations& registrations) {
  for (const std::string_view uri : side.uris) {
    if (registrations.has(uri, side.addresses)) return true;
  }
  const std::string_view user = side.uris.empty() ? std::string_view{} : user_of(side.uris.front());
  const bool short_number = !user.empty() && user.size() <= kShortNumber &&
                            std::all_of(user.begin(), user.end(), [](char c) { return c >= '0' && c <= '9'; });
  return short_number &&
         std::any_of(side.addresses.begin(), side.addresses.end(), [](const IpAddress& ip) { return ip.is_private(); });
}

/// Users that stand for a media server's services: announcements (RFC 4240 §3), and VoiceXML where its URI is the user.
bool is_media_service(const std::vector<std::string_view>& uris) {
  const std::string_view user = uris.empty() ? std::string_view{} : user_of(uris.front());
  return user == "annc" || user.starts_with("dialog.vxml.");
}

}  // namespace

Roles::Roles(const std::vector<PartyRule>& rules) {
  for (const PartyRule& rule : rules) {
    Entry entry{rule, {}};
    if (!rule.uri.empty()) entry.uri.emplace_back(rule.uri);
    entries_.push_back(std::move(entry));
  }
}

Standing Roles::standing(const Call& call, Side which, const Registrations& registrations) const {
  return judge(which == Side::Caller ? caller_of(call) : callee_of(call), registrations);
}

Standing Roles::standing_of(const std::string& uri, const std::string& name, const std::vector<IpAddress>& addresses,
                            const Registrations& registrations) const {
  return judge({.uris = {uri}, .addresses = addresses, .name = name, .anonymous = false}, registrations);
}

Standing Roles::judge(const KnownEnd& told, const Registrations& registrations) const {
  KnownEnd side = told;
  add_bound(side, registrations);
  Standing standing{party_of(side), looks_internal(side, registrations), false};
  for (const Entry& entry : entries_) {
    const auto uri = std::find_if(side.uris.begin(), side.uris.end(), [&](std::string_view u) {
      return entry.uri.empty() || entry.uri.front().matches(u);
    });
    const bool ip = !entry.rule.ip || std::any_of(side.addresses.begin(), side.addresses.end(),
                                                  [&](const IpAddress& a) { return entry.rule.ip->contains(a); });
    if ((!entry.uri.empty() && uri == side.uris.end()) || !ip) continue;
    Party& party = standing.party;
    party.role = entry.rule.role;
    if (uri != side.uris.end() && !entry.uri.empty()) party.uri = *uri;
    if (!entry.rule.name.empty()) party.name = entry.rule.name;
    party.name_configured = !entry.rule.name.empty();
    party.uuid = entry.rule.uuid;
    if (entry.rule.role == Role::Bot) party.type = "bot";
    if (!entry.rule.type.empty()) party.type = entry.rule.type;
    break;
  }
  Role& role = standing.party.role;
  if (role == Role::Unknown && is_media_service(side.uris)) {
    role = Role::Bot;
    standing.party.type = "bot";
  }
  standing.no_party = role == Role::Recorder || role == Role::Pbx || role == Role::Trunk;
  // Such a host says nothing about who speaks through it.
  if (standing.no_party) role = Role::Unknown;
  return standing;
}

Role Roles::role_of(const IpAddress& host) const noexcept {
  const auto knows = [&host](const Entry& entry) {
    return entry.uri.empty() && entry.rule.ip && entry.rule.ip->contains(host);
  };
  const auto found = std::ranges::find_if(entries_, knows);
  return found == entries_.end() ? Role::Unknown : found->rule.role;
}

}  // namespace tapestry::calls
