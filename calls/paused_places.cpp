#include "calls/paused_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
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

bool is_same_line(const MediaClaim& one, const MediaClaim& another) {
  return one.side == another.side && one.hop == another.hop && (one.lines & another.lines).any();
}

/// By sender: where the SDPs of a call that nobody looked at so far want media, by what was agreed on last, line by
/// line; what nothing was agreed on counts, too.
std::array<std::vector<IpAddress>, 2> agreed_hosts(const Call& call) {
  ClaimSet left;
  ClaimSet decided;
  for (const Agreement& agreement : std::views::reverse(call.agreements)) {
    const ClaimSet now = agreement.ends & ~decided;
    decided |= now;
    for (std::size_t n = 0; n < call.claims.size() && now.any(); ++n) {
      for (std::size_t other = 0; now.test(n) && other < call.claims.size(); ++other) {
        if (decided.test(other) || !is_same_line(call.claims[n], call.claims[other])) continue;
        decided.set(other);
        left.set(other);
      }
    }
  }
  std::array<std::vector<IpAddress>, 2> hosts;
  for (std::size_t n = 0; n < call.claims.size(); ++n) {
    const MediaClaim& claim = call.claims[n];
    if (!left.test(n) && !claim.candidate) hosts[index_of(claim.side)].push_back(claim.endpoint.ip);
  }
  return hosts;
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
    : rules_(rules), desk_(desk), conversations_(conversations), fail_closed_(fail_closed(rules.pauses.fail_closed)) {}

std::optional<Pattern> PausedPlaces::fail_closed(const std::string& expression) {
  if (expression.empty()) return std::nullopt;
  return Pattern("(?i)" + expression);
}

void PausedPlaces::on_message(Call& call, const sip::Message& message, const MessageInfo& info,
                              const MessageSides& sides) {
  const bool begins = message.request && message.method == "INVITE" && sides.to_tag.empty();
  if (fail_closed_ && begins && call.answered_branch() == nullptr) begin(call, message, info);
  const auto& rules = desk_.markers().rules();
  if (desk_.markers().name_hosts()) note_media_hosts(call, message, sides);
  for (std::size_t n = 0; n < rules.size(); ++n) {
    if (!is_about_places(rules[n])) continue;
    watch(call, n,
          {.mark = mark_of(rules[n].name, message, info), .source = info.source, .destination = info.destination});
  }
}

void PausedPlaces::look(CallTable& calls, const pause::Markers& before, Time now) {
  const pause::Markers& markers = desk_.markers();
  const bool hosts = markers.name_hosts() && !before.name_hosts();
  std::vector<std::size_t> fresh;
  for (std::size_t n = 0; n < markers.rules().size(); ++n) {
    const pause::MarkerRule& rule = markers.rules()[n];
    const pause::MarkerRule* const had = before.find(rule.name);
    const bool known = had != nullptr && same_places(*had, rule);
    if (!rule.retired && !known && is_about_places(rule)) fresh.push_back(n);
  }
  if (fresh.empty()) return;
  for (const std::uint64_t serial : calls.all()) {
    Call& call = *calls.find(serial);
    if (hosts) {
      call.markers.media_hosts = agreed_hosts(call);
      call.markers.offered_hosts.clear();
    }
    const PauseMark mark{.rule = {}, .message = "reload", .call_id = mask_card_numbers(call.call_id), .at = now};
    for (const std::size_t n : fresh) {
      Asked seen{.mark = mark};
      seen.mark.rule = markers.rules()[n].name;
      watch(call, n, seen);
    }
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

bool PausedPlaces::is_where_it_was(const Call& call, const std::string& rule) const {
  const auto& rules = desk_.markers().rules();
  for (std::size_t n = 0; n < rules.size(); ++n) {
    if (rules[n].retired && rules[n].name == rule && is_there(call, n)) return true;
  }
  return false;
}

void PausedPlaces::watch(Call& call, std::size_t rule, const Asked& seen) {
  const pause::MarkerRule& by = desk_.markers().rules()[rule];
  const std::string holder = by.name + " " + call.call_id;
  const bool held = std::ranges::find(call.markers.payments, holder) != call.markers.payments.end();
  // What is retired pauses nobody anew, and has no say where another rule has its name.
  if (by.retired && (!held || &by != desk_.markers().find(by.name))) return;
  const bool there = call.is_up() && (is_there(call, rule) || (held && is_where_it_was(call, by.name)));
  if (there == held) return;
  Asked asked = seen;
  asked.rule = name_of(by);
  asked.action = there ? pause::Action::Pause : pause::Action::Resume;
  if (there) {
    call.markers.payments.push_back(holder);
    desk_.hold(call, {.name = holder,
                      .mark = asked.mark,
                      .since = asked.mark.at - std::min(by.pre_roll, rules_.pauses.delay),
                      .reason = by.reason,
                      .post_roll = by.post_roll});
  } else {
    std::erase(call.markers.payments, holder);
    desk_.release(call, holder, asked.mark.at, PauseEnd::LegEnd);
  }
  desk_.note(asked, true, there ? "a leg is there" : "the leg left");
}

void PausedPlaces::on_over(Call& call) {
  for (const std::string& holder : std::exchange(call.markers.payments, {})) {
    desk_.release(call, holder, call.last_seen, PauseEnd::LegEnd);
  }
}

}  // namespace tapestry::calls
