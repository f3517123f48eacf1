#include "calls/paused_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/card_numbers.h"
#include "sipparse/body.h"
#include "sipparse/parameters.h"
#include "sipparse/sdp.h"

namespace tapestry::calls {
namespace {

constexpr std::size_t kMaxQueueNames = 16;

/// Names under which a queue may be known: the dialled address, To, and those that sent the call on.
std::vector<std::string> names_of_beginning(const sip::Message& message) {
  std::vector<std::string> names{uri_of(message.request_uri), uri_of(message.value(sip::HeaderName::To))};
  for (const sip::Header& header : message.headers) {
    if (!tells_queue(header)) continue;
    for (const std::string_view one : sip::split_list(header.value, kMaxQueueNames)) names.push_back(uri_of(one));
  }
  return names;
}

std::optional<std::vector<IpAddress>> hosts_of(const sip::Message& message) {
  const Bytes body = sip::sdp_body(message);
  const auto sdp = body.empty() ? std::nullopt : sip::parse_sdp(body);
  if (!sdp) return std::nullopt;
  std::vector<IpAddress> hosts;
  for (const sip::MediaDescription& line : sdp->media) {
    if (line.connection && line.port != 0) hosts.push_back(*line.connection);
  }
  return hosts;
}

/// A leg may be where an SDP wants it from the offer on, and has left the place before when that is accepted.
void note_media_hosts(Call& call, const sip::Message& message, const MessageSides& sides) {
  if (!negotiates(message)) return;
  MarkerState& markers = call.markers;
  const bool acknowledges = message.method == "ACK";
  const TransactionKey key{acknowledges ? "INVITE" : std::string(message.method), message.cseq, sides.requester};
  auto hosts = message.request || message.status < 300 ? hosts_of(message) : std::nullopt;
  if (hosts) {
    if (markers.offered_hosts.size() == kMaxOfferedHosts) markers.offered_hosts.erase(markers.offered_hosts.begin());
    markers.offered_hosts.push_back({key, sides.sender, std::move(*hosts)});
  }
  const bool decides = message.request ? acknowledges : message.status >= 200;
  if (!decides) return;
  const bool accepted = message.request || message.status < 300;
  std::erase_if(markers.offered_hosts, [&](OfferedHosts& offered) {
    if (offered.transaction != key) return false;
    if (accepted) markers.media_hosts[index_of(offered.sender)] = std::move(offered.hosts);
    return true;
  });
}

}  // namespace

PauseMark mark_of(const std::string& rule, const sip::Message& message, const MessageInfo& info) {
  const auto sender = message.request ? sip::HeaderName::From : sip::HeaderName::To;
  return {
      .rule = rule,
      .message = message.request ? std::string(message.method) : fmt::format("{} {}", message.status, message.method),
      .call_id = mask_card_numbers(message.call_id),
      .from = mask_card_numbers(uri_of(message.value(sender))),
      .at = info.time};
}

PausedPlaces::PausedPlaces(const Rules& rules, PauseDesk& desk, ConversationTable& conversations)
    : rules_(rules), desk_(desk), conversations_(conversations) {
  if (!rules.pauses.fail_closed.empty()) fail_closed_.emplace("(?i)" + rules.pauses.fail_closed);
}

void PausedPlaces::on_message(Call& call, const sip::Message& message, const MessageInfo& info,
                              const MessageSides& sides) {
  const bool begins = message.request && message.method == "INVITE" && sides.to_tag.empty();
  if (fail_closed_ && begins && call.answered_branch() == nullptr) begin(call, message, info);
  const auto& rules = desk_.markers().rules();
  const auto names_hosts = [](const pause::MarkerRule& rule) { return rule.destination_ip.has_value(); };
  if (std::ranges::any_of(rules, names_hosts)) note_media_hosts(call, message, sides);
  for (std::size_t n = 0; n < rules.size(); ++n) {
    if (!rules[n].destination.empty() || rules[n].destination_ip) watch(call, n, message, info);
  }
}

void PausedPlaces::begin(Call& call, const sip::Message& message, const MessageInfo& info) {
  const bool matches = std::ranges::any_of(names_of_beginning(message),
                                           [&](const std::string& name) { return fail_closed_->matches(name); });
  if (!matches || std::exchange(conversations_.of(call.serial).began_paused, true)) return;
  const Asked asked{.mark = mark_of(std::string(kFailClosed), message, info),
                    .requested = info.time,
                    .source = info.source,
                    .destination = info.destination};
  desk_.hold(call, {.name = std::string(kFailClosed),
                    .mark = asked.mark,
                    .asked = info.time,
                    .since = std::min(call.first_seen, info.time)});
  desk_.note(asked, true, "paused from its beginning");
}

bool PausedPlaces::is_there(const Call& call, std::size_t rule) const {
  const auto is_called = [&](const std::string& name) { return desk_.markers().is_destination(rule, name); };
  const auto& range = desk_.markers().rules()[rule].destination_ip;
  const auto is_host = [&](const IpAddress& host) { return range && range->contains(host); };
  return std::ranges::any_of(call.sides[1].uris, is_called) ||
         std::ranges::any_of(call.invites, is_called, &Invite::request_uri) ||
         std::ranges::any_of(call.markers.media_hosts,
                             [&](const auto& hosts) { return std::ranges::any_of(hosts, is_host); }) ||
         std::ranges::any_of(call.markers.offered_hosts,
                             [&](const OfferedHosts& offered) { return std::ranges::any_of(offered.hosts, is_host); });
}

void PausedPlaces::watch(Call& call, std::size_t rule, const sip::Message& message, const MessageInfo& info) {
  const pause::MarkerRule& by = desk_.markers().rules()[rule];
  const std::string holder = by.name + " " + call.call_id;
  const bool held = std::ranges::find(call.markers.payments, holder) != call.markers.payments.end();
  const bool there = call.is_up() && is_there(call, rule);
  if (there == held) return;
  const Asked asked{.rule = rule,
                    .action = there ? pause::Action::Pause : pause::Action::Resume,
                    .mark = mark_of(by.name, message, info),
                    .source = info.source,
                    .destination = info.destination};
  if (there) {
    call.markers.payments.push_back(holder);
    desk_.hold(call, {.name = holder,
                      .mark = asked.mark,
                      .since = info.time - std::min(by.pre_roll, rules_.pauses.delay),
                      .reason = by.reason,
                      .post_roll = by.post_roll});
  } else {
    std::erase(call.markers.payments, holder);
    desk_.release(call, holder, info.time, PauseEnd::LegEnd);
  }
  desk_.note(asked, true, there ? "a leg is there" : "the leg left");
}

void PausedPlaces::on_over(Call& call) {
  for (const std::string& holder : std::exchange(call.markers.payments, {})) {
    desk_.release(call, holder, call.last_seen, PauseEnd::LegEnd);
  }
}

}  // namespace tapestry::calls
