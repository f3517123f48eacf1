#include "calls/signalling.h"

#include <algorithm>
#include <array>

#include "calls/consents.h"
#include "calls/noting.h"
#include "core/hash.h"
#include "sipparse/address.h"
#include "sipparse/body.h"
#include "sipparse/correlation_keys.h"

namespace tapestry::calls {
namespace {

using sip::HeaderName;

std::string_view tag_of(const sip::Message& message, HeaderName name) {
  const auto address = sip::parse_name_address(message.value(name));
  return address ? sip::parameter(address->parameters, "tag").value_or("") : std::string_view{};
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// Who owns the From tag of a request. Tags seen for the first time go to the side that the other tag leaves over.
Side requester_of(Call& call, std::string_view from_tag, std::string_view to_tag) {
  if (contains(call.caller_tags, from_tag)) return Side::Caller;
  const bool callee = contains(call.callee_tags, from_tag) || (!to_tag.empty() && contains(call.caller_tags, to_tag));
  auto& tags = callee ? call.callee_tags : call.caller_tags;
  call.overflowed |= !add_once(tags, std::string(from_tag), kMaxTags);
  return callee ? Side::Callee : Side::Caller;
}

MessageSides sides_of(Call& call, const sip::Message& message) {
  MessageSides sides;
  sides.from_tag = tag_of(message, HeaderName::From);
  sides.to_tag = tag_of(message, HeaderName::To);
  sides.requester = requester_of(call, sides.from_tag, sides.to_tag);
  sides.sender = message.request ? sides.requester : other(sides.requester);
  if (!sides.to_tag.empty()) {
    auto& tags = sides.requester == Side::Caller ? call.callee_tags : call.caller_tags;
    call.overflowed |= !add_once(tags, std::string(sides.to_tag), kMaxTags);
  }
  return sides;
}

bool seen_before(Call& call, const sip::Message& message, const MessageInfo& info) {
  const auto via = sip::parse_via(message.value(HeaderName::Via));
  // Mixing is symmetric in its two values; the direction must count.
  std::uint64_t hash = hash_mix(hash_mix(hash_seed(), AddressHash()(info.source)), AddressHash()(info.destination));
  hash = hash_mix(hash, hash_bytes(as_bytes(message.method)));
  hash = hash_mix(hash, hash_bytes(as_bytes(via ? via->branch : std::string_view{})));
  hash = hash_mix(hash, std::uint64_t{message.cseq} << 16U | static_cast<std::uint64_t>(message.status));
  hash = hash_mix(hash, message.request ? 1 : 0);
  hash = hash_mix(hash, hash_bytes(as_bytes(message.value(HeaderName::To))));
  if (std::find(call.recent.begin(), call.recent.end(), hash) != call.recent.end()) return true;
  constexpr std::size_t kRemembered = 64;
  if (call.recent.size() < kRemembered) {
    call.recent.push_back(hash);
  } else {
    call.recent[call.recent_at++ % kRemembered] = hash;
  }
  return false;
}

void note_uri(SideEvidence& side, const std::string& uri) {
  if (!uri.empty()) (void)add_once(side.uris, uri, kMaxUris);
}

void note_name(SideEvidence& side, const sip::Message& message, HeaderName name) {
  const auto address = sip::parse_name_address(message.value(name));
  if (!address) return;
  std::string text = sip::plain_display_name(address->display_name);
  if (sip::equals_ignore_case(text, "anonymous") ||
      uri_of(message.value(name)).find("@anonymous.invalid") != std::string::npos) {
    side.anonymous = true;
  } else if (side.display_name.empty()) {
    side.display_name = std::move(text);
  }
}

std::string contact_of(const sip::Message& message) {
  const auto values = sip::split_list(message.value(HeaderName::Contact), 1);
  return values.empty() ? std::string() : uri_of(values.front());
}

void note_user_agent(std::string& where, const sip::Message& message) {
  if (!where.empty()) return;
  const std::string_view agent = message.value(HeaderName::UserAgent);
  where = agent.empty() ? message.value(HeaderName::Server) : agent;
}

void add_invite(Call& call, Invite invite) {
  for (const Invite& have : call.invites) {
    if (have.via_branch == invite.via_branch && have.cseq == invite.cseq && have.destination == invite.destination)
      return;
  }
  if (call.invites.size() < kMaxInvites) {
    call.invites.push_back(std::move(invite));
  } else {
    call.overflowed = true;
  }
}

/// From and To as the initial INVITE (or an answer to it) has them: caller and callee.
void note_from_and_to(Call& call, const sip::Message& message) {
  note_name(call.sides[0], message, HeaderName::From);
  const std::string from = uri_of(message.value(HeaderName::From));
  if (from.find("@anonymous.invalid") == std::string::npos) note_uri(call.sides[0], from);
  note_name(call.sides[1], message, HeaderName::To);
  note_uri(call.sides[1], uri_of(message.value(HeaderName::To)));
}

void note_initial_invite(Call& call, const sip::Message& message, const MessageInfo& info) {
  SideEvidence& caller = call.sides[0];
  note_from_and_to(call, message);
  note_uri(caller, uri_of(message.value(HeaderName::PAssertedIdentity)));
  note_uri(caller, contact_of(message));
  note_user_agent(caller.user_agent, message);
  if (call.invites.empty()) (void)add_once(caller.addresses, info.source.ip, kMaxUris);
  note_announcement(call, message);
  const auto via = sip::parse_via(message.value(HeaderName::Via));
  add_invite(call, {.cseq = message.cseq,
                    .via_branch = std::string(via ? via->branch : ""),
                    .request_uri = uri_of(message.request_uri),
                    .source = info.source.ip,
                    .destination = info.destination.ip});
}

void on_invite(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  if (sides.to_tag.empty()) {
    const bool anew =
        std::none_of(call.invites.begin(), call.invites.end(), [&](const Invite& i) { return i.cseq >= message.cseq; });
    if (anew && call.answered_branch() == nullptr) {
      // A new attempt of the same call: after 401/407, a redirection, or 422.
      call.final_status = 0;
      call.final_at_caller = false;
      call.over.reset();
    }
    note_initial_invite(call, message, info);
  } else if (call.messages == 1) {
    call.begins_before_capture = true;
    note_initial_invite(call, message, info);
    call.branches.push_back(
        {.to_tag = std::string(sides.to_tag), .address = info.destination.ip, .answered = info.time});
  }
}

Branch* branch_of(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  if (sides.to_tag.empty()) return nullptr;
  if (Branch* have = call.find_branch(sides.to_tag)) return have;
  if (call.branches.size() >= kMaxBranches) {
    call.overflowed = true;
    return nullptr;
  }
  const auto via = sip::parse_via(message.value(HeaderName::Via));
  call.branches.push_back({.to_tag = std::string(sides.to_tag),
                           .via_branch = std::string(via ? via->branch : ""),
                           .address = info.source.ip});
  return &call.branches.back();
}

/// A fork's branches fail one by one: the caller has failed when all INVITEs of the first hop's sender have.
bool failed_at_caller(const Call& call, std::uint32_t cseq) {
  const auto first =
      std::find_if(call.invites.begin(), call.invites.end(), [&](const Invite& i) { return i.cseq == cseq; });
  return first == call.invites.end() || std::all_of(first, call.invites.end(), [&](const Invite& i) {
           return i.cseq != cseq || i.source != first->source || i.final_status != 0;
         });
}

void on_failure(Call& call, const sip::Message& message) {
  const auto via = sip::parse_via(message.value(HeaderName::Via));
  for (Invite& invite : call.invites) {
    if (invite.cseq == message.cseq && (invite.via_branch.empty() || (via && via->branch == invite.via_branch))) {
      invite.final_status = message.status;
    }
  }
  const bool at_caller = failed_at_caller(call, message.cseq);
  if (call.final_at_caller && !at_caller) return;
  call.final_status = message.status;
  call.final_reason = message.reason;
  call.final_at_caller = at_caller;
}

void on_invite_response(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  if (call.messages == 1) {
    call.begins_before_capture = true;
    note_from_and_to(call, message);
    (void)add_once(call.sides[0].addresses, info.destination.ip, kMaxUris);
    add_invite(call, {.cseq = message.cseq, .source = info.destination.ip, .destination = info.source.ip});
  }
  if (!is_initial(call, message, sides)) return;
  if (message.status >= 300) {
    on_failure(call, message);
    return;
  }
  Branch* branch = branch_of(call, message, info, sides);
  if (message.status > 100 && message.status < 200 && !call.rang) call.rang = info.time;
  if (branch == nullptr) return;
  note_user_agent(branch->user_agent, message);
  if (branch->contact_uri.empty()) branch->contact_uri = contact_of(message);
  if (branch->asserted_uri.empty()) branch->asserted_uri = uri_of(message.value(HeaderName::PAssertedIdentity));
  if (message.status >= 200 && !branch->answered) branch->answered = info.time;
}

void on_bye(Call& call, const MessageInfo& info, const MessageSides& sides) {
  const std::string_view tag = sides.requester == Side::Caller ? sides.to_tag : sides.from_tag;
  Branch* branch = call.find_branch(tag);
  if (branch == nullptr && call.branches.size() == 1) branch = &call.branches.front();
  if (branch == nullptr || branch->ended) return;
  branch->ended = info.time;
  branch->ended_by = sides.requester == Side::Caller ? "bye caller" : "bye callee";
}

void on_request(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  if (message.method == "INVITE") on_invite(call, message, info, sides);
  if (message.method == "BYE") on_bye(call, info, sides);
  if (message.method == "CANCEL" && !call.cancelled) {
    call.cancelled = info.time;
    const auto reason = sip::parameter(message.value(HeaderName::Reason), "cause");
    call.completed_elsewhere = reason && *reason == "200";
  }
  if (message.method == "ACK" && !call.acknowledged && call.final_status == 0) {
    call.acknowledged = info.time;
    // Only one direction was captured: the ACK's To tag is all that is left of the answer.
    if (call.branches.empty() && !sides.to_tag.empty()) {
      call.branches.push_back(
          {.to_tag = std::string(sides.to_tag), .address = info.destination.ip, .answered = info.time});
    }
  }
}

}  // namespace

std::string uri_of(std::string_view name_address) {
  const auto address = sip::parse_name_address(name_address);
  return address && address->uri ? sip::address_of_record(*address->uri) : std::string();
}

bool is_initial(const Call& call, const sip::Message& message, const MessageSides& sides) {
  const bool early = message.method == "PRACK" || message.method == "UPDATE";
  if (early) return call.answered_branch() == nullptr;
  if ((message.method != "INVITE" && message.method != "ACK") || sides.requester != Side::Caller) return false;
  return std::any_of(call.invites.begin(), call.invites.end(), [&](const Invite& i) { return i.cseq == message.cseq; });
}

bool negotiates(const sip::Message& message) noexcept {
  constexpr std::array<std::string_view, 4> kMethods{"INVITE", "ACK", "PRACK", "UPDATE"};
  return std::ranges::find(kMethods, message.method) != kMethods.end();
}

bool tells_queue(const sip::Header& header) {
  return header.name == HeaderName::Diversion || header.name == HeaderName::HistoryInfo ||
         sip::equals_ignore_case(header.raw_name, "P-Called-Party-ID");
}

bool begins_call(const sip::Message& message) noexcept {
  if (message.method != "INVITE" || message.call_id.empty() || !message.has_cseq) return false;
  return message.request || message.status > 100;
}

bool is_recording_session(const sip::Message& message) {
  // Cisco's built-in bridge: a phone's INVITE to the recorder, one for each end of the call.
  const auto from = sip::parse_name_address(message.value(HeaderName::From));
  if (from && from->uri && sip::parameter(from->uri->parameters, "x-refci")) {
    for (const char* end : {"x-nearend", "x-farend"}) {
      if (sip::parameter(from->uri->parameters, end)) return true;
    }
  }
  for (const sip::Header& header : message.headers) {
    if (header.name == HeaderName::Require) {
      for (const std::string_view tag : sip::split_list(header.value)) {
        if (sip::equals_ignore_case(tag, "siprec")) return true;
      }
    }
    if (header.name == HeaderName::Contact) {
      const auto contact = sip::parse_name_address(header.value);
      for (const char* feature : {"+sip.src", "+sip.srs"}) {
        if (contact && sip::parameter(contact->parameters, feature)) return true;
      }
    }
  }
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (sip::equals_ignore_case(part.type, "application/rs-metadata+xml") ||
        sip::equals_ignore_case(part.type, "application/rs-metadata")) {
      return true;
    }
  }
  return false;
}

std::size_t hop_of(Call& call, const MessageInfo& info) {
  const bool stream = info.transport != "UDP";
  const auto same = [&](const Endpoint& a, const Endpoint& b) { return stream ? a.ip == b.ip : a == b; };
  for (std::size_t n = 0; n < call.hops.size(); ++n) {
    const Hop& hop = call.hops[n];
    if ((same(hop.source, info.source) && same(hop.destination, info.destination)) ||
        (same(hop.source, info.destination) && same(hop.destination, info.source))) {
      return n;
    }
  }
  if (call.hops.size() >= kMaxHops) {
    call.overflowed = true;
    return kMaxHops - 1;
  }
  call.hops.push_back({info.source, info.destination, std::string(info.transport)});
  return call.hops.size() - 1;
}

MessageSides apply_message(Call& call, const sip::Message& message, const MessageInfo& info) {
  ++call.messages;
  if (seen_before(call, message, info)) ++call.retransmissions;
  if (call.messages == 1) call.first_seen = info.time;
  call.last_seen = info.time;
  const MessageSides sides = sides_of(call, message);
  (void)hop_of(call, info);
  for (const sip::CorrelationKey& key : sip::correlation_keys(message)) {
    if (!add_once(call.keys, key, kMaxKeys)) call.overflowed = true;
  }
  if (message.request) {
    on_request(call, message, info, sides);
  } else if (message.method == "INVITE") {
    on_invite_response(call, message, info, sides);
  }
  if (sides.sender == Side::Callee && message.request) note_user_agent(call.sides[1].user_agent, message);
  take_notes(call, message, info, sides);
  return sides;
}

}  // namespace tapestry::calls
