#include "tests/leak/schedule.h"

#include <algorithm>
#include <functional>
#include <list>
#include <map>

#include "tests/leak/plan.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/keys.h"
#include "tests/support/scenes/pauses.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::leak {
namespace {

using namespace scenes;

constexpr const char* kRules = R"(
[[marker]]
name = "pay"
header = "X-Pay"
pause = "^begin$"
resume = "^end$"

[[marker]]
name = "privacy"
side = "any"
header = "X-Privacy"
pause = "^on$"
resume = "^off$"

[[marker]]
name = "star codes"
dtmf_pause = "*91"
dtmf_resume = "*92"
)";

/// Where a marker can be sent: the agent is the callee of each.
struct Place {
  Leg* leg = nullptr;
  double from = 0;
  double to = 0;
};

class Builder {
 public:
  Builder(std::uint64_t seed, bool until_known)
      : dice_(seed), script_("leak_" + std::to_string(seed), "random"), until_known_(until_known) {
    for (std::uint8_t& octet : made_.pattern) octet = static_cast<std::uint8_t>(dice_.number(256));
    script_.configure(kRules);
  }

  Schedule build() {
    place_calls();
    const Plan plan = plan_of(dice_, 2.6, end_, places_.size() == 1);
    made_.story = story_of(plan);
    for (const Span& span : plan.paused) {
      cover(span);
      say_cards(span);
    }
    for (const Asked& one : plan.asked) {
      then(one.at, [this, one] { send(one); });
    }
    std::multimap<double, std::function<void()>> ordered;  // keeps the order of those of one time
    for (auto& [at, act] : actions_) ordered.emplace(at, std::move(act));
    for (const auto& [at, act] : ordered) act();
    if (dice_.chance(40)) script_.mirror(0, end_ + 2, 0.0002 + 0.1 * dice_.part(), dice_.chance(50) ? 30 : 0, true);
    made_.scene = script_.end({});
    return std::move(made_);
  }

 private:
  void place_calls();
  void transfer();
  void consult_and_transfer();
  void hang_up(Leg& leg, double at, Side from) {
    then(at, [this, &leg, at, from] { bye(script_, at, leg, from); });
  }
  void send(const Asked& one);
  void send_request(const Asked& one, Leg& leg);
  void cover(const Span& span);
  void say_cards(const Span& span);
  void say_card(double at, double until, Leg& leg);
  /// Messages are sent in order of time, as the numbers in CSeq are counted.
  using Action = std::pair<double, std::function<void()>>;
  void then(double at, std::function<void()> act) { actions_.emplace_back(at, std::move(act)); }
  Leg& keep(Leg leg) { return legs_.emplace_back(std::move(leg)); }
  Leg& leg_at(double at);

  Dice dice_;
  Script script_;
  bool until_known_;
  Leg* customers_ = nullptr;  ///< where the customer's own messages are seen, if not where the agent's are
  double end_ = 0;
  std::list<Leg> legs_;
  std::vector<Place> places_;
  std::vector<Action> actions_;
  Schedule made_;
};

void Builder::place_calls() {
  end_ = 9 + 4 * dice_.part();
  const unsigned shape = dice_.number(until_known_ ? 3 : 4);
  if (shape == 1) {
    Bridge call = bridge(script_, cast::customer(), cast::agent(1), cast::pbx_for(cast::customer()));
    Leg& outer = keep(std::move(call.outer));
    Leg& inner = keep(std::move(call.inner));
    Bridge both{.outer = outer, .inner = inner};
    const Setup tied{.headers = "User-to-User: 00FA080001247C5E46F6E6;encoding=hex\r\n"};
    talk(script_, connect(script_, 1, both, Relay::NewSsrc, tied, tied), end_, both, Relay::NewSsrc);
    outer = both.outer;
    inner = both.inner;
    places_ = {{&inner, 2.3, end_}};
    customers_ = &outer;
    hang_up(outer, end_, Side::Caller);
    hang_up(inner, end_ + 0.05, Side::Caller);
  } else if (shape == 2) {
    transfer();
  } else if (shape == 3) {
    consult_and_transfer();
  } else {
    Leg& leg = keep(first_call(script_, end_));
    places_ = {{&leg, 2.3, end_}};
    hang_up(leg, end_, Side::Caller);
  }
}

void Builder::transfer() {
  Leg& first = keep(first_call(script_, 6));
  then(6, [this, &first] { refer(script_, 6, first, Side::Callee, uri(cast::agent(2))); });
  Leg& second = keep(script_.leg(cast::customer(), cast::agent(2)));
  script_.talk(connect(script_, 6.2, second, {.headers = referred_by_first(), .rings = -1, .answers = 0.3}), end_,
               second);
  then(6.6, [this, &first] { notify_refer(script_, 6.6, first, Side::Caller, "200 OK"); });
  hang_up(first, 6.9, Side::Callee);
  places_ = {{&first, 2.3, 6.7}, {&second, 6.7, end_}};
  hang_up(second, end_, Side::Caller);
}

