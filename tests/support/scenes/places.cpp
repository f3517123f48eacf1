// Queues, IVRs, parking places, music servers, voicemail: robots that a call passes.
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

Scene park_and_retrieve(std::string name) {
  Script script(std::move(name), "Agent 1 parks the customer; agent 2 retrieves the call with Replaces.");
  Leg first = first_call(script, 8);
  refer(script, 8, first, Side::Callee, uri(park()));
  Leg parked = script.leg(customer(), park());
  connect(script, 8.2, parked, {.headers = referred_by_first(), .rings = -1, .answers = 0.2});
  script.say(8.5, 13.3, parked, Side::Callee);
  script.say(8.5, 13.3, parked, Side::Caller);
  notify_refer(script, 8.5, first, Side::Caller, "200 OK");
  bye(script, 8.6, first, Side::Callee);
  Leg second = script.leg(agent(2), customer());
  script.talk(
      connect(script, 13, second,
              {.headers = "Replaces: " + dialog_of(parked, Side::Caller) + "\r\n", .rings = -1, .answers = 0.2}),
      18, second);
  bye(script, 13.4, parked, Side::Caller);
  bye(script, 18, second, Side::Callee);
  const Transfer in{.transferee = uri(customer()), .transferor = uri(agent(1)), .target = uri(park())};
  const Transfer out{.transferee = uri(customer()), .transferor = uri(park()), .target = uri(agent(2))};
  return script.end({{.call_ids = {first.call_id, parked.call_id, second.call_id},
                      .recordings = {recording_of(agent(1), 2.02, 8.6, {{2.02, 8, "cust"}}),
                                     recording_of(agent(2), 13.22, 18, {{13.22, 18, "cust"}})},
                      .parties = customer_and_two(),
                      .bots = {uri(park())},
                      .transfers = {in, out},
                      .more_recordings = true}});
}

/// A robot has the customer until 8, who is then referred to agent 1, answered at 9.22, talk to 15.
Scene robot_first(std::string name, const std::string& about, const Peer& robot, bool customer_speaks) {
  Script script(std::move(name), about);
  Leg first = script.leg(customer(), robot);
  const double answered = connect(script, 1, first, {.rings = -1, .answers = 0.5});
  script.say(answered, 8, first, Side::Callee);
  if (customer_speaks) script.say(answered, 8, first, Side::Caller);
  refer(script, 8, first, Side::Callee, uri(agent(1)));
  notify_refer(script, 8.1, first, Side::Caller, "100 Trying");
  Leg second = script.leg(customer(), agent(1));
  script.talk(connect(script, 8.2, second, {.headers = "Referred-By: <" + uri(robot) + ">\r\n"}), 15, second);
  notify_refer(script, 9.3, first, Side::Caller, "200 OK");
  bye(script, 9.4, first, Side::Callee);
  bye(script, 15, second, Side::Caller);
  const Transfer transfer{.transferee = uri(customer()), .transferor = uri(robot), .target = uri(agent(1))};
  Conversation truth =
      plain_truth({first.call_id, second.call_id}, recording_of(agent(1), 9.22, 15, {{9.22, 15, "cust"}}));
  truth.bots = {uri(robot)};
  truth.transfers = {transfer};
  truth.more_recordings = true;
  return script.end({truth});
}

Scene queue_refers(std::string name) {
  return robot_first(std::move(name), "A queue answers, plays to the customer, and refers to agent 1.", queue(), false);
}
Scene ivr_refers(std::string name) {
  return robot_first(std::move(name), "An IVR talks to the customer, then refers to agent 1.", ivr(), true);
}

/// `from` has the customer in `leg` and refers to `to` at `at`; the customer's next dialog, with talk from `at` + 0.5
/// on.
Leg pass(Script& script, double at, double until, Leg& leg, const Peer& to) {
  refer(script, at, leg, Side::Callee, uri(to));
  Leg next = script.leg(customer(), to);
  const std::string referred_by = "Referred-By: <" + uri(leg.callee.peer) + ">\r\n";
  script.talk(connect(script, at + 0.08, next, {.headers = referred_by, .rings = -1, .answers = 0.4}), until, next);
  notify_refer(script, at + 0.55, leg, Side::Caller, "200 OK");
  bye(script, at + 0.6, leg, Side::Callee);
  return next;
}

