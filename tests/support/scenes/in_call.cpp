// What happens inside one call, and must be kept or must not disturb.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 14;

Recording whole() { return recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}); }

/// The end of a call that was recorded from 2.02 on without a break.
Scene finish(Script& script, Leg& leg, const std::vector<std::string>& contains = {}) {
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, whole());
  truth.contains = contains;
  truth.no_transfer = true;
  return script.end({truth});
}

/// Agent 1 holds from 7 to 11.
Conversation held_truth(const Leg& leg) {
  Recording recording = recording_of(agent(1), 2.02, kEnd, {{2.02, 7, "cust"}, {11.1, kEnd, "cust"}});
  recording.gaps = {{"hold", 7, 11}};
  Conversation truth = plain_truth({leg.call_id}, recording);
  truth.history = {{"hold", uri(customer()), 7}, {"unhold", uri(customer()), 11}};
  truth.no_transfer = true;
  return truth;
}

Scene held(std::string name) {
  Script script(std::move(name), "Agent 1 holds the customer with music, and resumes.");
  Leg leg = first_call(script, 7);
  hold(script, 7, leg, Side::Callee);
  script.say(7.1, 11, leg, Side::Callee, "moh");
  resume(script, 11, leg, Side::Callee);
  script.talk(11.1, kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  return script.end({held_truth(leg)});
}

Scene refreshed(std::string name) {
  Script script(std::move(name), "Session timers: re-INVITE and UPDATE with the description as it was.");
  Leg leg = first_call(script, kEnd);
  const std::string expires = "Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n";
  const Transaction sent =
      script.request(5, leg, Side::Caller, "INVITE", Script::same_sdp(leg.caller, "sendrecv", expires));
  script.respond(5.03, leg, sent, "200 OK", Script::same_sdp(leg.callee, "sendrecv", expires));
  script.ack(5.05, leg, sent);
  const Transaction update =
      script.request(9, leg, Side::Callee, "UPDATE", Script::same_sdp(leg.callee, "sendrecv", expires));
  script.respond(9.02, leg, update, "200 OK", Script::same_sdp(leg.caller, "sendrecv", expires));
  return finish(script, leg);
}

Scene message(std::string name) {
  Script script(std::move(name), "A SIP MESSAGE inside the call.");
  Leg leg = first_call(script, kEnd);
  transact(script, 6, leg, Side::Callee, "MESSAGE",
           {.type = "text/plain;charset=UTF-8", .body = "Your ticket number is TAP-4711"});
  return finish(script, leg, {"Your ticket number is TAP-4711"});
}

Scene identity(std::string name) {
  Script script(std::move(name), "STIR: an Identity header with a PASSporT.");
  const std::string passport =
      "eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3AuY2Vy"
      "In0"
      ".eyJhdHRlc3QiOiJBIiwiZGVzdCI6eyJ0biI6WyIxODAwNTU1MDEwMCJdfSwiaWF0IjoxNzkwMDAwMDAxLCJvcmlnIjp7InRuIjoiMTIwMjU1NTA"
      "xMDEifX0"
      ".MEUCIQDx";
  Leg leg = script.leg(customer(), agent(1));
  const Setup setup{.headers =
                        "Identity: " + passport + ";info=<https://cert.example.org/p.cer>;alg=ES256;ppt=shaken\r\n"};
  script.talk(connect(script, 1, leg, setup), kEnd, leg);
  return finish(script, leg, {passport});
}

Scene video(std::string name) {
  Script script(std::move(name), "A video call: the audio is recorded, a gap tells that there was video.");
  Leg leg = script.leg(customer(), agent(1));
  const auto with_video = [](Extra extra, const Endpoint& at) {
    extra.body += "m=video " + std::to_string(at.port) + " RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=sendrecv\r\n";
    return extra;
  };
  const Endpoint there{leg.caller.media.ip, 26000};
  const Endpoint here{leg.callee.media.ip, 26000};
  const Transaction sent =
      script.request(1, leg, Side::Caller, "INVITE", with_video(Script::sdp(leg.caller, "sendrecv"), there));
  script.respond(2, leg, sent, "200 OK", with_video(Script::sdp(leg.callee, "sendrecv"), here));
  script.ack(2.02, leg, sent);
  script.talk(2.02, kEnd, leg);
  for (int picture = 0; picture < 25 * 12; ++picture) {
    const double at = 2.02 + picture * 0.04;
    const auto number = static_cast<std::uint16_t>(picture);
    const auto stamp = static_cast<std::uint32_t>(picture) * 3600;
    const testing::Buffer payload(400, static_cast<std::uint8_t>(picture));
    script.datagram(at, there, here, std::string(as_text(testing::rtp_packet(96, number, stamp, 11, true, payload))));
    script.datagram(at, here, there, std::string(as_text(testing::rtp_packet(96, number, stamp, 12, true, payload))));
  }
  bye(script, kEnd, leg, Side::Caller);
  Recording recording = whole();
  recording.gaps = {{"video-not-recorded", 2.02, kEnd}};
  Conversation truth = plain_truth({leg.call_id}, recording);
  truth.no_transfer = true;
  return script.end({truth});
}

/// RFC 4235: the state of agent 1's dialog with the customer, as a phone tells it.
std::string dialog_info(const Leg& leg, unsigned version, const std::string& state, const std::string& rendering) {
  return "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"" +
         std::to_string(version) + "\" state=\"full\" entity=\"" + uri(agent(1)) +
         "\">\r\n<dialog id=\"d1\" call-id=\"" + leg.call_id + "\" local-tag=\"" + leg.callee.tag + "\" remote-tag=\"" +
         leg.caller.tag + "\" direction=\"recipient\">\r\n<state>" + state +
         "</state>\r\n<local><target uri=\"sip:1001@10.1.0.21\"><param " + "pname=\"+sip.rendering\" pval=\"" +
         rendering + "\"/></target></local>\r\n</dialog>\r\n</dialog-info>\r\n";
}

Extra state_of(const Leg& leg, unsigned version, const std::string& state, const std::string& rendering = "yes") {
  return {.headers = "Event: dialog\r\nSubscription-State: active;expires=600\r\n",
          .type = "application/dialog-info+xml",
          .body = dialog_info(leg, version, state, rendering)};
}

/// The controller subscribes to agent 1's dialogs at `at`.
Leg subscribed(Script& script, double at) {
  Leg leg = script.leg(controller(), agent(1));
  transact(script, at, leg, Side::Caller, "SUBSCRIBE",
           {.headers = "Event: dialog\r\nExpires: 600\r\nAccept: application/dialog-info+xml\r\n"});
  return leg;
}

Scene watched(std::string name) {
  Script script(std::move(name), "A controller watches agent 1's dialogs: NOTIFY with dialog-info.");
  Leg watch = subscribed(script, 0.5);
  Leg leg = first_call(script, kEnd);
  transact(script, 1.4, watch, Side::Callee, "NOTIFY", state_of(leg, 1, "early"));
  transact(script, 2.1, watch, Side::Callee, "NOTIFY", state_of(leg, 2, "confirmed"));
  transact(script, kEnd + 0.1, watch, Side::Callee, "NOTIFY", state_of(leg, 3, "terminated"));
  return finish(script, leg);
}

/// A controller's REFER for a feature of agent 1's dialog `leg`, in a dialog of its own.
void feature(Script& script, double at, const Leg& leg, const std::string& urn) {
  Leg control = script.leg(controller(), agent(1));
  const Transaction sent = script.request(
      at, control, Side::Caller, "REFER",
      {.headers = lines({"Refer-To: <" + urn + ">", "Target-Dialog: " + target_dialog_of(leg, Side::Callee),
                         "Supported: norefersub, tdialog", "Refer-Sub: false"})});
  script.respond(at + 0.02, control, sent, "202 Accepted");
}

Scene feature_hold(std::string name) {
  Script script(std::move(name), "Seed 004: HoldCall and RetrieveCall, which agent 1's phone does with re-INVITEs.");
  Leg leg = first_call(script, 7);
  feature(script, 6.9, leg, "urn:feature:HoldCall");
  hold(script, 7, leg, Side::Callee);
  feature(script, 10.9, leg, "urn:ietf:feature:RetrieveCall");
  resume(script, 11, leg, Side::Callee);
  script.talk(11.1, kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  return script.end({held_truth(leg)});
}

Scene feature_hold_with_music(std::string name) {
  Script script(std::move(name),
                "HoldCall whose description stays sendrecv, music flows; dialog-info says it is held.");
  Leg watch = subscribed(script, 0.5);
  Leg leg = first_call(script, 7);
  feature(script, 7, leg, "urn:feature:HoldCall");
  transact(script, 7.05, watch, Side::Callee, "NOTIFY", state_of(leg, 1, "confirmed", "no"));
  script.say(7.1, 11, leg, Side::Callee, "moh");
  script.say(7.1, 11, leg, Side::Caller);
  feature(script, 11, leg, "urn:feature:RetrieveCall");
  transact(script, 11.05, watch, Side::Callee, "NOTIFY", state_of(leg, 2, "confirmed", "yes"));
  script.talk(11.1, kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  return script.end({held_truth(leg)});
}

Scene feature_answer(std::string name) {
  Script script(std::move(name), "AnswerCall while agent 1's phone rings.");
  Leg leg = script.leg(customer(), agent(1));
  invite(script, 1, leg);
  script.respond(1.3, leg, leg.invite, "180 Ringing");
  feature(script, 1.9, leg, "urn:feature:AnswerCall");
  script.talk(answer(script, 1, leg, {.rings = -1}), kEnd, leg);
  return finish(script, leg);
}

Scene feature_clear(std::string name) {
  Script script(std::move(name), "ClearConnection: agent 1's phone hangs up.");
  Leg leg = first_call(script, kEnd);
  feature(script, kEnd - 0.1, leg, "urn:ietf:feature:ClearConnection");
  bye(script, kEnd, leg, Side::Callee);
  Conversation truth = plain_truth({leg.call_id}, whole());
  truth.history = {{"drop", uri(agent(1)), kEnd}};
  return script.end({truth});
}

Scene feature_deflect(std::string name) {
  Script script(std::move(name), "DeflectCall: agent 1's phone answers 302, the customer calls agent 2.");
  Leg first = script.leg(customer(), agent(1));
  invite(script, 1, first);
  script.respond(1.3, first, first.invite, "180 Ringing");
  feature(script, 2, first, "urn:feature:DeflectCall;target=" + uri(agent(2)));
  reject(script, 2.1, first, "302 Moved Temporarily", "Contact: <" + uri(agent(2)) + ">\r\n");
  Leg second = script.leg(customer(), agent(2));
  second.call_id = first.call_id;
  second.caller = first.caller;
  script.talk(connect(script, 2.2, second), kEnd, second);
  bye(script, kEnd, second, Side::Caller);
  return script.end({{.call_ids = {first.call_id},
                      .recordings = {recording_of(agent(2), 3.22, kEnd, {{3.22, kEnd, "cust"}})},
                      .parties = {party_of(customer(), "customer"), party_of(agent(2), "agent")},
                      .no_transfer = true}});
}

Scene feature_transfer(std::string name) {
  Script script(std::move(name), "SingleStepTransfer: agent 1's phone refers the customer to agent 2.");
  Leg first = first_call(script, 7);
  feature(script, 7, first, "urn:feature:SingleStepTransfer;target=" + uri(agent(2)));
  refer(script, 7.1, first, Side::Callee, uri(agent(2)));
  notify_refer(script, 7.2, first, Side::Caller, "100 Trying");
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 7.3, second, {.headers = referred_by_first()}), kEnd, second);
  notify_refer(script, 8.4, first, Side::Caller, "200 OK");
  bye(script, 8.5, first, Side::Callee);
  bye(script, kEnd, second, Side::Caller);
  return script.end({{.call_ids = {first.call_id, second.call_id},
                      .recordings = {recording_of(agent(1), 2.02, 8.5, {{2.02, 7, "cust"}}),
                                     recording_of(agent(2), 8.32, kEnd, {{8.32, kEnd, "cust"}})},
                      .parties = customer_and_two(),
                      .transfers = {first_to_second()}}});
}

}  // namespace

std::vector<SceneEntry> in_call_scenes() {
  return {{"held", held},
          {"session_refresh", refreshed},
          {"message", message},
          {"stir_identity", identity},
          {"video", video},
          {"dialog_info", watched},
          {"feature_hold", feature_hold},
          {"feature_hold_with_music", feature_hold_with_music},
          {"feature_answer", feature_answer},
          {"feature_clear", feature_clear},
          {"feature_deflect", feature_deflect},
          {"feature_transfer", feature_transfer}};
}

}  // namespace tapestry::scenes
