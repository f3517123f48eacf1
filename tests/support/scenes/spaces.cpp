// Conversation spaces (RFC 5850 §2) that come apart, or that one phone is in at once.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 20;

Peer other_room() { return {"", "conf99@pbx.example.com", mixer().ip, ""}; }

/// `who` is in the room from 0.22 s after `at` on.
Leg enter(Script& script, double at, const Peer& who, const Peer& room, const std::string& headers = {}) {
  Leg leg = script.leg(who, room);
  const std::string focus = "Contact: <" + uri(room) + ";isfocus>\r\n";
  connect(script, at, leg, {.headers = headers, .answer_headers = focus, .rings = -1, .answers = 0.2});
  return leg;
}

/// The focus refers who is in `from` to the other room at `at`; from 0.8 s later on they are only there.
Leg move(Script& script, double at, Leg& from) {
  refer(script, at, from, Side::Callee, uri(other_room()));
  Leg to = enter(script, at + 0.3, from.caller.peer, other_room(), "Referred-By: <" + uri(mixer()) + ">\r\n");
  notify_refer(script, at + 0.6, from, Side::Caller, "200 OK");
  bye(script, at + 0.8, from, Side::Caller);
  return to;
}

Scene split(std::string name) {
  Script script(std::move(name),
                "A conference of the customer and three agents is split: the customer and agent 2 go to another room.");
  Leg one = enter(script, 1, agent(1), mixer());
  Leg three = enter(script, 1.1, agent(3), mixer());
  Leg customers = enter(script, 1.2, customer(), mixer());
  Leg two = enter(script, 1.3, agent(2), mixer());
  Leg customer_there = move(script, 9, customers);
  Leg two_there = move(script, 9, two);
  script.say(2, kEnd, one, Side::Caller);
  script.say(2, kEnd, three, Side::Caller);
  script.say(2, 9.8, customers, Side::Caller);
  script.say(2, 9.8, two, Side::Caller);
  script.say(2, 9.8, one, Side::Callee, "cust+a2+a3");
  script.say(2, 9.8, three, Side::Callee, "cust+a1+a2");
  script.say(2, 9.8, customers, Side::Callee, "a1+a2+a3");
  script.say(2, 9.8, two, Side::Callee, "cust+a1+a3");
  script.say(9.8, kEnd, one, Side::Callee, "a3");
  script.say(9.8, kEnd, three, Side::Callee, "a1");
  script.say(9.8, kEnd, customer_there, Side::Caller);
  script.say(9.8, kEnd, customer_there, Side::Callee, "a2");
  script.say(9.8, kEnd, two_there, Side::Caller);
  script.say(9.8, kEnd, two_there, Side::Callee, "cust");
  for (Leg* leg : {&one, &three, &customer_there, &two_there}) bye(script, kEnd, *leg, Side::Caller);
  const auto recording = [](int number, double from, const std::string& before, const std::string& after) {
    Recording all = recording_of(agent(number), from, kEnd, {{2, 9.8, before}, {9.8, kEnd, after}});
    all.channels[1] = {{2, kEnd, agent(number).voice}};
    return all;
  };
  return script.end({{.call_ids = {one.call_id, two.call_id, three.call_id, customers.call_id, customer_there.call_id,
                                   two_there.call_id},
                      .recordings = {recording(1, 1.22, "cust+a2+a3", "a3"), recording(2, 1.52, "cust+a1+a3", "cust"),
                                     recording(3, 1.32, "cust+a1+a2", "a1")},
                      .parties = {party_of(customer(), "customer"), party_of(agent(1), "agent"),
                                  party_of(agent(2), "agent"), party_of(agent(3), "agent")},
                      .history = {{"drop", uri(customer()), 9.8}, {"drop", uri(agent(2)), 9.8}},
                      .absent = {uri(mixer()), uri(other_room())},
                      .no_transfer = true}});
}

