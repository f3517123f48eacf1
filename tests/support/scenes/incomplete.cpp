// Calls that nobody answered.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/flows.h"
#include "tests/support/scenes/scenes.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

Conversation never_talked(const Leg& leg, const std::string& disposition) {
  return {.call_ids = {leg.call_id},
          .recordings = {},
          .parties = {party_of(customer(), "customer"), party_of(agent(1), "agent")},
          .bots = {},
          .transfers = {},
          .history = {},
          .disposition = disposition,
          .no_transfer = true};
}

Scene rejected(std::string name, const std::string& status, const std::string& disposition) {
  Script script(std::move(name), "The call is rejected with " + status + ".");
  Leg leg = script.leg(customer(), agent(1));
  invite(script, 1, leg);
  script.respond(1.3, leg, leg.invite, "180 Ringing");
  reject(script, 2, leg, status);
  return script.end({never_talked(leg, disposition)});
}

Scene busy(std::string name) { return rejected(std::move(name), "486 Busy Here", "busy"); }
Scene no_answer(std::string name) { return rejected(std::move(name), "480 Temporarily Unavailable", "no-answer"); }
Scene congestion(std::string name) { return rejected(std::move(name), "503 Service Unavailable", "congestion"); }
Scene failed(std::string name) { return rejected(std::move(name), "404 Not Found", "failed"); }
Scene declined(std::string name) { return rejected(std::move(name), "603 Decline", "failed"); }
Scene do_not_disturb(std::string name) { return rejected(std::move(name), "480 Do Not Disturb", "no-answer"); }

Scene cancelled(std::string name) {
  Script script(std::move(name), "The caller hangs up before anybody answers.");
  Leg leg = script.leg(customer(), agent(1));
  invite(script, 1, leg);
  script.respond(1.3, leg, leg.invite, "180 Ringing");
  cancel(script, 6, leg);
  return script.end({never_talked(leg, "no-answer")});
}

}  // namespace

std::vector<SceneEntry> incomplete_scenes() {
  return {{"incomplete_busy", busy},
          {"incomplete_no_answer", no_answer},
          {"incomplete_cancelled", cancelled},
          {"incomplete_congestion", congestion},
          {"incomplete_failed", failed},
          {"incomplete_declined", declined},
          {"incomplete_do_not_disturb", do_not_disturb}};
}

}  // namespace tapestry::scenes
