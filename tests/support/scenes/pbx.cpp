// Calls that a PBX moves behind its dialogs: phones talk to nobody but the PBX, which relays.
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

std::string session(char digit) {
  return "Session-ID: " + std::string(32, digit) + ";remote=" + std::string(32, '0') + "\r\n";
}

Setup tied(char digit, const std::string& more = {}) { return {.headers = session(digit) + more}; }

/// The customer talks to agent 1 through the PBX from 2.2 to `until`.
Bridge first_bridge(Script& script, double until, Relay relay, bool keyed = true) {
  Bridge call = bridge(script, customer(), agent(1), pbx_for(customer()));
  const Setup setup = keyed ? tied('a') : Setup{};
  talk(script, connect(script, 1, call, relay, setup, setup), until, call, relay);
  return call;
}

/// The customer's dialog and agent 2's, joined in the PBX, talk until the customer hangs up.
void joined(Script& script, double from, double to, Bridge& first, Leg& second, Relay relay) {
  talk(script, from, to, Bridge{.outer = first.outer, .inner = second}, relay);
  bye(script, to, first.outer, Side::Caller);
  bye(script, to + 0.05, second, Side::Caller);
}

/// The held customer talks on, unheard, and hears the PBX's music.
void on_hold(Script& script, double from, double to, const Leg& outer) {
  script.say(from, to, outer, Side::Caller);
  script.say(from + 0.1, to, outer, Side::Callee, "moh");
}

Scene attended(std::string name, bool keyed, Relay relay) {
  Script script(std::move(name), "Warm transfer at a PBX: it joins the dialogs of customer and agent 2 inside itself.");
  Bridge first = first_bridge(script, 8, relay, keyed);
  hold(script, 8, first.inner, Side::Callee);
  on_hold(script, 8, 13.5, first.outer);
  Bridge between{.outer = script.leg(agent(1), pbx_for(agent(2))), .inner = script.leg(pbx_for(agent(1)), agent(2))};
  const Setup setup = keyed ? tied('b') : Setup{};
  talk(script, connect(script, 8.5, between, relay, setup, setup), 13, between, relay);
  refer(script, 13, first.inner, Side::Callee,
        uri(agent(2)) + "?Replaces=" + escaped(dialog_of(between.outer, Side::Callee)));
  notify_refer(script, 13.3, first.inner, Side::Caller, "200 OK");
  reinvite(script, 13.35, between.inner, Side::Caller, "sendrecv", "sendrecv",
           "P-Asserted-Identity: <" + uri(customer()) + ">\r\n");
  bye(script, 13.5, first.inner, Side::Callee);
  bye(script, 13.52, between.outer, Side::Callee);
  joined(script, 13.6, 20, first, between.inner, relay);
  Recording one = recording_of(agent(1), 2.2, 13.5, {{2.2, 8, "cust"}, {9.7, 13, "a2"}});
  one.gaps = {{"hold", 8, 13.5}};
  Transfer transfer = first_to_second();
  transfer.consultation = true;
  return script.end(
      {{.call_ids = {first.outer.call_id, first.inner.call_id, between.outer.call_id, between.inner.call_id},
        .recordings = {one, recording_of(agent(2), 9.65, 20, {{9.7, 13, "a1"}, {13.6, 20, "cust"}})},
        .parties = customer_and_two(),
        .transfers = {transfer}}});
}

Scene attended_keyed(std::string name) { return attended(std::move(name), true, Relay::Recoded); }
Scene attended_unkeyed(std::string name) { return attended(std::move(name), false, Relay::SameSsrc); }

/// Agent 1 until `drops`, agent 2 from `joins` to 15.
Conversation moved(const Bridge& first, const Leg& second, double drops, double joins) {
  return {.call_ids = {first.outer.call_id, first.inner.call_id, second.call_id},
          .recordings = {recording_of(agent(1), 2.2, drops, {{2.2, 8, "cust"}}),
                         recording_of(agent(2), joins, 15, {{joins + 0.1, 15, "cust"}})},
          .parties = customer_and_two(),
          .transfers = {first_to_second()}};
}

Scene blind(std::string name) {
  Script script(std::move(name), "Blind transfer at a PBX: the REFER goes to the PBX, which calls agent 2.");
  Bridge first = first_bridge(script, 8, Relay::NewSsrc);
  refer(script, 8, first.inner, Side::Callee, uri(agent(2)));
  Leg second = script.leg(pbx_for(customer()), agent(2));
  connect(script, 8.2, second, {.headers = referred_by_first()});
  notify_refer(script, 9.3, first.inner, Side::Caller, "200 OK");
  bye(script, 9.5, first.inner, Side::Callee);
  joined(script, 9.32, 15, first, second, Relay::NewSsrc);
  return script.end({moved(first, second, 9.5, 9.22)});
}

Scene silent(std::string name) {
  Script script(std::move(name), "A PBX moves the customer to agent 2 by itself: no REFER, no new description.");
  Bridge first = first_bridge(script, 8, Relay::Recoded);
  Leg second = script.leg(pbx_for(customer()), agent(2));
  connect(script, 8, second, tied('a'));
  bye(script, 9.1, first.inner, Side::Caller);
  joined(script, 9.12, 15, first, second, Relay::Recoded);
  return script.end({moved(first, second, 9.1, 9.02)});
}

