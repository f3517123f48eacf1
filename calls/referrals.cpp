#include "calls/referrals.h"

#include <algorithm>

#include "calls/identity.h"
#include "calls/offers.h"
#include "sipparse/address.h"
#include "sipparse/body.h"

namespace tapestry::calls {
namespace {

using sip::HeaderName;

/// 64·T1: after it nobody waits for a request any more.
constexpr Duration kLongestReferral = std::chrono::seconds(32);

void add_reference(Call& call, LinkKind kind, const std::optional<sip::DialogReference>& dialog, Time time) {
  if (!dialog) return;
  const bool known = std::ranges::any_of(call.references, [&](const Reference& have) {
    return have.kind == kind && have.dialog.call_id == dialog->call_id;
  });
  if (known) return;
  if (call.references.size() < kMaxReferences) {
    call.references.push_back({kind, *dialog, time});
  } else {
    call.overflowed = true;
  }
}

void add_named_dialogs(Call& call, const sip::Message& message, Time time) {
  const auto add = [&](HeaderName name, LinkKind kind) {
    const std::string_view value = message.value(name);
    if (!value.empty()) add_reference(call, kind, sip::parse_dialog_reference(value), time);
  };
  add(HeaderName::Replaces, LinkKind::Replaces);
  add(HeaderName::Join, LinkKind::Join);
  add(HeaderName::TargetDialog, LinkKind::TargetDialog);
}

/// A phone that was told to hold says so in SDP or not (seed: feature referral); the call is held either way.
void apply_feature(Call& call, const std::string& feature, Side phone, Time time) {
  const std::string_view name = std::string_view(feature).substr(0, feature.find(';'));
  if (sip::equals_ignore_case(name, "HoldCall")) set_hold(call, phone, true, time);
  if (sip::equals_ignore_case(name, "RetrieveCall")) set_hold(call, phone, false, time);
}

void add_referral(Call& call, const sip::Message& message, Side referrer, Time time) {
  const auto target = sip::parse_refer_to(message.value(HeaderName::ReferTo));
  if (!target) return;
  const bool known = std::ranges::any_of(call.referrals, [&](const Referral& have) {
    return have.cseq == message.cseq && have.referrer == referrer && have.target.uri == target->uri &&
           have.target.feature == target->feature;
  });
  if (known) return;
  if (call.referrals.size() >= kMaxReferrals) {
    call.overflowed = true;
    return;
  }
  call.referrals.push_back({.referrer = referrer,
                            .cseq = message.cseq,
                            .time = time,
                            .target = *target,
                            .referred_by = uri_of(message.value(HeaderName::ReferredBy)),
                            .call_id = std::string(message.call_id == call.call_id ? "" : message.call_id)});
  if (!target->feature.empty()) apply_feature(call, target->feature, other(referrer), time);
  add_reference(call, LinkKind::ReferReplaces, target->replaces, time);
}

Referral* find_referral(Call& call, std::uint32_t cseq, Side referrer) {
  for (Referral& referral : call.referrals) {
    if (referral.cseq == cseq && referral.referrer == referrer) return &referral;
  }
  return nullptr;
}

/// `refer;id=93809824` names the REFER by its CSeq (RFC 3515 §2.4.6); without an id it is the latest one's.
void apply_outcome(Call& call, const sip::Message& message, Side notifier) {
  std::string_view event = message.value(HeaderName::Event);
  if (!sip::equals_ignore_case(sip::trim(sip::take_until(event, ';')), "refer")) return;
  std::optional<int> status;
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (!status) status = sip::sipfrag_status(as_text(part.bytes));
  }
  if (!status) return;
  const auto id = sip::parameter(event, "id");
  const auto cseq = id ? sip::parse_number<std::uint32_t>(*id) : std::nullopt;
  Referral* referral = nullptr;
  for (Referral& have : call.referrals) {
    if (have.referrer == other(notifier) && (!cseq || have.cseq == *cseq)) referral = &have;
  }
  if (referral != nullptr && referral->outcome < 200) referral->outcome = *status;
}

void apply_focus(Call& call, const sip::Message& message, const MessageSides& sides) {
  if (!call.focus.empty()) return;
  const auto contact = sip::parse_name_address(message.value(HeaderName::Contact));
  if (!contact || !contact->uri) return;
  // RFC 3840 makes it a parameter of the header field; some write it into the URI.
  if (sip::parameter(contact->parameters, "isfocus") || sip::parameter(contact->uri->parameters, "isfocus")) {
    call.focus = sip::address_of_record(*contact->uri);
    call.focus_side = sides.sender;
    call.focus_at_once = is_initial(call, message, sides);
  }
}

bool is_host_of(const Call& call, const IpAddress& ip) {
  const auto at = [&ip](const Hop& hop) { return hop.source.ip == ip || hop.destination.ip == ip; };
  return std::ranges::any_of(call.hops, at);
}

}  // namespace