void Builder::consult_and_transfer() {
  end_ += 2;
  Leg& first = keep(first_call(script_, 5));
  then(5, [this, &first] { hold(script_, 5, first, Side::Callee); });
  Leg& between = keep(script_.leg(cast::agent(1), cast::agent(2)));
  script_.talk(connect(script_, 5.2, between, {.rings = -1, .answers = 0.3}), 8, between);
  const std::string replaces = dialog_of(between, Side::Callee);
  const std::string target = uri(cast::agent(2)) + "?Replaces=" + escaped(replaces);
  then(8, [this, &first, target] { refer(script_, 8, first, Side::Callee, target); });
  Leg& second = keep(script_.leg(cast::customer(), cast::agent(2)));
  script_.talk(
      connect(script_, 8.1, second,
              {.headers = referred_by_first() + "Replaces: " + replaces + "\r\n", .rings = -1, .answers = 0.2}),
      end_, second);
  hang_up(between, 8.4, Side::Callee);
  hang_up(first, 8.8, Side::Callee);
  places_ = {{&first, 2.3, 8.6}, {&second, 8.6, end_}};
  hang_up(second, end_, Side::Caller);
}

Leg& Builder::leg_at(double at) {
  const auto holds = [at](const Place& place) { return at >= place.from && at < place.to; };
  const auto found = std::ranges::find_if(places_, holds);
  return found == places_.end() ? *places_.back().leg : *found->leg;
}

void Builder::send(const Asked& one) {
  Leg& leg = one.by_customer && customers_ != nullptr ? *customers_ : leg_at(one.at);
  const Transaction initial = leg.invite;
  switch (one.rule) {
    case Rule::Codes:
      keys(script_, one.at, leg, Side::Callee, one.pauses ? "*91" : "*92", kCodeTimes);
      break;
    case Rule::Attribute:
      reinvite_with(script_, one.at, leg, Side::Callee, one.pauses ? "a=record:paused" : "a=record:on", one.variant,
                    one.status.empty() ? "200 OK" : one.status);
      break;
    default:
      send_request(one, leg);
  }
  if (one.refreshed > 0) reinvite(script_, one.refreshed, leg, Side::Caller, "sendrecv", "sendrecv");
  leg.invite = initial;
}

void Builder::send_request(const Asked& one, Leg& leg) {
  const Side from = one.by_customer ? Side::Caller : Side::Callee;
  const Transaction sent = script_.request(one.at, leg, from, "INFO", {.headers = header_of(one) + "\r\n"});
  for (const double again : one.again) script_.retransmit(again);
  if (!one.status.empty()) script_.respond(one.at + kReplySeconds, leg, sent, one.status);
}

void Builder::cover(const Span& span) {
  constexpr double kEdge = 0.025;
  for (const Leg& leg : legs_) {
    for (const Side side : {Side::Caller, Side::Callee}) {
      const Stream stream = stream_of(leg, side);
      testing::Buffer payload;
      for (int i = 0; i < 10; ++i) payload.insert(payload.end(), made_.pattern.begin(), made_.pattern.end());
      for (const Script::Sent& packet : script_.sent(stream, span.from + kEdge, span.to - kEdge)) {
        script_.replace(
            stream, packet,
            testing::rtp_packet(0, packet.sequence, packet.timestamp, script_.ssrc_of(stream), false, payload));
        ++made_.patterned;
      }
    }
  }
}

void Builder::say_cards(const Span& span) {
  double at = span.from + 0.05;
  while (at + 0.3 < span.to) {
    Leg& leg = leg_at(at);
    say_card(at, span.to - 0.1, leg);
    at += 1.8 + dice_.part();
  }
}

void Builder::say_card(double at, double until, Leg& leg) {
  constexpr KeyTimes kFast{.pressed = 0.06, .between = 0.04};
  const std::string card = kCard;
  const Side who = dice_.chance(70) ? Side::Caller : Side::Callee;
  const auto request = [&](const std::string& method, const Extra& extra) {
    then(at, [this, at, who, &leg, method, extra] { transact(script_, at, leg, who, method, extra); });
  };
  const unsigned kind = dice_.number(7);
  if (kind < 3 && at + scenes::length_of(card, kFast) > until) return;
  ++made_.cards;
  if (kind == 0) {
    then(at, [=, this, &leg] { keys(script_, at, leg, Side::Caller, card, kFast); });
  } else if (kind == 1) {
    then(at, [=, this, &leg] { tones(script_, at, stream_of(leg, Side::Caller), card, kFast); });
  } else if (kind == 2) {
    const bool plain = dice_.chance(50);
    for (std::size_t i = 0; i < card.size(); ++i) {
      const double pressed = at + 0.1 * static_cast<double>(i);
      const std::string digit(1, card[i]);
      then(pressed, [=, this, &leg] { info_keys(script_, pressed, leg, who, digit, plain, kFast); });
    }
  } else if (kind == 3) {
    request("INFO", {.headers = "X-Card: " + card + "\r\n"});
  } else if (kind == 4) {
    request("INFO", {.headers = "User-to-User: " + card + ";encoding=hex\r\n"});
  } else if (kind == 5) {
    request("MESSAGE",
            {.type = "text/plain", .body = dice_.chance(50) ? "4111 1111 1111 1111" : "it is 4111-1111-1111-1111."});
  } else {
    request("INFO", {.type = "application/x-payment", .body = "card=" + card});
  }
}

}  // namespace

Schedule schedule_of(std::uint64_t seed, bool until_known) { return Builder(seed, until_known).build(); }

}  // namespace tapestry::leak