Scene chain(std::string name) {
  Script script(std::move(name), "IVR, queue, agent 1, agent 2: one conversation.");
  Leg menu = script.leg(customer(), ivr());
  script.talk(connect(script, 1, menu), 5, menu);
  Leg waiting = pass(script, 5, 9, menu, queue());
  Leg first = pass(script, 9, 14, waiting, agent(1));
  Leg second = pass(script, 14, 20, first, agent(2));
  bye(script, 20, second, Side::Caller);
  const auto transfer = [](const Peer& from, const Peer& to) {
    return Transfer{.transferee = uri(customer()), .transferor = uri(from), .target = uri(to)};
  };
  return script.end({{.call_ids = {menu.call_id, waiting.call_id, first.call_id, second.call_id},
                      .recordings = {recording_of(agent(1), 9.5, 14.6, {{9.5, 14, "cust"}}),
                                     recording_of(agent(2), 14.5, 20, {{14.5, 20, "cust"}})},
                      .parties = customer_and_two(),
                      .bots = {uri(ivr()), uri(queue())},
                      .transfers = {transfer(ivr(), queue()), transfer(queue(), agent(1)), first_to_second()},
                      .more_recordings = true}});
}

Scene queue_bridges(std::string name) {
  Script script(std::move(name),
                "A queue on the PBX answers, and bridges agent 1 in later; Session-ID ties the dialogs.");
  const std::string session =
      "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000\r\n";
  Peer host = queue();
  host.ip = kPbxIp;
  Bridge call{.outer = script.leg(customer(), host), .inner = script.leg(pbx_for(customer()), agent(1))};
  const double answered = connect(script, 1, call.outer, {.headers = session, .rings = -1, .answers = 0.5});
  script.say(answered, 9.1, call.outer, Side::Callee);
  script.say(answered, 9.1, call.outer, Side::Caller);
  connect(script, 8, call.inner, {.headers = session});
  talk(script, 9.1, 15, call, Relay::NewSsrc);
  bye(script, 15, call);
  Conversation truth =
      plain_truth({call.outer.call_id, call.inner.call_id}, recording_of(agent(1), 9.06, 15, {{9.1, 15, "cust"}}));
  truth.bots = {uri(queue())};
  truth.more_recordings = true;
  return script.end({truth});
}

Scene music_server(std::string name) {
  Script script(std::move(name), "RFC 7088: the held customer hears a music server, whose offer agent 1 hands on.");
  Leg first = first_call(script, 8);
  Leg server = script.leg(agent(1), music());
  server.caller.media = first.caller.media;
  connect_late_offer(script, 8, server, {.rings = -1, .answers = 0.1, .offer = "sendonly", .answer = "recvonly"});
  const Endpoint own = first.callee.media;
  first.callee.media = server.callee.media;
  hold(script, 8.2, first, Side::Callee);
  script.say(8.4, 12, server, Side::Callee);
  first.callee.media = own;
  resume(script, 12, first, Side::Callee);
  bye(script, 12.2, server, Side::Caller);
  script.talk(12.1, 17, first);
  bye(script, 17, first, Side::Caller);
  Recording recording = recording_of(agent(1), 2.02, 17, {{2.02, 8, "cust"}, {12.1, 17, "cust"}});
  recording.gaps = {{"hold", 8.2, 12}};
  Conversation truth = plain_truth({first.call_id, server.call_id}, recording);
  truth.bots = {uri(music())};
  truth.history = {{"hold", uri(customer()), 8.2}, {"unhold", uri(customer()), 12}};
  truth.no_transfer = true;
  return script.end({truth});
}

Scene to_voicemail(std::string name) {
  Script script(std::move(name), "Nobody answers: the customer is redirected to voicemail and leaves a message.");
  Leg first = script.leg(customer(), agent(1));
  invite(script, 1, first);
  script.respond(1.3, first, first.invite, "180 Ringing");
  reject(script, 4, first, "302 Moved Temporarily", "Contact: <" + uri(voicemail()) + ">\r\n");
  Leg second = script.leg(customer(), voicemail());
  second.call_id = first.call_id;
  second.caller = first.caller;
  script.talk(connect(script, 4.1, second, {.rings = -1, .answers = 0.3}), 12, second);
  bye(script, 12, second, Side::Caller);
  return script.end({{.call_ids = {first.call_id},
                      .parties = {party_of(customer(), "customer")},
                      .bots = {uri(voicemail())},
                      .no_transfer = true,
                      .more_recordings = true}});
}

}  // namespace

std::vector<SceneEntry> place_scenes() {
  return {{"park_and_retrieve", park_and_retrieve}, {"queue_refers", queue_refers},
          {"queue_bridges", queue_bridges},         {"ivr_refers", ivr_refers},
          {"music_server", music_server},           {"voicemail", to_voicemail},
          {"ivr_queue_two_agents", chain}};
}

}  // namespace tapestry::scenes
