// Where a call rings before somebody answers, and who places it.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

/// The customer and agent 2, answered at `at`, until 12.
Conversation second_answers(const std::vector<std::string>& call_ids, double at) {
  return {.call_ids = call_ids,
          .recordings = {recording_of(agent(2), at, 12, {{at, 12, "cust"}})},
          .parties = {party_of(customer(), "customer"), party_of(agent(2), "agent")},
          .no_transfer = true};
}

/// The caller's second INVITE under the same Call-ID.
Leg again(Script& script, const Leg& first, const Peer& callee) {
  Leg leg = script.leg(first.caller.peer, callee);
  leg.call_id = first.call_id;
  leg.caller = first.caller;
  return leg;
}

Scene forwarded_by_302(std::string name) {
  Script script(std::move(name), "Agent 1's phone answers 302; the caller's second INVITE has the same Call-ID.");
  Leg first = script.leg(customer(), agent(1));
  invite(script, 1, first);
  reject(script, 1.5, first, "302 Moved Temporarily", "Contact: <" + uri(agent(2)) + ">\r\n");
  Leg second = again(script, first, agent(2));
  script.talk(connect(script, 1.6, second), 12, second);
  bye(script, 12, second, Side::Caller);
  return script.end({second_answers({first.call_id}, 2.62)});
}

/// The hop from the PBX, as a proxy, to a phone: the caller's dialog, with a tag of that phone.
Leg branch(Script& script, const Leg& outer, const Peer& phone) {
  Leg leg = script.leg(outer.caller.peer, phone);
  leg.call_id = outer.call_id;
  leg.caller = outer.caller;
  leg.caller.sip = testing::endpoint(kPbxIp + ":5060");
  leg.callee.identity = outer.callee.identity;
  leg.request_uri = leg.callee.contact.substr(1, leg.callee.contact.size() - 2);
  leg.via = "Via: SIP/2.0/UDP " + outer.caller.sip.to_string() + ";branch=" + outer.invite.branch + ";rport=5060\r\n";
  return leg;
}

/// The phone's INVITE from the proxy: the caller's offer as it was, under the same CSeq.
void fork_to(Script& script, double at, const Leg& outer, Leg& leg, const std::string& headers = {}) {
  leg.caller.cseq = outer.invite.cseq - 1;
  const Transaction sent =
      script.request(at, leg, Side::Caller, "INVITE", Script::same_sdp(outer.caller, "sendrecv", headers));
  script.respond(at + 0.01, leg, sent, "100 Trying");
  script.respond(at + 0.3, leg, sent, "180 Ringing");
}

/// The phone answers at `at`; the proxy hands 200, ACK and the final BYE on. Talk until 12.
void winner(Script& script, double at, Leg& outer, Leg& leg) {
  const Extra answer = Script::sdp(leg.callee, "sendrecv");
  script.respond(at, leg, leg.invite, "200 OK", answer);
  outer.callee.contact = leg.callee.contact;
  outer.callee.tag = leg.callee.tag;
  outer.callee.media = leg.callee.media;
  script.respond(at + 0.01, outer, outer.invite, "200 OK", answer);
  script.ack(at + 0.02, outer, outer.invite);
  script.ack(at + 0.03, leg, leg.invite);
  script.rtp(at + 0.02, 12, {.from = outer.caller.media, .to = leg.callee.media, .voice = "cust"});
  script.rtp(at + 0.02, 12, {.from = leg.callee.media, .to = outer.caller.media, .voice = leg.callee.peer.voice});
  bye(script, 12, outer, Side::Caller);
  leg.caller.cseq = outer.caller.cseq - 1;
  bye(script, 12.01, leg, Side::Caller);
}

Scene forwarded_by_181(std::string name) {
  Script script(std::move(name), "Agent 1 does not answer; the proxy says 181 and tries agent 2 with History-Info.");
  Leg outer = script.leg(customer(), agent(1));
  outer.callee.sip = testing::endpoint(kPbxIp + ":5060");
  invite(script, 1, outer);
  Leg first = branch(script, outer, agent(1));
  fork_to(script, 1.05, outer, first);
  outer.callee.tag = first.callee.tag;
  script.respond(1.36, outer, outer.invite, "180 Ringing");
  cancel(script, 4, first);
  script.respond(4.1, outer, outer.invite, "181 Call Is Being Forwarded");
  Leg second = branch(script, outer, agent(2));
  fork_to(script, 4.15, outer, second,
          lines({"History-Info: <sip:1001@pbx.example.com?Reason=SIP%3Bcause%3D408>;index=1, "
                 "<sip:1002@pbx.example.com>;index=1.1",
                 "Diversion: <sip:1001@pbx.example.com>;reason=no-answer;counter=1"}));
  winner(script, 6, outer, second);
  Conversation truth = second_answers({outer.call_id}, 6.02);
  truth.contains = {"1001@pbx.example.com"};
  return script.end({truth});
}

