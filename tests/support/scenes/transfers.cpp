// Calls that go from one agent to another.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/flows.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

/// The customer calls agent 2 because of a REFER, answered at `at` + 1.02, talks until 15 and hangs up.
Leg referred_call(Script& script, double at, const std::string& headers = {}) {
  Leg leg = script.leg(customer(), agent(2));
  script.talk(connect(script, at, leg, {.headers = headers}), 15, leg);
  bye(script, 15, leg, Side::Caller);
  return leg;
}

Conversation blind_truth(const Leg& first, const Leg& second, double first_drops) {
  Recording one = recording_of(agent(1), 2.02, first_drops, {{2.02, 8, "cust"}});
  Recording two = recording_of(agent(2), 9.22, 15, {{9.22, 15, "cust"}});
  return {.call_ids = {first.call_id, second.call_id},
          .recordings = {one, two},
          .parties = customer_and_two(),
          .bots = {},
          .transfers = {first_to_second()},
          .history = {{"drop", uri(agent(1)), first_drops}, {"join", uri(agent(2)), 9.22}}};
}

Scene blind(std::string name) {
  Script script(std::move(name), "Blind transfer by REFER from agent 1 to agent 2, who is told how it went.");
  Leg first = first_call(script, 8);
  refer(script, 8, first, Side::Callee, uri(agent(2)));
  notify_refer(script, 8.1, first, Side::Caller, "100 Trying");
  const Leg second = referred_call(script, 8.2, referred_by_first());
  notify_refer(script, 9.3, first, Side::Caller, "200 OK");
  bye(script, 9.5, first, Side::Callee);
  return script.end({blind_truth(first, second, 9.5)});
}

Scene blind_compact(std::string name) {
  Script script(std::move(name), "Blind transfer with compact headers; the number called has another form.");
  Leg first = first_call(script, 8);
  transact(script, 8, first, Side::Callee, "REFER",
           {.headers = "r: <sip:1002@10.2.0.5;user=phone>\r\nb: <sip:1001@pbx.example.com>\r\n"}, "202 Accepted");
  Leg second = script.leg(customer(), agent(2));
  second.request_uri = "sip:1002@10.1.0.22:5060;transport=udp";
  script.talk(
      connect(script, 8.2, second, {.headers = "b: \"Agent 1\" <sip:1001@pbx.example.com>;cid=\"20398@x\"\r\n"}), 15,
      second);
  bye(script, 15, second, Side::Caller);
  notify_refer(script, 9.3, first, Side::Caller, "200 OK");
  bye(script, 9.5, first, Side::Callee);
  return script.end({blind_truth(first, second, 9.5)});
}

Scene to_third_party(std::string name) {
  Script script(std::move(name), "Blind transfer to a number outside: nobody is recorded after agent 1 has left.");
  const Peer third{"", "+12025550199@trunk.example.net", "10.9.0.11", "a3"};
  Leg first = first_call(script, 8);
  refer(script, 8, first, Side::Callee, uri(third));
  Leg second = script.leg(customer(), third);
  script.talk(connect(script, 8.2, second, {.headers = referred_by_first()}), 15, second);
  notify_refer(script, 9.3, first, Side::Caller, "200 OK");
  bye(script, 9.5, first, Side::Callee);
  bye(script, 15, second, Side::Caller);
  Conversation truth =
      plain_truth({first.call_id, second.call_id}, recording_of(agent(1), 2.02, 9.5, {{2.02, 8, "cust"}}));
  truth.parties.push_back(party_of(third, "thirdparty"));
  truth.transfers = {{.transferee = uri(customer()), .transferor = uri(agent(1)), .target = uri(third)}};
  return script.end({truth});
}

Scene blind_without_subscription(std::string name) {
  Script script(std::move(name), "Blind transfer with Refer-Sub: false; the agent hangs up at once, nobody notifies.");
  Leg first = first_call(script, 8);
  refer(script, 8, first, Side::Callee, uri(agent(2)), "Refer-Sub: false\r\nSupported: norefersub\r\n");
  bye(script, 8.1, first, Side::Callee);
  const Leg second = referred_call(script, 8.2, referred_by_first());
  return script.end({blind_truth(first, second, 8.1)});
}

