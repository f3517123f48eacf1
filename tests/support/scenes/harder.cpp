// What goes wrong when links are guessed too boldly, or not boldly enough.
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

const std::string kSession = "Session-ID: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;remote=00000000000000000000000000000000\r\n";

/// The customer talks to agent 1 through the PBX from 2.2 to `until`; Session-ID ties the dialogs.
Bridge tied_call(Script& script, double until) {
  Bridge call = bridge(script, customer(), agent(1), pbx_for(customer()));
  const Setup setup{.headers = kSession};
  talk(script, connect(script, 1, call, Relay::NewSsrc, setup, setup), until, call, Relay::NewSsrc);
  return call;
}

Scene conference(std::string name) {
  Script script(std::move(name), "A PBX adds agent 2 to a call and mixes; no focus says so.");
  Bridge call = tied_call(script, 9.2);
  Leg second = script.leg(pbx_for(customer()), agent(2));
  connect(script, 8, second, {.headers = kSession});
  script.say(9.2, 18, call.outer, Side::Caller);
  script.say(9.2, 18, call.outer, Side::Callee, "a1+a2");
  script.say(9.2, 18, call.inner, Side::Callee);
  script.say(9.2, 18, call.inner, Side::Caller, "cust+a2");
  script.say(9.2, 18, second, Side::Callee);
  script.say(9.2, 18, second, Side::Caller, "cust+a1");
  bye(script, 18, call);
  bye(script, 18.05, second, Side::Caller);
  Recording one = recording_of(agent(1), 2.2, 18, {{2.2, 9.2, "cust"}, {9.2, 18, "cust+a2"}});
  Recording two = recording_of(agent(2), 9.02, 18, {{9.2, 18, "cust+a1"}});
  return script.end({{.call_ids = {call.outer.call_id, call.inner.call_id, second.call_id},
                      .recordings = {one, two},
                      .parties = customer_and_two(),
                      .no_transfer = true}});
}

Scene monitor(std::string name) {
  Script script(std::move(name), "A PBX lets a supervisor listen in a dialog of its own.");
  Bridge call = tied_call(script, 14);
  Leg listening = script.leg(pbx_for(agent(1)), supervisor());
  connect(script, 5, listening,
          {.headers = kSession, .rings = -1, .answers = 0.2, .offer = "sendonly", .answer = "recvonly"});
  script.say(5.3, 12, listening, Side::Caller, "cust+a1");
  bye(script, 12, listening, Side::Callee);
  bye(script, 14, call);
  Conversation truth = plain_truth({call.outer.call_id, call.inner.call_id, listening.call_id},
                                   recording_of(agent(1), 2.2, 14, {{2.2, 14, "cust"}}));
  truth.parties.push_back(party_of(supervisor(), "supervisor"));
  truth.no_transfer = true;
  return script.end({truth});
}

Scene recall(std::string name) {
  Script script(std::move(name), "The target of a blind transfer is busy: the PBX calls agent 1 back.");
  Bridge call = tied_call(script, 8);
  refer(script, 8, call.inner, Side::Callee, uri(agent(2)), "Refer-Sub: false\r\n");
  bye(script, 8.1, call.inner, Side::Callee);
  Leg vain = script.leg(pbx_for(customer()), agent(2));
  invite(script, 8.2, vain, {.headers = kSession + referred_by_first()});
  reject(script, 9, vain, "486 Busy Here");
  Leg back = script.leg(pbx_for(customer()), agent(1));
  connect(script, 9.5, back, {.headers = kSession});
  talk(script, 10.6, 16, Bridge{.outer = call.outer, .inner = back}, Relay::NewSsrc);
  bye(script, 16, call.outer, Side::Caller);
  bye(script, 16.05, back, Side::Caller);
  return script.end({plain_truth({call.outer.call_id, call.inner.call_id, back.call_id},
                                 recording_of(agent(1), 2.2, 16, {{2.2, 8, "cust"}, {10.6, 16, "cust"}}))});
}

Scene media_moves(std::string name) {
  Script script(std::move(name), "The customer's media moves to another address with a re-INVITE.");
  Leg leg = first_call(script, 7);
  leg.caller.media = testing::endpoint("10.9.0.12:41000");
  reinvite(script, 7, leg, Side::Caller, "sendrecv", "sendrecv");
  script.talk(7.1, 14, leg);
  bye(script, 14, leg, Side::Caller);
  Recording recording = recording_of(agent(1), 2.02, 14, {{2.02, 7, "cust"}, {7.1, 14, "cust"}});
  return script.end({plain_truth({leg.call_id}, recording)});
}

Scene blind_while_held(std::string name) {
  Script script(std::move(name), "Agent 1 holds the customer with music, and refers without a consultation.");
  Leg first = first_call(script, 8);
  hold(script, 8, first, Side::Callee);
  script.say(8.1, 9.6, first, Side::Callee, "moh");
  refer(script, 8.5, first, Side::Callee, uri(agent(2)));
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 8.7, second, {.headers = referred_by_first()}), 15, second);
  notify_refer(script, 9.8, first, Side::Caller, "200 OK");
  bye(script, 10, first, Side::Callee);
  bye(script, 15, second, Side::Caller);
  Recording one = recording_of(agent(1), 2.02, 10, {{2.02, 8, "cust"}});
  one.gaps = {{"hold", 8, 10}};
  return script.end({{.call_ids = {first.call_id, second.call_id},
                      .recordings = {one, recording_of(agent(2), 9.72, 15, {{9.72, 15, "cust"}})},
                      .parties = customer_and_two(),
                      .transfers = {first_to_second()}}});
}

