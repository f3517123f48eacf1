#include "calls/roster.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "calls/notified.h"
#include "sipparse/address.h"

namespace tapestry::calls {
namespace {

using sip::ConferenceEndpoint;

/// Longer values are cut: a name, a status.
constexpr std::size_t kMaxRosterText = 256;

std::string cut(std::string_view text) { return std::string(text.substr(0, kMaxRosterText)); }

std::string record_of(std::string_view uri) {
  const auto parsed = sip::parse_uri(uri);
  return cut(parsed ? sip::address_of_record(*parsed) : std::string());
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// `full` is what a missing state means (RFC 4575 §5.1.2).
bool is_partial(const std::string& state) { return state == "partial"; }

bool is_there(const RosterEndpoint& endpoint) {
  for (const char* status : {"disconnected", "disconnecting", "pending", "alerting", "dialing-in", "dialing-out"}) {
    if (endpoint.status == status) return false;
  }
  return true;
}

bool is_mute(const RosterEndpoint& endpoint) {
  return endpoint.status == "muted-via-focus" || endpoint.audio == "recvonly" || endpoint.audio == "inactive";
}

Roster* roster_for(Rosters& rosters, const std::string& focus, std::string_view subscription) {
  for (Roster& one : rosters.list) {
    if (one.focus == focus && one.subscription == subscription) return &one;
  }
  if (rosters.list.size() >= kMaxRosters) {
    rosters.overflowed = true;
    return nullptr;
  }
  rosters.list.push_back({.focus = focus, .subscription = std::string(subscription)});
  return &rosters.list.back();
}

/// One document that is being taken into a roster.
class Reader {
 public:
  Reader(Rosters& rosters, Roster& roster, const RosterSource& source)
      : rosters_(rosters), roster_(roster), source_(source) {}

  void read(const sip::ConferenceInfo& document) {
    if (document.state == "deleted") return keep_only({});
    if (!document.has_users) return;
    const bool replaces = !is_partial(document.state) || !is_partial(document.users);
    std::vector<std::string> listed;
    for (auto first = document.endpoints.begin(); first != document.endpoints.end();) {
      const auto last = std::find_if(first, document.endpoints.end(),
                                     [&](const ConferenceEndpoint& one) { return one.user != first->user; });
      read_user({first, last}, replaces);
      listed.push_back(record_of(first->user));
      first = last;
    }
    // Of a document that a bound cut it is not known who is missing.
    if (replaces && document.endpoints.size() < sip::kMaxConferenceEndpoints) keep_only(listed);
  }

 private:
  void keep_only(const std::vector<std::string>& listed) {
    for (RosterMember& member : roster_.members) {
      if (std::ranges::find(listed, member.uri) != listed.end()) continue;
      member.endpoints.clear();
      settle(member, false, {});
    }
  }

  RosterMember* member_for(const std::string& uri) {
    const auto found = std::ranges::find(roster_.members, uri, &RosterMember::uri);
    if (found != roster_.members.end()) return &*found;
    if (roster_.members.size() >= kMaxRosterMembers) {
      rosters_.overflowed = true;
      return nullptr;
    }
    roster_.members.push_back({.uri = uri, .name = {}});
    return &roster_.members.back();
  }

  void read_user(std::span<const ConferenceEndpoint> user, bool replaces) {
    const ConferenceEndpoint& first = user.front();
    const std::string uri = record_of(first.user);
    if (uri.empty() || first.focus || uri == roster_.focus) return;
    RosterMember* member = member_for(uri);
    if (member == nullptr) return;
    if (!first.display.empty()) member->name = cut(first.display);
    if (replaces || !is_partial(first.user_state)) member->endpoints.clear();
    std::optional<Time> joined;
    std::optional<Time> left;
    bool endless = true;
    for (const ConferenceEndpoint& one : user) {
      if (one.endpoint.empty() && one.status.empty() && one.state.empty()) continue;
      endless = false;
      read_endpoint(*member, one);
      joined = std::max(joined, from_rfc3339(one.joined_at));
      left = std::max(left, from_rfc3339(one.left_at));
    }
    if (first.user_state == "deleted") {
      member->endpoints.clear();
      return settle(*member, false, left);
    }
    // Whom a focus lists without telling of endpoints is there (RFC 4575 §5.6).
    const bool there = std::ranges::any_of(member->endpoints, is_there) ||
                       (endless && (member->present.on || !is_partial(first.user_state)));
    settle(*member, there, there ? joined : left);
  }

  void read_endpoint(RosterMember& member, const ConferenceEndpoint& told) {
    const std::string uri = cut(told.endpoint);
    if (std::ranges::find(member.known, uri) == member.known.end() && member.known.size() < kMaxRosterEndpoints)
      member.known.push_back(uri);
    auto have = std::ranges::find(member.endpoints, uri, &RosterEndpoint::uri);
    if (told.state == "deleted") {
      if (have != member.endpoints.end()) member.endpoints.erase(have);
      return;
    }
    if (have == member.endpoints.end()) {
      if (member.endpoints.size() >= kMaxRosterEndpoints) {
        rosters_.overflowed = true;
        return;
      }
      have = member.endpoints.insert(member.endpoints.end(), {.uri = uri, .status = {}, .audio = {}});
    } else if (!is_partial(told.state)) {
      *have = {.uri = uri, .status = {}, .audio = {}};
    }
    if (!told.status.empty()) have->status = cut(told.status);
    if (!told.audio.empty()) have->audio = cut(told.audio);
  }

  void settle(RosterMember& member, bool there, const std::optional<Time>& told) {
    Time when = source_.time;
    if (told && std::max(source_.begun, member.present.since) <= *told && *told <= when) when = *told;
    const auto all = [&](const auto& is) {
      bool any = false;
      for (const RosterEndpoint& one : member.endpoints) {
        if (!is_there(one)) continue;
        if (!is(one)) return false;
        any = true;
      }
      return there && any;
    };
    const bool held = all([](const RosterEndpoint& one) { return one.status == "on-hold"; });
    const bool was = member.present.on;
    member.present.set(there, when, kMaxRosterChanges);
    // What was so when it joined, or ended by leaving, has that time.
    const Time change = was == there ? source_.time : when;
    member.held.set(held, change, kMaxRosterChanges);
    member.muted.set(!held && all(is_mute), change, kMaxRosterChanges);
  }

  Rosters& rosters_;
  Roster& roster_;
  const RosterSource& source_;
};

}  // namespace

void Rosters::join(Rosters&& other) {
  for (Roster& one : other.list) {
    if (list.size() < kMaxRosters) {
      list.push_back(std::move(one));
    } else {
      overflowed = true;
    }
  }
  overflowed |= other.overflowed;
}

std::optional<sip::ConferenceInfo> conference_info_in(const sip::Message& message) {
  const std::string_view text = notified(message, "application/conference-info+xml");
  return text.empty() ? std::nullopt : sip::parse_conference_info(text);
}

std::string focus_of(const sip::ConferenceInfo& document) { return record_of(document.entity); }

void take_roster(Rosters& rosters, const sip::ConferenceInfo& document, const RosterSource& source) {
  const std::string focus = focus_of(document);
  Roster* roster = focus.empty() ? nullptr : roster_for(rosters, focus, source.subscription);
  if (roster == nullptr) return;
  const auto version = number_of(document.version);
  if (version && roster->version && *version <= *roster->version) return;
  if (version) roster->version = version;
  roster->last = source.time;
  Reader(rosters, *roster, source).read(document);
  if (source.ends) roster->ended = source.time;
}

}  // namespace tapestry::calls