Scene near_fork(std::string name) {
  Script script(std::move(name),
                "Agent 1 speaks to two customers at once, who do not hear each other: one payload on two streams.");
  Leg first = script.leg(customer(), agent(1));
  script.talk(connect(script, 1, first), kEnd, first);
  Leg second = script.leg(other_customer(), agent(1));
  script.talk(connect(script, 5, second), kEnd - 2, second);
  bye(script, kEnd - 2, second, Side::Caller);
  bye(script, kEnd, first, Side::Caller);
  return script.end({{.call_ids = {first.call_id},
                      .recordings = {recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}})},
                      .parties = customer_and_first(),
                      .absent = {uri(other_customer())},
                      .no_transfer = true},
                     {.call_ids = {second.call_id},
                      .recordings = {recording_of(agent(1), 6.02, kEnd - 2, {{6.02, kEnd - 2, "cust2"}})},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(1), "agent")},
                      .absent = {uri(customer())},
                      .no_transfer = true}});
}

/// The portal only listens: it changes nothing of the agent's recording.
Recording forked() { return recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}); }

Scene far_fork(std::string name) {
  Script script(std::move(name),
                "A controller refers agent 1's phone to a voice portal, which listens to agent 1 beside the customer.");
  Leg first = first_call(script, kEnd);
  Leg control = script.leg(controller(), agent(1));
  const Transaction sent =
      script.request(6, control, Side::Caller, "REFER",
                     {.headers = lines({"Refer-To: <" + uri(ivr()) + ">", "Referred-By: <" + uri(controller()) + ">",
                                        "Target-Dialog: " + target_dialog_of(first, Side::Callee), "Refer-Sub: false",
                                        "Supported: norefersub, tdialog"})});
  script.respond(6.02, control, sent, "202 Accepted");
  Leg portal = script.leg(agent(1), ivr());
  const double listens = connect(script, 6.1, portal,
                                 {.headers = "Referred-By: <" + uri(controller()) + ">\r\n",
                                  .rings = -1,
                                  .answers = 0.2,
                                  .offer = "sendonly",
                                  .answer = "recvonly"});
  script.say(listens, 14, portal, Side::Caller);
  bye(script, 14, portal, Side::Caller);
  bye(script, kEnd, first, Side::Caller);
  Conversation truth = plain_truth({first.call_id, portal.call_id}, forked());
  truth.bots = {uri(ivr())};
  truth.history = {{"join", uri(ivr()), listens}, {"drop", uri(ivr()), 14}};
  truth.absent = {uri(controller())};
  truth.no_transfer = true;
  return script.end({truth});
}

/// One more audio line, as it is written behind another.
std::string audio_line(const Endpoint& at, const std::string& direction) {
  return "m=audio " + std::to_string(at.port) + " RTP/AVP 0\r\nc=IN IP4 " + at.ip.to_string() +
         "\r\na=rtpmap:0 PCMU/8000\r\na=" + direction + "\r\n";
}

Scene far_fork_two_lines(std::string name) {
  Script script(std::move(name),
                "A re-INVITE with a second audio line: agent 1's phone sends to the customer and to a voice portal.");
  Leg leg = first_call(script, kEnd);
  const Endpoint portal = testing::endpoint(ivr().ip + ":26000");
  const Endpoint second{leg.callee.media.ip, static_cast<std::uint16_t>(leg.callee.media.port + 2)};
  Extra offer = Script::sdp(leg.caller, "sendrecv");
  offer.body += audio_line(portal, "recvonly");
  Extra answered = Script::sdp(leg.callee, "sendrecv");
  answered.body += audio_line(second, "sendonly");
  const Transaction sent = script.request(6, leg, Side::Caller, "INVITE", offer);
  script.respond(6.05, leg, sent, "200 OK", answered);
  script.ack(6.07, leg, sent);
  script.rtp(6.1, 14, {.from = second, .to = portal, .voice = agent(1).voice});
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, forked());
  truth.no_transfer = true;
  return script.end({truth});
}

}  // namespace

std::vector<SceneEntry> space_scenes() {
  return {
      {"split", split}, {"near_fork", near_fork}, {"far_fork", far_fork}, {"far_fork_two_lines", far_fork_two_lines}};
}

}  // namespace tapestry::scenes
