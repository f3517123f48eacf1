// Transfers that fail, come back, or are made without REFER; and what else moves a call.
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

Scene failed(std::string name) {
  Script script(std::move(name), "The target is busy; agent 1 takes the held customer back. No transfer.");
  Leg first = first_call(script, 8);
  hold(script, 8, first, Side::Callee);
  refer(script, 8.5, first, Side::Callee, uri(agent(2)));
  Leg second = script.leg(customer(), agent(2));
  invite(script, 8.7, second, {.headers = referred_by_first()});
  script.respond(9, second, second.invite, "180 Ringing");
  reject(script, 10, second, "486 Busy Here");
  notify_refer(script, 10.1, first, Side::Caller, "486 Busy Here");
  resume(script, 10.5, first, Side::Callee);
  script.talk(10.6, 16, first);
  bye(script, 16, first, Side::Caller);
  Recording one = recording_of(agent(1), 2.02, 16, {{2.02, 8, "cust"}, {10.6, 16, "cust"}});
  one.gaps = {{"hold", 8, 10.5}};
  Conversation truth = plain_truth({first.call_id, second.call_id}, one);
  truth.history = {{"hold", uri(customer()), 8}, {"unhold", uri(customer()), 10.5}};
  truth.disposition = "busy";
  truth.no_transfer = true;
  return script.end({truth});
}

Scene third_party_control(std::string name) {
  Script script(std::move(name), "A B2BUA moves the customer to agent 2 with a re-INVITE, media flows past it.");
  Bridge first = bridge(script, customer(), agent(1), customer());
  const double answered = connect(script, 1, first, Relay::Direct);
  talk(script, answered, 8, first, Relay::Direct);
  Leg second = script.leg(pbx_for(customer()), agent(2));
  second.caller.media = first.outer.caller.media;
  connect(script, 8, second);
  first.outer.callee.media = second.callee.media;
  reinvite(script, 9.1, first.outer, Side::Callee, "sendrecv", "sendrecv");
  bye(script, 9.3, first.inner, Side::Caller);
  script.say(9.2, 15, first.outer, Side::Caller);
  script.say(9.2, 15, second, Side::Callee);
  bye(script, 15, first.outer, Side::Caller);
  bye(script, 15.05, second, Side::Caller);
  Conversation truth{.call_ids = {first.outer.call_id, first.inner.call_id, second.call_id},
                     .recordings = {recording_of(agent(1), 2.2, 9.3, {{2.2, 8, "cust"}}),
                                    recording_of(agent(2), 9.1, 15, {{9.2, 15, "cust"}})},
                     .parties = customer_and_two(),
                     .transfers = {first_to_second()}};
  return script.end({truth});
}

Scene returns_to_first(std::string name) {
  Script script(std::move(name), "Agent 2 sends the customer back to agent 1 within a minute: one recording of each.");
  Leg first = first_call(script, 8);
  refer(script, 8, first, Side::Callee, uri(agent(2)));
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 8.2, second, {.headers = referred_by_first()}), 15, second);
  notify_refer(script, 9.3, first, Side::Caller, "200 OK");
  bye(script, 9.5, first, Side::Callee);
  refer(script, 15, second, Side::Callee, uri(agent(1)));
  Leg third = script.leg(customer(), agent(1));
  script.talk(connect(script, 15.2, third, {.headers = "Referred-By: <" + uri(agent(2)) + ">\r\n"}), 22, third);
  notify_refer(script, 16.3, second, Side::Caller, "200 OK");
  bye(script, 16.5, second, Side::Callee);
  bye(script, 22, third, Side::Caller);
  Transfer back{.transferee = uri(customer()), .transferor = uri(agent(2)), .target = uri(agent(1))};
  Conversation truth{.call_ids = {first.call_id, second.call_id, third.call_id},
                     .recordings = {recording_of(agent(1), 2.02, 22, {{2.02, 8, "cust"}, {16.22, 22, "cust"}}),
                                    recording_of(agent(2), 9.22, 16.5, {{9.22, 15, "cust"}})},
                     .parties = customer_and_two(),
                     .transfers = {first_to_second(), back}};
  return script.end({truth});
}

Scene returns_late(std::string name) {
  Script script(std::move(name),
                "Agent 2 sends the customer back after more than a minute: agent 1 has two recordings.");
  Leg first = first_call(script, 5);
  refer(script, 5, first, Side::Callee, uri(agent(2)));
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 5.2, second, {.headers = referred_by_first()}), 70, second);
  bye(script, 6.5, first, Side::Callee);
  refer(script, 70, second, Side::Callee, uri(agent(1)));
  Leg third = script.leg(customer(), agent(1));
  script.talk(connect(script, 70.2, third, {.headers = "Referred-By: <" + uri(agent(2)) + ">\r\n"}), 76, third);
  bye(script, 71.5, second, Side::Callee);
  bye(script, 76, third, Side::Caller);
  Transfer back{.transferee = uri(customer()), .transferor = uri(agent(2)), .target = uri(agent(1))};
  return script.end({{.call_ids = {first.call_id, second.call_id, third.call_id},
                      .recordings = {recording_of(agent(1), 2.02, 6.5, {{2.02, 5, "cust"}}),
                                     recording_of(agent(2), 6.22, 71.5, {{6.22, 70, "cust"}}),
                                     recording_of(agent(1), 71.22, 76, {{71.22, 76, "cust"}})},
                      .parties = customer_and_two(),
                      .transfers = {first_to_second(), back}}});
}

