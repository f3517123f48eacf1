// Conferences that call their participants (RFC 4579 §5.5), and phones that are one.
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/more_scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 20;

/// The focus, whose Contact names its host where its address of record names the domain.
Peer focus() { return mixer(); }
const std::string kContact = "<sip:conf88@10.2.0.8:5060;transport=udp>;isfocus";

/// The focus calls `who`: INVITE at `at`, ACK 0.52 s later.
Leg call(Script& script, double at, const Peer& who, const std::string& headers = {}) {
  Leg leg = script.leg(focus(), who);
  leg.caller.contact = kContact;
  connect(script, at, leg, {.headers = headers, .rings = 0.1, .answers = 0.5});
  return leg;
}

/// RFC 4575: users with the status of their one endpoint.
Extra roster(unsigned version, const std::string& state, const std::vector<std::pair<Peer, std::string>>& users) {
  std::string list;
  for (const auto& [who, status] : users)
    list += fmt::format(
        "<user entity=\"{0}\" state=\"full\"><display-text>{1}</display-text><endpoint "
        "entity=\"sip:{3}@{4}\"><status>{2}</status>"
        "<joining-method>dialed-out</joining-method></endpoint></user>\r\n",
        uri(who), who.display, status, who.aor.substr(0, who.aor.find('@')), who.ip);
  return {.headers = "Event: conference\r\nSubscription-State: active;expires=600\r\n",
          .type = "application/conference-info+xml",
          .body = fmt::format("<?xml version=\"1.0\"?>\r\n<conference-info "
                              "xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"{}\" state=\"{}\" "
                              "version=\"{}\"><users state=\"{}\">\r\n{}</users></conference-info>\r\n",
                              uri(focus()), state, version, state, list)};
}

/// What agent 1 lives, who is called at 1: the customer from 4 on, agent 2 as well from 8 to 16.
Recording of_first() {
  Recording recording = recording_of(agent(1), 1.52, kEnd, {{4, 8, "cust"}, {8, 16, "cust+a2"}, {16, kEnd, "cust"}});
  recording.channels[1] = {{1.52, kEnd, "a1"}};
  return recording;
}

void talk_of_first(Script& script, const Leg& leg) {
  script.say(1.52, kEnd, leg, Side::Callee);
  script.say(4, 8, leg, Side::Caller, "cust");
  script.say(8, 16, leg, Side::Caller, "cust+a2");
  script.say(16, kEnd, leg, Side::Caller, "cust");
}

std::vector<Event> comings() {
  return {{"join", uri(customer()), 4}, {"join", uri(agent(2)), 8}, {"drop", uri(agent(2)), 16}};
}

Scene dials_out(std::string name) {
  Script script(std::move(name), "A focus calls agent 1, the customer and agent 2; all their calls are seen.");
  Leg one = call(script, 1, agent(1));
  Leg outside = call(script, 3.48, customer());
  Leg two = call(script, 7.48, agent(2));
  talk_of_first(script, one);
  script.say(4, kEnd, outside, Side::Callee);
  script.say(4, 8, outside, Side::Caller, "a1");
  script.say(8, 16, outside, Side::Caller, "a1+a2");
  script.say(16, kEnd, outside, Side::Caller, "a1");
  script.say(8, 16, two, Side::Callee);
  script.say(8, 16, two, Side::Caller, "a1+cust");
  bye(script, 16, two, Side::Callee);
  bye(script, kEnd, one, Side::Callee);
  bye(script, kEnd, outside, Side::Caller);
  return script.end({{.call_ids = {one.call_id, outside.call_id, two.call_id},
                      .recordings = {of_first(), recording_of(agent(2), 8, 16, {{8, 16, "a1+cust"}})},
                      .parties = customer_and_two(),
                      .history = comings(),
                      .absent = {uri(focus())},
                      .no_transfer = true}});
}

/// Only the focus's call to agent 1 is seen; `tell` sends its documents.
Scene seen_by_first(Script& script, Leg& one, const auto& tell) {
  talk_of_first(script, one);
  const Peer a = agent(1);
  const Peer b = agent(2);
  const Peer c = customer();
  tell(1.6, roster(1, "full", {{a, "connected"}, {c, "dialing-out"}}));
  tell(4, roster(2, "full", {{a, "connected"}, {c, "connected"}}));
  tell(7.5, roster(3, "partial", {{b, "alerting"}}));
  tell(8, roster(4, "partial", {{b, "connected"}}));
  tell(16, roster(5, "partial", {{b, "disconnected"}}));
  bye(script, kEnd, one, Side::Caller);
  return script.end({{.call_ids = {one.call_id},
                      .recordings = {of_first()},
                      .parties = {party_of(a, "agent"), party_of(c, "customer"), party_of(b, "agent")},
                      .history = comings(),
                      .absent = {uri(focus())},
                      .no_transfer = true}});
}

