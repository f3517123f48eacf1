#include "tests/support/scenes/flows.h"

#include <fmt/core.h>

#include <cctype>

namespace tapestry::scenes {
namespace {

constexpr double kReplySeconds = 0.02;
constexpr double kReinviteSeconds = 0.05;

}  // namespace

void invite(Script& script, double at, Leg& leg, const Setup& setup) {
  const Transaction sent =
      script.request(at, leg, Side::Caller, "INVITE", Script::sdp(leg.caller, setup.offer, setup.headers));
  script.respond(at + 0.01, leg, sent, "100 Trying");
}

double answer(Script& script, double at, Leg& leg, const Setup& setup) {
  if (setup.rings >= 0) script.respond(at + setup.rings, leg, leg.invite, "180 Ringing");
  script.respond(at + setup.answers, leg, leg.invite, "200 OK",
                 Script::sdp(leg.callee, setup.answer, setup.answer_headers));
  const double done = at + setup.answers + kAckSeconds;
  script.ack(done, leg, leg.invite);
  return done;
}

double connect(Script& script, double at, Leg& leg, const Setup& setup) {
  invite(script, at, leg, setup);
  return answer(script, at, leg, setup);
}

double connect_late_offer(Script& script, double at, Leg& leg, const Setup& setup) {
  const Transaction sent = script.request(at, leg, Side::Caller, "INVITE", {.headers = setup.headers});
  script.respond(at + 0.01, leg, sent, "100 Trying");
  if (setup.rings >= 0) script.respond(at + setup.rings, leg, sent, "180 Ringing");
  script.respond(at + setup.answers, leg, sent, "200 OK", Script::sdp(leg.callee, setup.offer, setup.answer_headers));
  const double done = at + setup.answers + kAckSeconds;
  script.ack(done, leg, sent, true, Script::sdp(leg.caller, setup.answer));
  return done;
}

void reject(Script& script, double at, Leg& leg, const std::string& status, const std::string& headers) {
  script.respond(at, leg, leg.invite, status, {.headers = headers});
  script.ack(at + kAckSeconds, leg, leg.invite, false);
}

void cancel(Script& script, double at, Leg& leg, const std::string& headers) {
  const Transaction sent = script.request(at, leg, Side::Caller, "CANCEL", {.headers = headers});
  script.respond(at + 0.01, leg, sent, "200 OK");
  reject(script, at + kReplySeconds, leg, "487 Request Terminated");
}

void transact(Script& script, double at, Leg& leg, Side from, const std::string& method, const Extra& extra,
              const std::string& status) {
  const Transaction sent = script.request(at, leg, from, method, extra);
  script.respond(at + kReplySeconds, leg, sent, status);
}

void bye(Script& script, double at, Leg& leg, Side from, const std::string& headers) {
  transact(script, at, leg, from, "BYE", {.headers = headers});
}

void reinvite(Script& script, double at, Leg& leg, Side from, const std::string& offer, const std::string& answer,
              const std::string& headers) {
  const Transaction sent = script.request(at, leg, from, "INVITE", Script::sdp(leg.end(from), offer, headers));
  script.respond(at + 0.01, leg, sent, "100 Trying");
  script.respond(at + kReinviteSeconds, leg, sent, "200 OK", Script::sdp(leg.end(other(from)), answer));
  script.ack(at + kReinviteSeconds + kAckSeconds, leg, sent);
}

void hold(Script& script, double at, Leg& leg, Side from) { reinvite(script, at, leg, from, "sendonly", "recvonly"); }
void resume(Script& script, double at, Leg& leg, Side from) { reinvite(script, at, leg, from, "sendrecv", "sendrecv"); }

void refer(Script& script, double at, Leg& leg, Side from, const std::string& target, const std::string& headers) {
  transact(
      script, at, leg, from, "REFER",
      {.headers = fmt::format("Refer-To: <{}>\r\nReferred-By: <{}>\r\n{}", target, uri(leg.end(from).peer), headers)},
      "202 Accepted");
}

void notify_refer(Script& script, double at, Leg& leg, Side from, const std::string& status) {
  const bool done = !status.starts_with("1");
  transact(script, at, leg, from, "NOTIFY",
           {.headers = fmt::format("Event: refer\r\nSubscription-State: {}\r\n",
                                   done ? "terminated;reason=noresource" : "active;expires=60"),
            .type = "message/sipfrag;version=2.0",
            .body = "SIP/2.0 " + status + "\r\n"});
}

std::string dialog_of(const Leg& leg, Side receiver) {
  return fmt::format("{};to-tag={};from-tag={}", leg.call_id, leg.end(receiver).tag, leg.end(other(receiver)).tag);
}

std::string target_dialog_of(const Leg& leg, Side receiver) {
  return fmt::format("{};local-tag={};remote-tag={}", leg.call_id, leg.end(receiver).tag, leg.end(other(receiver)).tag);
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Recording recording_of(const Peer& agent, double from, double to, const std::vector<Stretch>& others) {
  Recording recording{.agent = uri(agent), .at = from, .duration = to - from};
  recording.channels[0] = others;
  for (const Stretch& stretch : others) recording.channels[1].push_back({stretch.from, stretch.to, agent.voice});
  return recording;
}

Party party_of(const Peer& peer, const std::string& role) { return {uri(peer), role}; }

}  // namespace tapestry::scenes