/// Agent 1 held the customer from 8 to 14.5 and talked to agent 2 from 9.52 to 13.
Conversation consulted_in_vain(const std::vector<std::string>& call_ids) {
  Recording one = recording_of(agent(1), 2.02, 20, {{2.02, 8, "cust"}, {9.52, 13, "a2"}, {14.6, 20, "cust"}});
  one.gaps = {{"hold", 8, 14.5}};
  Recording two = recording_of(agent(2), 9.52, 14, {{9.52, 13, "a1"}});
  return {.call_ids = call_ids,
          .recordings = {one, two},
          .parties = customer_and_two(),
          .history = {{"hold", uri(customer()), 8}, {"unhold", uri(customer()), 14.5}},
          .no_transfer = true};
}

/// The end of both: agent 1 lets agent 2 go and returns to the customer.
void return_from(Script& script, Leg& first, Leg& between) {
  bye(script, 14, between, Side::Caller);
  resume(script, 14.5, first, Side::Callee);
  script.talk(14.6, 20, first);
  bye(script, 20, first, Side::Caller);
}

Scene attended_fails(std::string name) {
  Script script(std::move(name), "The INVITE with Replaces is refused with 481; agent 1 returns to the customer.");
  Leg first = first_call(script, 8);
  Leg between = consult(script, first, 13);
  const std::string replaces = dialog_of(between, Side::Callee);
  refer(script, 13, first, Side::Callee, uri(agent(2)) + "?Replaces=" + escaped(replaces));
  Leg second = script.leg(customer(), agent(2));
  invite(script, 13.2, second, {.headers = referred_by_first() + "Replaces: " + replaces + "\r\n"});
  reject(script, 13.4, second, "481 Call/Transaction Does Not Exist");
  notify_refer(script, 13.5, first, Side::Caller, "481 Call/Transaction Does Not Exist");
  return_from(script, first, between);
  return script.end({consulted_in_vain({first.call_id, between.call_id, second.call_id})});
}

Scene consult_only(std::string name) {
  Script script(std::move(name), "Agent 1 asks agent 2 while the customer is held, and returns. No REFER at all.");
  Leg first = first_call(script, 8);
  Leg between = consult(script, first, 13);
  return_from(script, first, between);
  return script.end({consulted_in_vain({first.call_id, between.call_id})});
}

Scene early_refer(std::string name) {
  Script script(std::move(name), "Seed 002 figure 3: the queue refers the caller before it answers.");
  Leg first = script.leg(customer(), queue());
  invite(script, 1, first);
  script.respond(1.3, first, first.invite, "180 Ringing");
  const std::string user_to_user = "?User-to-User=56a390f3d2b7310023a2%3Bencoding%3Dhex";
  refer(script, 2, first, Side::Callee, uri(agent(1)) + user_to_user, "Refer-Sub: false\r\n");
  Leg second = script.leg(customer(), agent(1));
  invite(script, 2.2, second, {.headers = "User-to-User: 56a390f3d2b7310023a2;encoding=hex\r\n"});
  cancel(script, 2.4, first);
  script.talk(answer(script, 2.2, second), 12, second);
  bye(script, 12, second, Side::Caller);
  Conversation truth =
      plain_truth({first.call_id, second.call_id}, recording_of(agent(1), 3.22, 12, {{3.22, 12, "cust"}}));
  truth.bots = {uri(queue())};
  truth.contains = {"56a390f3d2b7310023a2"};
  return script.end({truth});
}

Scene take(std::string name) {
  Script script(std::move(name), "Agent 2 takes agent 1's established call with INVITE and Replaces; no REFER.");
  Leg first = first_call(script, 8);
  Leg second = script.leg(agent(2), customer());
  script.talk(connect(script, 8.2, second,
                      {.headers = "Replaces: " + dialog_of(first, Side::Caller) + "\r\n", .rings = -1, .answers = 0.2}),
              15, second);
  bye(script, 8.6, first, Side::Caller);
  bye(script, 15, second, Side::Callee);
  Conversation truth{.call_ids = {first.call_id, second.call_id},
                     .recordings = {recording_of(agent(1), 2.02, 8.6, {{2.02, 8, "cust"}}),
                                    recording_of(agent(2), 8.42, 15, {{8.42, 15, "cust"}})},
                     .parties = customer_and_two(),
                     .transfers = {first_to_second()},
                     .history = {{"drop", uri(agent(1)), 8.6}, {"join", uri(agent(2)), 8.42}}};
  return script.end({truth});
}

}  // namespace

std::vector<SceneEntry> odd_transfer_scenes() {
  return {{"transfer_failed", failed},
          {"transfer_third_party_control", third_party_control},
          {"transfer_returns_to_first", returns_to_first},
          {"transfer_returns_late", returns_late},
          {"transfer_attended_fails", attended_fails},
          {"consult_only", consult_only},
          {"refer_in_early_dialog", early_refer},
          {"take", take}};
}

}  // namespace tapestry::scenes
