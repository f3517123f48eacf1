// Calls that have much in common and stay apart.
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

/// Two customers' calls to two agents, each INVITE with the headers.
Scene apart(std::string name, const std::string& about, const std::string& headers) {
  Script script(std::move(name), about);
  Leg one = script.leg(customer(), agent(1));
  Leg two = script.leg(other_customer(), agent(2));
  script.talk(connect(script, 1, one, {.headers = headers}), 10, one);
  script.talk(connect(script, 1, two, {.headers = headers}), 10, two);
  bye(script, 10, one, Side::Caller);
  bye(script, 10, two, Side::Caller);
  Conversation second{.call_ids = {two.call_id},
                      .recordings = {recording_of(agent(2), 2.02, 10, {{2.02, 10, "cust2"}})},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(2), "agent")},
                      .absent = {uri(customer()), uri(agent(1))}};
  Conversation first = plain_truth({one.call_id}, recording_of(agent(1), 2.02, 10, {{2.02, 10, "cust"}}));
  first.absent = {uri(other_customer()), uri(agent(2))};
  return script.end({first, second});
}

Scene same_second(std::string name) {
  return apart(std::move(name), "Two customers call two agents from one trunk in the same second.", {});
}
Scene nil_session(std::string name) {
  const std::string nil(32, '0');
  return apart(std::move(name), "Nil Session-IDs tie nothing.", "Session-ID: " + nil + ";remote=" + nil + "\r\n");
}
Scene same_user_to_user(std::string name) {
  return apart(std::move(name), "User-to-user information that is no UCID ties nothing.",
               "User-to-User: 00C8053132333435;encoding=hex\r\n");
}
Scene empty_keys(std::string name) {
  return apart(std::move(name), "Headers of vendors without a value tie nothing.",
               "X-CID: \r\nCisco-Guid: \r\nAv-Global-Session-ID:\r\nP-Charging-Vector: icid-value=\"\"\r\n");
}

Scene one_agent_busy(std::string name) {
  Script script(std::move(name), "Two customers call the same agent in the same second; one of them finds it busy.");
  Leg one = script.leg(customer(), agent(1));
  Leg two = script.leg(other_customer(), agent(1));
  script.talk(connect(script, 1, one), 10, one);
  invite(script, 1.1, two);
  reject(script, 1.5, two, "486 Busy Here");
  bye(script, 10, one, Side::Caller);
  Conversation second{.call_ids = {two.call_id},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(1), "agent")},
                      .disposition = "busy",
                      .absent = {uri(customer())}};
  Conversation first = plain_truth({one.call_id}, recording_of(agent(1), 2.02, 10, {{2.02, 10, "cust"}}));
  first.absent = {uri(other_customer())};
  return script.end({first, second});
}

Scene one_pbx(std::string name) {
  Script script(std::move(name),
                "A customer talks to an IVR on the PBX; in the same second one agent calls another through the PBX.");
  Leg one = script.leg(customer(), ivr());
  one.callee.sip = testing::endpoint(kPbxIp + ":5060");
  Bridge two = bridge(script, agent(3), agent(1), pbx_for(agent(3)));
  script.talk(connect(script, 1, one), 10, one);
  const double answered = connect(script, 1.1, two, Relay::SameSsrc);
  talk(script, answered, 10.5, two, Relay::SameSsrc);
  bye(script, 10, one, Side::Caller);
  bye(script, 10.5, two);
  Conversation first{.call_ids = {one.call_id},
                     .parties = {party_of(customer(), "customer")},
                     .bots = {uri(ivr())},
                     .absent = {uri(agent(1)), uri(agent(3))},
                     .more_recordings = true};
  Conversation second{.call_ids = {two.outer.call_id, two.inner.call_id},
                      .recordings = {recording_of(agent(1), answered, 10.5, {{answered, 10.5, "a3"}}),
                                     recording_of(agent(3), answered, 10.5, {{answered, 10.5, "a1"}})},
                      .parties = {party_of(agent(1), "agent"), party_of(agent(3), "agent")},
                      .absent = {uri(customer())}};
  return script.end({first, second});
}

Scene call_waiting(std::string name) {
  Script script(std::move(name), "A second customer waits while agent 1 talks; the first one is held meanwhile.");
  Leg one = first_call(script, 7);
  Leg two = script.leg(other_customer(), agent(1));
  invite(script, 5, two);
  script.respond(5.3, two, two.invite, "182 Queued");
  hold(script, 7, one, Side::Callee);
  script.talk(answer(script, 5, two, {.rings = -1, .answers = 2.3}), 12, two);
  bye(script, 12, two, Side::Caller);
  resume(script, 12.3, one, Side::Callee);
  script.talk(12.4, 17, one);
  bye(script, 17, one, Side::Caller);
  Recording held = recording_of(agent(1), 2.02, 17, {{2.02, 7, "cust"}, {12.4, 17, "cust"}});
  held.gaps = {{"hold", 7, 12.3}};
  Conversation first = plain_truth({one.call_id}, held);
  first.absent = {uri(other_customer())};
  Conversation second{.call_ids = {two.call_id},
                      .recordings = {recording_of(agent(1), 7.32, 12, {{7.32, 12, "cust2"}})},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(1), "agent")},
                      .absent = {uri(customer())}};
  return script.end({first, second});
}

}  // namespace

std::vector<SceneEntry> unrelated_scenes() {
  return {{"unrelated_same_second", same_second},
          {"unrelated_nil_session", nil_session},
          {"unrelated_same_user_to_user", same_user_to_user},
          {"unrelated_empty_keys", empty_keys},
          {"unrelated_agent_busy", one_agent_busy},
          {"unrelated_one_pbx", one_pbx},
          {"call_waiting", call_waiting}};
}

}  // namespace tapestry::scenes
