// Calls that are made again when a busy line is free, announcements before the agent, messages that an agent screens.
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/more_scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

Peer announcer() { return {"", "annc@pbx.example.com", "10.2.0.13", "ivr"}; }
const std::string kPrompt = ";play=http://media.example.com/prompts/calls-are-recorded.wav";

/// The customer calls agent 1, who is busy, at 1.
Leg find_busy(Script& script, const std::string& headers = {}) {
  Leg leg = script.leg(customer(), agent(1));
  invite(script, 1, leg);
  reject(script, 1.2, leg, "486 Busy Here", headers);
  return leg;
}

Conversation busy(const Leg& leg) {
  return {.call_ids = {leg.call_id}, .parties = customer_and_first(), .disposition = "busy", .no_transfer = true};
}

Scene completed(std::string name) {
  Script script(std::move(name), "RFC 6910: agent 1 is busy; the customer's phone is told when that is over, and calls.");
  Leg first = find_busy(script, "Call-Info: <sip:cc1@pbx.example.com>;purpose=call-completion;m=BS\r\n");
  Leg monitor = script.leg(customer(), agent(1));
  transact(script, 1.5, monitor, Side::Caller, "SUBSCRIBE",
           {.headers = "Event: call-completion\r\nExpires: 1800\r\nCall-Info: "
                       "<sip:cc1@pbx.example.com>;purpose=call-completion;m=BS\r\n"});
  const auto tell = [&](double at, const std::string& state) {
    transact(script, at, monitor, Side::Callee, "NOTIFY",
             {.headers = "Event: call-completion\r\nSubscription-State: active;expires=1700\r\n",
              .type = "application/call-completion",
              .body = "cc-state: " + state + "\r\ncc-service-retention\r\ncc-URI: " + uri(agent(1)) + "\r\n"});
  };
  tell(1.6, "queued");
  tell(20, "ready");
  Leg second = script.leg(customer(), agent(1));
  second.request_uri += ";m=BS";
  const double from = connect(script, 20.5, second);
  script.talk(from, 30, second);
  bye(script, 30, second, Side::Caller);
  Conversation truth = plain_truth({first.call_id, second.call_id}, recording_of(agent(1), from, 30, {{from, 30, "cust"}}));
  truth.disposition = "busy";
  truth.no_transfer = true;
  return script.end({truth});
}

Scene by_controller(std::string name) {
  Script script(std::move(name),
                "Agent 1 is busy; when that is over a controller calls the customer, then agent 1 (RFC 3725 flow I).");
  Leg first = find_busy(script);
  Leg watch = script.leg(controller(), agent(1));
  transact(script, 2, watch, Side::Caller, "SUBSCRIBE", {.headers = "Event: dialog\r\nExpires: 600\r\n"});
  transact(script, 20, watch, Side::Callee, "NOTIFY",
           {.headers = "Event: dialog\r\nSubscription-State: active;expires=580\r\n",
            .type = "application/dialog-info+xml",
            .body = "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" "
                    "version=\"2\" state=\"full\" entity=\"" +
                    uri(agent(1)) + "\"></dialog-info>\r\n"});
  Leg back = script.leg(controller(), customer());
  Peer as_customer = customer();
  as_customer.ip = controller().ip;
  Leg forth = script.leg(as_customer, agent(1));
  const Transaction empty = script.request(20.2, back, Side::Caller, "INVITE");
  script.respond(20.3, back, empty, "180 Ringing");
  script.respond(21, back, empty, "200 OK", Script::sdp(back.callee, "sendrecv"));
  forth.caller.media = back.callee.media;
  connect(script, 21.1, forth, {.rings = 0.1, .answers = 0.5});
  back.caller.media = forth.callee.media;
  script.ack(21.65, back, empty, true, Script::sdp(back.caller, "sendrecv"));
  script.say(21.7, 30, forth, Side::Callee);
  script.say(21.7, 30, back, Side::Callee);
  bye(script, 30, back, Side::Callee);
  bye(script, 30.05, forth, Side::Caller);
  Conversation truth =
      plain_truth({back.call_id, forth.call_id}, recording_of(agent(1), 21.62, 30.05, {{21.7, 30, "cust"}}));
  truth.absent = {uri(controller())};
  truth.no_transfer = true;
  return script.end({busy(first), truth});
}