Scene dials_out_alone(std::string name) {
  Script script(std::move(name), "A focus calls agent 1; its roster in that dialog tells of whom else it called.");
  Leg one = call(script, 1, agent(1));
  return seen_by_first(script, one, [&](double at, const Extra& document) {
    transact(script, at, one, Side::Caller, "NOTIFY", document);
  });
}

Scene dials_out_subscribed(std::string name) {
  Script script(std::move(name), "The same, with the roster in a subscription of its own, made by agent 1's phone.");
  Leg one = call(script, 1, agent(1));
  Leg subscription = script.leg(agent(1), focus());
  transact(script, 1.55, subscription, Side::Caller, "SUBSCRIBE", {.headers = "Event: conference\r\nExpires: 600\r\n"});
  return seen_by_first(script, one, [&](double at, const Extra& document) {
    transact(script, at, subscription, Side::Callee, "NOTIFY", document);
  });
}

Scene asked_to_dial_out(std::string name) {
  Script script(std::move(name), "Agent 1 is in a conference and refers its focus to the customer, then to agent 2.");
  Leg one = script.leg(agent(1), focus());
  connect(script, 1, one, {.answer_headers = "Contact: " + kContact + "\r\n", .rings = -1, .answers = 0.5});
  const auto add = [&](double at, const Peer& who) {
    refer(script, at, one, Side::Caller, uri(who));
    Leg leg = call(script, at + 0.1, who, referred_by_first());
    notify_refer(script, at + 0.7, one, Side::Callee, "200 OK");
    return leg;
  };
  Leg outside = add(3.38, customer());
  Leg two = add(7.38, agent(2));
  script.say(1.52, kEnd, one, Side::Caller);
  script.say(4, 8, one, Side::Callee, "cust");
  script.say(8, 16, one, Side::Callee, "cust+a2");
  script.say(16, kEnd, one, Side::Callee, "cust");
  script.say(4, kEnd, outside, Side::Callee);
  script.say(4, 8, outside, Side::Caller, "a1");
  script.say(8, 16, outside, Side::Caller, "a1+a2");
  script.say(16, kEnd, outside, Side::Caller, "a1");
  script.say(8, 16, two, Side::Callee);
  script.say(8, 16, two, Side::Caller, "a1+cust");
  bye(script, 16, two, Side::Callee);
  bye(script, kEnd, one, Side::Caller);
  bye(script, kEnd, outside, Side::Callee);
  return script.end({{.call_ids = {one.call_id, outside.call_id, two.call_id},
                      .recordings = {of_first(), recording_of(agent(2), 8, 16, {{8, 16, "a1+cust"}})},
                      .parties = customer_and_two(),
                      .history = comings(),
                      .absent = {uri(focus())},
                      .no_transfer = true}});
}

Scene phone_is_focus(std::string name) {
  Script script(std::move(name), "Agent 1's phone mixes the customer and agent 2 and tells both that it is a focus.");
  Leg first = first_call(script, 8);
  Leg between = consult(script, first, 13);
  first.callee.contact = "<sip:1001@10.1.0.21:5060>;isfocus";
  between.caller.contact = first.callee.contact;
  resume(script, 13, first, Side::Callee);
  reinvite(script, 13.1, between, Side::Caller, "sendrecv", "sendrecv");
  script.say(13, kEnd, between, Side::Callee);
  script.say(13.2, kEnd, between, Side::Caller, "a1+cust");
  script.say(13.2, kEnd, first, Side::Caller);
  script.say(13.2, kEnd, first, Side::Callee, "a1+a2");
  bye(script, kEnd, between, Side::Caller);
  bye(script, kEnd, first, Side::Callee);
  Recording one = recording_of(agent(1), 2.02, kEnd, {{2.02, 8, "cust"}, {9.52, 13, "a2"}, {13.2, kEnd, "cust+a2"}});
  one.gaps = {{"hold", 8, 13}};
  one.own_may_mix = true;
  Recording two = recording_of(agent(2), 9.52, kEnd, {{9.52, 13, "a1"}, {13.2, kEnd, "a1+cust"}});
  return script.end({{.call_ids = {first.call_id, between.call_id},
                      .recordings = {one, two},
                      .parties = customer_and_two(),
                      .history = {{"hold", uri(customer()), 8}, {"unhold", uri(customer()), 13}},
                      .no_transfer = true}});
}

}  // namespace

std::vector<SceneEntry> focus_scenes() {
  return {{"conference_dials_out", dials_out},
          {"conference_dials_out_alone", dials_out_alone},
          {"conference_dials_out_subscribed", dials_out_subscribed},
          {"conference_asked_to_dial_out", asked_to_dial_out},
          {"conference_phone_is_focus", phone_is_focus}};
}

}  // namespace tapestry::scenes