void apply_references(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  apply_focus(call, message, sides);
  if (message.request) {
    if (message.method == "INVITE" && sides.to_tag.empty()) {
      add_named_dialogs(call, message, info.time);
      if (call.referred_by.empty()) call.referred_by = uri_of(message.value(HeaderName::ReferredBy));
    }
    if (message.method == "REFER") add_referral(call, message, sides.requester, info.time);
    if (message.method == "NOTIFY") apply_outcome(call, message, sides.requester);
  } else if (message.method == "REFER" && message.status >= 200) {
    Referral* referral = find_referral(call, message.cseq, sides.requester);
    if (referral != nullptr) referral->status = message.status;
  }
}

void apply_outside_refer(Call& call, const sip::Message& message, const MessageInfo& info) {
  const bool caller = info.destination.ip == caller_host(call) && info.destination.ip != callee_host(call);
  add_referral(call, message, caller ? Side::Callee : Side::Caller, info.time);
}

bool names(const sip::DialogReference& dialog, const Call& call) {
  if (call.caller_tags.empty() || call.callee_tags.empty()) return true;
  const auto has = [&call](const std::string& tag) {
    return std::ranges::find(call.caller_tags, tag) != call.caller_tags.end() ||
           std::ranges::find(call.callee_tags, tag) != call.callee_tags.end();
  };
  // RFC 3891 §3: a tag of 0 stands for none.
  return (has(dialog.one_tag) || dialog.one_tag == "0") && (has(dialog.another_tag) || dialog.another_tag == "0");
}

bool knows(const sip::DialogReference& dialog, const Call& call) {
  const auto of = [](const std::vector<std::string>& tags, const std::string& tag) {
    return std::ranges::find(tags, tag) != tags.end();
  };
  return (of(call.caller_tags, dialog.one_tag) && of(call.callee_tags, dialog.another_tag)) ||
         (of(call.callee_tags, dialog.one_tag) && of(call.caller_tags, dialog.another_tag));
}

Referral* referral_for(Call& call, const Call& made) {
  if (made.invites.empty() || call.serial == made.serial) return nullptr;
  const std::string requested = identity_of(made.invites.front().request_uri);
  const std::string referrer = identity_of(made.referred_by);
  Referral* found = nullptr;
  for (Referral& referral : call.referrals) {
    if (referral.call != 0 || referral.target.method != "INVITE" || referral.status >= 300) continue;
    const bool goes_on = referral.outcome >= 100 && referral.outcome < 200;
    const Duration age = made.first_seen - referral.time;
    if (age < Duration(0) || (age > kLongestReferral && !goes_on) || referral.outcome >= 200) continue;
    const std::string target = identity_of(referral.target.uri);
    const bool same_target =
        target.empty() ? referral.target.uri == made.invites.front().request_uri : target == requested;
    if (!same_target) continue;
    // What the transferee sends comes from the peer of who asked, or from the B2BUA between the two.
    const IpAddress& source = made.invites.front().source;
    const bool from_call = is_host_of(call, source) && source != host_of(call, referral.referrer);
    const bool between = source == host_of(call, other(referral.referrer));
    const bool told = !referrer.empty() && referrer == identity_of(referral.referred_by);
    if (from_call || between || told) found = &referral;
  }
  return found;
}

}  // namespace tapestry::calls