Scene screened(std::string name) {
  Script script(std::move(name),
                "A customer leaves a message; agent 1 listens by Join to the voicemail's dialog, then takes the call.");
  Leg first = script.leg(customer(), agent(1));
  invite(script, 1, first);
  script.respond(1.3, first, first.invite, "180 Ringing");
  reject(script, 4, first, "302 Moved Temporarily", "Contact: <" + uri(voicemail()) + ">\r\n");
  Leg box = script.leg(customer(), voicemail());
  box.call_id = first.call_id;
  box.caller = first.caller;
  connect(script, 4.1, box, {.rings = -1, .answers = 0.3});
  script.say(4.4, 7, box, Side::Callee);
  script.say(7, 13.2, box, Side::Caller);
  Leg ear = script.leg(agent(1), voicemail());
  connect(script, 8, ear,
          {.headers = "Join: " + dialog_of(box, Side::Callee) + "\r\n",
           .rings = -1,
           .answers = 0.2,
           .offer = "recvonly",
           .answer = "sendonly"});
  script.say(8.3, 13, ear, Side::Callee, "cust");
  Leg taken = script.leg(agent(1), customer());
  const double talks =
      connect(script, 13, taken,
              {.headers = "Replaces: " + dialog_of(box, Side::Caller) + "\r\n", .rings = -1, .answers = 0.2});
  script.talk(talks, 20, taken);
  bye(script, 13.3, box, Side::Caller);
  bye(script, 13.4, ear, Side::Caller);
  bye(script, 20, taken, Side::Callee);
  Recording recording = recording_of(agent(1), 8.22, 20, {{8.3, 13, "cust"}, {talks, 20, "cust"}});
  recording.channels[1] = {{talks, 20, "a1"}};
  return script.end({{.call_ids = {first.call_id, ear.call_id, taken.call_id},
                      .recordings = {recording},
                      .parties = customer_and_first(),
                      .bots = {uri(voicemail())},
                      .more_recordings = true}});
}

/// The customer hears the announcement until 5, whose server refers to agent 1, answered at 6.22.
Scene announced(std::string name) {
  Script script(std::move(name), "An announcement server (RFC 4240) says that calls are recorded, then refers to agent 1.");
  Leg first = script.leg(customer(), announcer());
  first.request_uri += kPrompt;
  const double answered = connect(script, 1, first, {.rings = -1, .answers = 0.5});
  script.say(answered, 5, first, Side::Callee);
  refer(script, 5, first, Side::Callee, uri(agent(1)));
  Leg second = script.leg(customer(), agent(1));
  script.talk(connect(script, 5.2, second, {.headers = "Referred-By: <" + uri(announcer()) + ">\r\n"}), 15, second);
  notify_refer(script, 6.3, first, Side::Caller, "200 OK");
  bye(script, 6.4, first, Side::Callee);
  bye(script, 15, second, Side::Caller);
  Conversation truth =
      plain_truth({first.call_id, second.call_id}, recording_of(agent(1), 6.22, 15, {{6.22, 15, "cust"}}));
  truth.bots = {uri(announcer())};
  truth.contains = {"\"consent\"", "calls-are-recorded.wav"};
  truth.more_recordings = true;
  return script.end({truth});
}

Scene announced_by_pbx(std::string name) {
  Script script(std::move(name),
                "A PBX connects the customer with an announcement server first, then with agent 1; one Session-ID.");
  const std::string session =
      "Session-ID: cd30317f1a784dc48ff824d0d3715d87;remote=00000000000000000000000000000000\r\n";
  Leg outer = script.leg(customer(), pbx());
  Leg prompt = script.leg(pbx_for(customer()), announcer());
  Leg inner = script.leg(pbx_for(customer()), agent(1));
  prompt.request_uri += kPrompt;
  invite(script, 1, outer, {.headers = session});
  prompt.caller.media = outer.caller.media;
  connect(script, 1.1, prompt, {.headers = session, .rings = -1, .answers = 0.1});
  outer.callee.media = prompt.callee.media;
  answer(script, 1, outer, {.rings = -1, .answers = 0.3});
  script.rtp(1.4, 5, {.from = prompt.callee.media, .to = outer.caller.media, .voice = announcer().voice});
  script.rtp(1.4, 5, {.from = outer.caller.media, .to = prompt.callee.media, .voice = "cust"});
  bye(script, 5, prompt, Side::Callee);
  inner.caller.media = outer.caller.media;
  connect(script, 5.1, inner, {.headers = session});
  outer.callee.media = inner.callee.media;
  reinvite(script, 6.15, outer, Side::Callee, "sendrecv", "sendrecv");
  script.rtp(6.3, 15, {.from = inner.callee.media, .to = outer.caller.media, .voice = "a1"});
  script.rtp(6.3, 15, {.from = outer.caller.media, .to = inner.callee.media, .voice = "cust"});
  bye(script, 15, outer, Side::Caller);
  bye(script, 15.05, inner, Side::Caller);
  Conversation truth = plain_truth({outer.call_id, prompt.call_id, inner.call_id},
                                   recording_of(agent(1), 6.12, 15.05, {{6.3, 15, "cust"}}));
  truth.bots = {uri(announcer())};
  truth.contains = {"\"consent\"", "calls-are-recorded.wav"};
  truth.more_recordings = true;
  return script.end({truth});
}

}  // namespace

std::vector<SceneEntry> callback_scenes() {
  return {{"callback_completion", completed},
          {"callback_by_controller", by_controller},
          {"voicemail_screened", screened},
          {"consent_announced", announced},
          {"consent_announced_by_pbx", announced_by_pbx}};
}

}  // namespace tapestry::scenes
