// Somebody else on an agent's line.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 15;

/// The supervisor's INVITE with Join to agent 1's phone at 5, ACK at 5.22; hangs up at 12.
Leg join(Script& script, const Leg& first, const std::string& direction, const std::string& answer) {
  Leg leg = script.leg(supervisor(), agent(1));
  connect(script, 5, leg,
          {.headers = "Join: " + dialog_of(first, Side::Callee) + "\r\n",
           .rings = -1,
           .answers = 0.2,
           .offer = direction,
           .answer = answer});
  script.say(5.3, 12, leg, Side::Callee, "cust+a1");
  return leg;
}

Conversation supervised(const std::vector<std::string>& call_ids, const std::vector<Stretch>& heard) {
  Recording recording = recording_of(agent(1), 2.02, kEnd, heard);
  recording.channels[1] = {{2.02, kEnd, "a1"}};
  return {
      .call_ids = call_ids,
      .recordings = {recording},
      .parties = {party_of(customer(), "customer"), party_of(agent(1), "agent"), party_of(supervisor(), "supervisor")},
      .history = {{"join", uri(supervisor()), 5.22}, {"drop", uri(supervisor()), 12}}};
}

Scene silent_monitor(std::string name) {
  Script script(std::move(name), "A supervisor joins agent 1's dialog with recvonly and listens.");
  Leg first = first_call(script, kEnd);
  Leg joined = join(script, first, "recvonly", "sendonly");
  bye(script, 12, joined, Side::Caller);
  bye(script, kEnd, first, Side::Caller);
  Conversation truth = supervised({first.call_id, joined.call_id}, {{2.02, kEnd, "cust"}});
  truth.contains = {"\"monitor\""};
  return script.end({truth});
}

/// The supervisor speaks to both from `from` to 12, mixed by agent 1's phone.
Scene speak(Script& script, Leg& first, Leg& joined, double from) {
  script.say(2.02, from, first, Side::Callee);
  script.say(from, 12, first, Side::Callee, "a1+sup");
  script.say(12, kEnd, first, Side::Callee);
  script.say(from, 12, joined, Side::Caller);
  bye(script, 12, joined, Side::Caller);
  bye(script, kEnd, first, Side::Caller);
  Conversation truth =
      supervised({first.call_id, joined.call_id}, {{2.02, from, "cust"}, {from, 12, "cust+sup"}, {12, kEnd, "cust"}});
  truth.recordings[0].own_may_mix = true;
  truth.contains = {"\"barge-in\""};
  return script.end({truth});
}

/// Agent 1's call whose agent is not heard yet.
Leg mute_call(Script& script) {
  Leg leg = script.leg(customer(), agent(1));
  script.say(connect(script, 1, leg), kEnd, leg, Side::Caller);
  return leg;
}

Scene barge_in(std::string name) {
  Script script(std::move(name), "A supervisor joins agent 1's dialog and speaks to both.");
  Leg first = mute_call(script);
  Leg joined = join(script, first, "sendrecv", "sendrecv");
  return speak(script, first, joined, 5.3);
}

Scene barge_in_later(std::string name) {
  Script script(std::move(name), "A supervisor listens first, and speaks after a re-INVITE with sendrecv.");
  Leg first = mute_call(script);
  Leg joined = join(script, first, "recvonly", "sendonly");
  reinvite(script, 8, joined, Side::Caller, "sendrecv", "sendrecv");
  return speak(script, first, joined, 8.1);
}

/// From 5.3 to 12 the supervisor speaks to agent 1 only: the customer's packets hold agent 1's voice alone.
struct Whisper {
  Leg first;
  Leg joined;
};

Whisper whisper(Script& script) {
  Whisper all{.first = first_call(script, kEnd), .joined = {}};
  all.joined = join(script, all.first, "sendrecv", "sendrecv");
  script.say(5.3, 12, all.joined, Side::Caller);
  bye(script, 12, all.joined, Side::Caller);
  bye(script, kEnd, all.first, Side::Caller);
  return all;
}

Conversation whisper_truth(const Whisper& all, const std::vector<Stretch>& heard) {
  Conversation truth = supervised({all.first.call_id, all.joined.call_id}, heard);
  truth.contains = {"\"whisper\""};
  return truth;
}

Scene whisper_apart(std::string name) {
  Script script(std::move(name), "A supervisor speaks to agent 1 only: a recording of the supervisor's own.");
  const Whisper all = whisper(script);
  Conversation truth = whisper_truth(all, {{2.02, kEnd, "cust"}});
  Recording own = recording_of(supervisor(), 5.22, 12, {{5.3, 12, "cust+a1"}});
  own.channels[1] = {{5.3, 12, "sup"}};
  truth.recordings.push_back(own);
  return script.end({truth});
}

Scene whisper_kept(std::string name) {
  Script script(std::move(name), "The same with whisper = \"keep\": the supervisor is in agent 1's recording.");
  script.configure("whisper = \"keep\"\n");
  const Whisper all = whisper(script);
  return script.end({whisper_truth(all, {{2.02, 5.3, "cust"}, {5.3, 12, "cust+sup"}, {12, kEnd, "cust"}})});
}

Scene whisper_left_out(std::string name) {
  Script script(std::move(name), "The same with whisper = \"leave-out\": the supervisor is heard nowhere.");
  script.configure("whisper = \"leave-out\"\n");
  const Whisper all = whisper(script);
  return script.end({whisper_truth(all, {{2.02, kEnd, "cust"}})});
}

Scene second_agent(std::string name) {
  Script script(std::move(name), "Agent 2 joins agent 1's dialog and speaks to both: a recording of each.");
  Leg first = mute_call(script);
  Leg joined = script.leg(agent(2), agent(1));
  connect(script, 5, joined,
          {.headers = "Join: " + dialog_of(first, Side::Callee) + "\r\n", .rings = -1, .answers = 0.2});
  script.say(2.02, 5.3, first, Side::Callee);
  script.say(5.3, 12, first, Side::Callee, "a1+a2");
  script.say(12, kEnd, first, Side::Callee);
  script.say(5.3, 12, joined, Side::Callee, "a1+cust");
  script.say(5.3, 12, joined, Side::Caller);
  bye(script, 12, joined, Side::Caller);
  bye(script, kEnd, first, Side::Caller);
  Recording one = recording_of(agent(1), 2.02, kEnd, {{2.02, 5.3, "cust"}, {5.3, 12, "cust+a2"}, {12, kEnd, "cust"}});
  one.own_may_mix = true;
  Recording two = recording_of(agent(2), 5.22, 12, {{5.3, 12, "a1+cust"}});
  return script.end({{.call_ids = {first.call_id, joined.call_id},
                      .recordings = {one, two},
                      .parties = customer_and_two(),
                      .history = {{"join", uri(agent(2)), 5.22}, {"drop", uri(agent(2)), 12}},
                      .no_transfer = true}});
}

}  // namespace

std::vector<SceneEntry> supervisor_scenes() {
  return {{"supervisor_monitor", silent_monitor},
          {"supervisor_barge_in", barge_in},
          {"supervisor_barge_in_later", barge_in_later},
          {"supervisor_whisper", whisper_apart},
          {"supervisor_whisper_kept", whisper_kept},
          {"supervisor_whisper_left_out", whisper_left_out},
          {"join_by_agent", second_agent}};
}

}  // namespace tapestry::scenes