Scene blind_out_of_dialog(std::string name) {
  Script script(std::move(name), "A REFER of its own dialog that names the call by Target-Dialog.");
  Leg first = first_call(script, 8);
  Leg outside = script.leg(agent(1), customer());
  const Transaction sent = script.request(
      8, outside, Side::Caller, "REFER",
      {.headers = "Refer-To: <" + uri(agent(2)) + ">\r\nReferred-By: <" + uri(agent(1)) +
                  ">\r\nTarget-Dialog: " + target_dialog_of(first, Side::Caller) + "\r\nRequire: tdialog\r\n"});
  script.respond(8.02, outside, sent, "202 Accepted");
  notify_refer(script, 8.1, outside, Side::Callee, "100 Trying");
  const Leg second = referred_call(script, 8.2, referred_by_first());
  notify_refer(script, 9.3, outside, Side::Callee, "200 OK");
  bye(script, 9.5, first, Side::Callee);
  return script.end({blind_truth(first, second, 9.5)});
}

/// Agent 1: until 13.7, holding since 8; agent 2: from 9.52, with the customer from 13.42 to 20.
Conversation attended_truth(const std::vector<std::string>& call_ids) {
  Recording one = recording_of(agent(1), 2.02, 13.7, {{2.02, 8, "cust"}, {9.52, 13, "a2"}});
  one.gaps = {{"hold", 8, 13.7}};
  Recording two = recording_of(agent(2), 9.52, 20, {{9.52, 13, "a1"}, {13.42, 20, "cust"}});
  Transfer transfer = first_to_second();
  transfer.consultation = true;
  return {.call_ids = call_ids,
          .recordings = {one, two},
          .parties = customer_and_two(),
          .bots = {},
          .transfers = {transfer},
          .history = {{"hold", uri(customer()), 8}, {"drop", uri(agent(1)), 13.7}}};
}

Scene attended(std::string name) {
  Script script(std::move(name), "Warm transfer: after a consultation the customer is referred with Replaces.");
  Leg first = first_call(script, 8);
  Leg between = consult(script, first, 13);
  script.say(8, 13, first, Side::Callee, "moh");
  const std::string replaces = dialog_of(between, Side::Callee);
  refer(script, 13, first, Side::Callee, uri(agent(2)) + "?Replaces=" + escaped(replaces));
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 13.2, second,
                      {.headers = referred_by_first() + "Replaces: " + replaces + "\r\n", .rings = -1, .answers = 0.2}),
              20, second);
  bye(script, 13.5, between, Side::Callee);
  notify_refer(script, 13.55, first, Side::Caller, "200 OK");
  bye(script, 13.7, first, Side::Callee);
  bye(script, 20, second, Side::Caller);
  return script.end({attended_truth({first.call_id, between.call_id, second.call_id})});
}

Scene attended_target_takes(std::string name) {
  Script script(std::move(name), "Agent 1 refers agent 2 to the customer's dialog; agent 2 takes it with Replaces.");
  Leg first = first_call(script, 8);
  Leg between = consult(script, first, 13);
  const std::string replaces = dialog_of(first, Side::Caller);
  refer(script, 13, between, Side::Caller, uri(customer()) + "?Replaces=" + escaped(replaces));
  Leg second = script.leg(agent(2), customer());
  script.talk(connect(script, 13.2, second,
                      {.headers = referred_by_first() + "Replaces: " + replaces + "\r\n", .rings = -1, .answers = 0.2}),
              20, second);
  notify_refer(script, 13.5, between, Side::Callee, "200 OK");
  bye(script, 13.6, between, Side::Caller);
  bye(script, 13.7, first, Side::Caller);
  bye(script, 20, second, Side::Callee);
  return script.end({attended_truth({first.call_id, between.call_id, second.call_id})});
}

}  // namespace

std::vector<SceneEntry> transfer_scenes() {
  return {{"transfer_blind", blind},
          {"transfer_blind_compact", blind_compact},
          {"transfer_to_third_party", to_third_party},
          {"transfer_blind_without_subscription", blind_without_subscription},
          {"transfer_blind_out_of_dialog", blind_out_of_dialog},
          {"transfer_attended", attended},
          {"transfer_attended_target_takes", attended_target_takes}};
}

}  // namespace tapestry::scenes