Scene held(std::string name) {
  Script script(std::move(name), "Hold behind a PBX: the customer's own dialog does not show it.");
  Bridge call = first_bridge(script, 7, Relay::NewSsrc);
  hold(script, 7, call.inner, Side::Callee);
  on_hold(script, 7, 11, call.outer);
  resume(script, 11, call.inner, Side::Callee);
  talk(script, 11.1, 14, call, Relay::NewSsrc);
  bye(script, 14, call);
  Recording recording = recording_of(agent(1), 2.2, 14, {{2.2, 7, "cust"}, {11.1, 14, "cust"}});
  recording.gaps = {{"hold", 7, 11}};
  Conversation truth = plain_truth({call.outer.call_id, call.inner.call_id}, recording);
  truth.history = {{"hold", uri(customer()), 7}, {"unhold", uri(customer()), 11}};
  return script.end({truth});
}

Scene rings_on_no_answer(std::string name) {
  Script script(std::move(name), "A queue on the PBX tries agent 1 in vain, then agent 2.");
  Bridge call{.outer = script.leg(customer(), pbx_for(queue())), .inner = {}};
  const double answered = connect(script, 1, call.outer, {.headers = session('a'), .rings = -1, .answers = 0.5});
  script.say(answered, 7.3, call.outer, Side::Caller);
  script.say(answered, 7.3, call.outer, Side::Callee);
  Leg vain = script.leg(pbx_for(customer()), agent(1));
  invite(script, 3, vain, tied('a'));
  script.respond(3.3, vain, vain.invite, "180 Ringing");
  cancel(script, 6, vain);
  call.inner = script.leg(pbx_for(customer()), agent(2));
  connect(script, 6.2, call.inner, tied('a'));
  talk(script, 7.3, 14, call, Relay::NewSsrc);
  bye(script, 14, call);
  return script.end({{.call_ids = {call.outer.call_id, call.inner.call_id},
                      .recordings = {recording_of(agent(2), 7.22, 14, {{7.3, 14, "cust"}})},
                      .parties = {party_of(customer(), "customer"), party_of(agent(2), "agent")},
                      .bots = {uri(queue())},
                      .more_recordings = true}});
}

Scene rings_all(std::string name) {
  Script script(std::move(name), "A PBX calls three agents at once under Call-IDs of their own; agent 2 answers.");
  Bridge call = bridge(script, customer(), agent(2), pbx_for(customer()));
  std::vector<Leg> others;
  for (const int number : {1, 3}) {
    others.push_back(script.leg(pbx_for(customer()), agent(number)));
    invite(script, 1.1, others.back(), tied('a'));
    script.respond(1.4, others.back(), others.back().invite, "180 Ringing");
  }
  talk(script, connect(script, 1, call, Relay::NewSsrc, tied('a'), tied('a')), 12, call, Relay::NewSsrc);
  for (Leg& leg : others) {
    cancel(script, 2.15, leg, "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n");
  }
  bye(script, 12, call);
  return script.end({{.call_ids = {call.outer.call_id, call.inner.call_id},
                      .recordings = {recording_of(agent(2), 2.2, 12, {{2.2, 12, "cust"}})},
                      .parties = {party_of(customer(), "customer"), party_of(agent(2), "agent")},
                      .absent = {uri(agent(1)), uri(agent(3))},
                      .no_transfer = true}});
}

Scene outbound(std::string name) {
  Script script(std::move(name), "Agent 1 calls a customer through the PBX.");
  Bridge call{.outer = script.leg(agent(1), pbx_for(customer())), .inner = script.leg(pbx_for(agent(1)), customer())};
  talk(script, connect(script, 1, call, Relay::NewSsrc, tied('a'), tied('a')), 12, call, Relay::NewSsrc);
  bye(script, 12, call);
  return script.end(
      {plain_truth({call.outer.call_id, call.inner.call_id}, recording_of(agent(1), 2.2, 12, {{2.2, 12, "cust"}}))});
}

Scene internal(std::string name) {
  Script script(std::move(name), "Agent 1 calls agent 2 through the PBX: a recording of each.");
  Bridge call{.outer = script.leg(agent(1), pbx_for(agent(2))), .inner = script.leg(pbx_for(agent(1)), agent(2))};
  talk(script, connect(script, 1, call, Relay::NewSsrc, tied('a'), tied('a')), 12, call, Relay::NewSsrc);
  bye(script, 12, call);
  return script.end({{.call_ids = {call.outer.call_id, call.inner.call_id},
                      .recordings = {recording_of(agent(1), 2.2, 12, {{2.2, 12, "a2"}}),
                                     recording_of(agent(2), 2.2, 12, {{2.2, 12, "a1"}})},
                      .parties = {party_of(agent(1), "agent"), party_of(agent(2), "agent")},
                      .no_transfer = true}});
}

}  // namespace

std::vector<SceneEntry> pbx_scenes() {
  return {{"pbx_transfer_attended", attended_keyed},
          {"pbx_transfer_attended_unkeyed", attended_unkeyed},
          {"pbx_transfer_blind", blind},
          {"pbx_transfer_silent", silent},
          {"pbx_held", held},
          {"pbx_rings_on_no_answer", rings_on_no_answer},
          {"pbx_rings_all", rings_all},
          {"pbx_outbound", outbound},
          {"pbx_internal", internal}};
}

}  // namespace tapestry::scenes