Scene forked(std::string name) {
  Script script(std::move(name), "Three phones ring for one number; agent 2 answers, the others are cancelled.");
  Leg outer = script.leg(customer(), Peer{"", "sales@pbx.example.com", kPbxIp, ""});
  invite(script, 1, outer);
  std::vector<Leg> branches;
  for (const int number : {1, 2, 3}) {
    branches.push_back(branch(script, outer, agent(number)));
    fork_to(script, 1.05 + 0.01 * number, outer, branches.back());
    outer.callee.tag = branches.back().callee.tag;
    script.respond(1.36 + 0.01 * number, outer, outer.invite, "180 Ringing");
  }
  winner(script, 3, outer, branches[1]);
  const std::string reason = "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n";
  cancel(script, 3.05, branches[0], reason);
  cancel(script, 3.06, branches[2], reason);
  Conversation truth = second_answers({outer.call_id}, 3.02);
  truth.absent = {uri(agent(1)), uri(agent(3))};
  return script.end({truth});
}

Scene pickup(std::string name) {
  Script script(std::move(name), "Agent 1's phone rings; agent 2 picks the call up with Replaces and early-only.");
  Leg first = script.leg(customer(), agent(1));
  invite(script, 1, first);
  script.respond(1.3, first, first.invite, "180 Ringing");
  Leg second = script.leg(agent(2), customer());
  script.talk(
      connect(
          script, 4, second,
          {.headers = "Replaces: " + dialog_of(first, Side::Caller) + ";early-only\r\n", .rings = -1, .answers = 0.2}),
      12, second);
  cancel(script, 4.3, first, "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n");
  bye(script, 12, second, Side::Callee);
  return script.end({second_answers({first.call_id, second.call_id}, 4.22)});
}

Scene click_to_dial(std::string name) {
  Script script(std::move(name),
                "A controller calls agent 1 without an offer, then the customer with agent 1's (RFC 3725 flow I).");
  Leg one = script.leg(controller(), agent(1));
  Peer as_agent = agent(1);
  as_agent.ip = controller().ip;
  Leg two = script.leg(as_agent, customer());
  const Transaction empty = script.request(1, one, Side::Caller, "INVITE");
  script.respond(1.01, one, empty, "100 Trying");
  script.respond(1.2, one, empty, "180 Ringing");
  script.respond(2, one, empty, "200 OK", Script::sdp(one.callee, "sendrecv"));
  two.caller.media = one.callee.media;
  connect(script, 2.05, two, {.rings = 0.1, .answers = 0.25});
  one.caller.media = two.callee.media;
  script.ack(2.35, one, empty, true, Script::sdp(one.caller, "sendrecv"));
  script.say(2.4, 12, one, Side::Callee);
  script.say(2.4, 12, two, Side::Callee);
  bye(script, 12, two, Side::Callee);
  bye(script, 12.05, one, Side::Caller);
  Conversation truth = plain_truth({one.call_id, two.call_id}, recording_of(agent(1), 2.2, 12, {{2.4, 12, "cust"}}));
  truth.absent = {uri(controller())};
  truth.no_transfer = true;
  return script.end({truth});
}

Scene remote_dial(std::string name) {
  Script script(std::move(name), "A controller's REFER makes agent 1's phone call the customer.");
  Leg control = script.leg(controller(), agent(1));
  const Transaction sent = script.request(
      1, control, Side::Caller, "REFER",
      {.headers = "Refer-To: <" + uri(customer()) + ">\r\nReferred-By: <" + uri(controller()) + ">\r\n"});
  script.respond(1.02, control, sent, "202 Accepted");
  Leg leg = script.leg(agent(1), customer());
  script.talk(connect(script, 1.1, leg, {.headers = "Referred-By: <" + uri(controller()) + ">\r\n"}), 12, leg);
  notify_refer(script, 2.2, control, Side::Callee, "200 OK");
  bye(script, 12, leg, Side::Callee);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.12, 12, {{2.12, 12, "cust"}}));
  truth.absent = {uri(controller())};
  truth.no_transfer = true;
  return script.end({truth});
}

Scene remote_hangup(std::string name) {
  Script script(std::move(name), "A controller's REFER with method=BYE makes agent 1's phone hang up.");
  Leg first = first_call(script, 12);
  Leg control = script.leg(controller(), agent(1));
  const std::string target = uri(customer()) + ";method=BYE?Call-ID=" + escaped(first.call_id);
  const Transaction sent = script.request(11.9, control, Side::Caller, "REFER",
                                          {.headers = "Refer-To: <" + target + ">\r\nRefer-Sub: false\r\n"});
  script.respond(11.92, control, sent, "202 Accepted");
  bye(script, 12, first, Side::Callee);
  Conversation truth = plain_truth({first.call_id}, recording_of(agent(1), 2.02, 12, {{2.02, 12, "cust"}}));
  truth.history = {{"drop", uri(agent(1)), 12}};
  truth.no_transfer = true;
  return script.end({truth});
}

Scene robots(std::string name) {
  Script script(std::move(name), "One robot calls another: no natural person, no vCon.");
  Leg leg = script.leg(ivr(), queue());
  script.talk(connect(script, 1, leg), 8, leg);
  bye(script, 8, leg, Side::Caller);
  return script.end({});
}

}  // namespace

std::vector<SceneEntry> routing_scenes() {
  return {{"forwarded_by_302", forwarded_by_302},
          {"forwarded_by_181", forwarded_by_181},
          {"forked", forked},
          {"pickup", pickup},
          {"click_to_dial", click_to_dial},
          {"remote_dial", remote_dial},
          {"remote_hangup", remote_hangup},
          {"robots_only", robots}};
}

}  // namespace tapestry::scenes
