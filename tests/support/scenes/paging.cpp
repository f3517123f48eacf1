// One speaks to several phones at once, which answer by themselves and only listen: the pager's recording is all.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kBegin = 1.12;
constexpr double kEnd = 11;
const std::string kAutomatic =
    "Call-Info: <sip:pbx.example.com>;answer-after=0\r\nAlert-Info: <info=alert-autoanswer>\r\n";

Setup page() { return {.headers = kAutomatic, .rings = -1, .answers = 0.1, .offer = "sendonly", .answer = "recvonly"}; }

Conversation paged(const std::vector<std::string>& call_ids) {
  Recording recording = recording_of(agent(1), kBegin, kEnd, {});
  recording.channels[1] = {{kBegin + 0.2, kEnd, "a1"}};
  return {.call_ids = call_ids,
          .recordings = {recording},
          .parties = {party_of(agent(1), "agent"), party_of(agent(2), "agent"), party_of(agent(3), "agent")},
          .history = {{"join", uri(agent(2)), kBegin}, {"join", uri(agent(3)), kBegin + 0.1}},
          .no_transfer = true};
}

Scene phones(std::string name) {
  Script script(std::move(name),
                "Agent 1's phone calls two phones, which answer by themselves, and sends each the same.");
  Leg two = script.leg(agent(1), agent(2));
  Leg three = script.leg(agent(1), agent(3));
  connect(script, 1, two, page());
  connect(script, 1.1, three, page());
  script.say(kBegin + 0.2, kEnd, two, Side::Caller);
  script.say(kBegin + 0.2, kEnd, three, Side::Caller);
  for (Leg* leg : {&two, &three}) bye(script, kEnd, *leg, Side::Caller);
  return script.end({paged({two.call_id, three.call_id})});
}

/// A group's address has a TTL (RFC 8866 §5.7).
Extra with_ttl(Extra extra) {
  const std::string group = "c=IN IP4 239.1.1.77";
  extra.body.insert(extra.body.find(group) + group.size(), "/32");
  return extra;
}

Scene multicast(std::string name) {
  Script script(std::move(name), "Agent 1's phone asks two phones to listen to a multicast group, and sends once.");
  Leg two = script.leg(agent(1), agent(2));
  Leg three = script.leg(agent(1), agent(3));
  const Endpoint source = two.caller.media;
  const Endpoint group = testing::endpoint("239.1.1.77:5004");
  double at = 1;
  for (Leg* leg : {&two, &three}) {
    leg->caller.media = leg->callee.media = group;
    const Transaction sent =
        script.request(at, *leg, Side::Caller, "INVITE", with_ttl(Script::sdp(leg->caller, "sendonly", kAutomatic)));
    script.respond(at + 0.1, *leg, sent, "200 OK", with_ttl(Script::sdp(leg->callee, "recvonly")));
    script.ack(at + 0.12, *leg, sent);
    at += 0.1;
  }
  script.rtp(kBegin + 0.2, kEnd, {.from = source, .to = group, .voice = agent(1).voice});
  for (Leg* leg : {&two, &three}) bye(script, kEnd, *leg, Side::Caller);
  return script.end({paged({two.call_id, three.call_id})});
}

Scene by_mixer(std::string name) {
  Script script(std::move(name), "Agent 1 calls a page group's mixer and refers two phones there, which only listen.");
  const auto enter = [&script](double at, const Peer& who, const std::string& offer, const std::string& answer) {
    Leg leg = script.leg(who, mixer());
    connect(script, at, leg,
            {.headers = who.voice == "a1" ? "" : referred_by_first(),
             .answer_headers = "Contact: <" + uri(mixer()) + ";isfocus>\r\n",
             .rings = -1,
             .answers = 0.1,
             .offer = offer,
             .answer = answer});
    return leg;
  };
  Leg one = enter(1, agent(1), "sendonly", "recvonly");
  for (const int number : {2, 3}) {
    Leg control = script.leg(agent(1), agent(number));
    const Transaction sent =
        script.request(1.2, control, Side::Caller, "REFER",
                       {.headers = "Refer-To: <" + uri(mixer()) + ">\r\nRefer-Sub: false\r\n" + referred_by_first()});
    script.respond(1.22, control, sent, "202 Accepted");
  }
  Leg two = enter(1.3, agent(2), "recvonly", "sendonly");
  Leg three = enter(1.4, agent(3), "recvonly", "sendonly");
  script.say(1.6, kEnd, one, Side::Caller);
  script.say(1.6, kEnd, two, Side::Callee, "a1");
  script.say(1.6, kEnd, three, Side::Callee, "a1");
  for (Leg* leg : {&one, &two, &three}) bye(script, kEnd, *leg, Side::Caller);
  Conversation truth = paged({one.call_id, two.call_id, three.call_id});
  truth.recordings[0].channels[1] = {{1.6, kEnd, "a1"}};
  truth.history = {{"join", uri(agent(2)), 1.42}, {"join", uri(agent(3)), 1.52}};
  truth.absent = {uri(mixer())};
  return script.end({truth});
}

}  // namespace

std::vector<SceneEntry> paging_scenes() {
  return {{"paging", phones}, {"paging_multicast", multicast}, {"paging_by_mixer", by_mixer}};
}

}  // namespace tapestry::scenes