Scene redial(std::string name) {
  Script script(std::move(name),
                "A customer gives up, and calls again 3 s after the first attempt: two conversations.");
  Bridge vain = bridge(script, customer(), agent(1), pbx_for(customer()));
  invite(script, 1, vain.outer);
  invite(script, 1.1, vain.inner);
  script.respond(1.4, vain.inner, vain.inner.invite, "180 Ringing");
  script.respond(1.45, vain.outer, vain.outer.invite, "180 Ringing");
  cancel(script, 3, vain.outer);
  cancel(script, 3.05, vain.inner);
  Bridge call = bridge(script, customer(), agent(1), pbx_for(customer()));
  talk(script, connect(script, 4, call, Relay::Recoded), 14, call, Relay::Recoded);
  bye(script, 14, call);
  Conversation first{.call_ids = {vain.outer.call_id, vain.inner.call_id},
                     .parties = {party_of(customer(), "customer"), party_of(agent(1), "agent")},
                     .disposition = "no-answer",
                     .no_transfer = true};
  Conversation second =
      plain_truth({call.outer.call_id, call.inner.call_id}, recording_of(agent(1), 5.2, 14, {{5.2, 14, "cust"}}));
  return script.end({first, second});
}

Scene calls_again(std::string name) {
  Script script(std::move(name), "The same customer calls the same agent twice, 3 s apart: two conversations.");
  std::vector<Conversation> truth;
  for (const double at : {1.0, 10.0}) {
    Leg leg = script.leg(customer(), agent(1));
    script.talk(connect(script, at, leg), at + 6, leg);
    bye(script, at + 6, leg, Side::Caller);
    truth.push_back(
        plain_truth({leg.call_id}, recording_of(agent(1), at + 1.02, at + 6, {{at + 1.02, at + 6, "cust"}})));
  }
  return script.end(truth);
}

/// Two calls from one number through one B2BUA within 40 ms, to agents 1 and 2.
struct Twins {
  Bridge one;
  Bridge two;
};

Twins twins(Script& script, Relay relay) {
  Peer same_number = customer();
  same_number.voice = "cust2";
  Twins both{.one = bridge(script, customer(), agent(1), pbx_for(customer())),
             .two = bridge(script, same_number, agent(2), pbx_for(customer()))};
  connect(script, 1, both.one, relay);
  connect(script, 1.04, both.two, relay);
  talk(script, 2.2, 12, both.one, relay);
  talk(script, 2.26, 12, both.two, relay);
  bye(script, 12, both.one);
  bye(script, 12.01, both.two);
  return both;
}

Scene same_number_twice(std::string name) {
  Script script(std::move(name), "Two calls from one number through one B2BUA at once; payloads tell them apart.");
  const auto [one, two] = twins(script, Relay::NewSsrc);
  Conversation second{.call_ids = {two.outer.call_id, two.inner.call_id},
                      .recordings = {recording_of(agent(2), 2.26, 12, {{2.26, 12, "cust2"}})},
                      .parties = {party_of(customer(), "customer"), party_of(agent(2), "agent")},
                      .absent = {uri(agent(1))}};
  Conversation first =
      plain_truth({one.outer.call_id, one.inner.call_id}, recording_of(agent(1), 2.2, 12, {{2.2, 12, "cust"}}));
  first.absent = {uri(agent(2))};
  return script.end({first, second});
}

Scene ambiguous(std::string name) {
  Script script(std::move(name),
                "Two calls from one number through one B2BUA at once; nothing tells them apart: four.");
  const auto [one, two] = twins(script, Relay::Recoded);
  const auto lone = [](const Leg& leg) {
    return Conversation{
        .call_ids = {leg.call_id}, .parties = {party_of(customer(), "customer")}, .more_recordings = true};
  };
  const auto with_agent = [](const Leg& leg, int number, double at, const std::string& voice) {
    return Conversation{.call_ids = {leg.call_id},
                        .recordings = {recording_of(agent(number), at, 12, {{at + 0.1, 12, voice}})},
                        .parties = {party_of(agent(number), "agent")}};
  };
  return script.end({with_agent(one.inner, 1, 2.12, "cust"), with_agent(two.inner, 2, 2.16, "cust2"), lone(one.outer),
                     lone(two.outer)});
}

}  // namespace

std::vector<SceneEntry> harder_scenes() {
  return {{"pbx_conference", conference},
          {"pbx_monitor", monitor},
          {"pbx_recall", recall},
          {"media_moves", media_moves},
          {"transfer_blind_while_held", blind_while_held},
          {"unrelated_redial", redial},
          {"unrelated_calls_again", calls_again},
          {"b2bua_same_number_twice", same_number_twice},
          {"b2bua_ambiguous", ambiguous}};
}

}  // namespace tapestry::scenes
