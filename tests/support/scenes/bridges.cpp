#include "tests/support/scenes/bridges.h"

#include "tests/support/scenes/cast.h"

namespace tapestry::scenes {
namespace {

constexpr double kCodingSeconds = 0.013;

void relay_one(Script& script, double from, double to, const Leg& in, const Leg& out, Side speaker, Relay relay) {
  const Stream heard{
      .from = in.end(speaker).media, .to = in.end(other(speaker)).media, .voice = in.end(speaker).peer.voice};
  script.rtp(from, to, heard);
  Stream sent{
      .from = out.end(speaker).media, .to = out.end(other(speaker)).media, .voice = heard.voice, .delay = 0.001};
  if (relay == Relay::SameSsrc) sent.ssrc = script.ssrc_of(heard);
  if (relay == Relay::Recoded) {
    sent.older = kCodingSeconds;
    script.rtp(from + 0.014, to, sent);
  } else {
    script.rtp(from, to, sent);
  }
}

}  // namespace

Bridge bridge(Script& script, const Peer& customer, const Peer& agent, const Peer& inner_caller) {
  Peer caller = inner_caller;
  caller.ip = cast::kPbxIp;
  return {.outer = script.leg(customer, cast::pbx()), .inner = script.leg(caller, agent)};
}

double connect(Script& script, double at, Bridge& bridge, Relay relay, const Setup& outer, const Setup& inner) {
  auto& [customer_leg, agent_leg] = bridge;
  if (relay == Relay::Direct) {
    agent_leg.caller.media = customer_leg.caller.media;
    customer_leg.callee.media = agent_leg.callee.media;
  }
  invite(script, at, customer_leg, outer);
  invite(script, at + 0.1, agent_leg, inner);
  Setup outer_answer = outer;
  outer_answer.rings = 0.45;
  outer_answer.answers = 1.15;
  answer(script, at + 0.1, agent_leg, inner);
  answer(script, at, customer_leg, outer_answer);
  return at + 1.2;
}

void talk(Script& script, double from, double to, const Bridge& bridge, Relay relay) {
  const auto& [customer_leg, agent_leg] = bridge;
  if (relay == Relay::Direct) {
    script.talk(from, to, Leg{.caller = customer_leg.caller, .callee = agent_leg.callee});
    return;
  }
  relay_one(script, from, to, customer_leg, agent_leg, Side::Caller, relay);
  relay_one(script, from, to, agent_leg, customer_leg, Side::Callee, relay);
}

void bye(Script& script, double at, Bridge& bridge) {
  bye(script, at, bridge.outer, Side::Caller);
  bye(script, at + 0.05, bridge.inner, Side::Caller);
}

}  // namespace tapestry::scenes
