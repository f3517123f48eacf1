// Holds by port 0 (RFC 3264 §5.1, §6), and a fax that is none.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/more_scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 15;

/// The last description of that end with port 0.
Extra refused(End& end, const std::string& direction) {
  const Endpoint own = end.media;
  end.media.port = 0;
  const Extra extra = Script::sdp(end, direction);
  end.media = own;
  return extra;
}

/// `from` offers port 0 at `at`; `method` is INVITE or UPDATE.
void stop(Script& script, double at, Leg& leg, Side from, const std::string& method, const std::string& direction) {
  const Transaction sent = script.request(at, leg, from, method, refused(leg.end(from), direction));
  script.respond(at + 0.05, leg, sent, "200 OK", refused(leg.end(other(from)), direction));
  if (method == "INVITE") script.ack(at + 0.07, leg, sent);
}

/// `holder` holds from 7 to 11, with new ports behind it if `moves`.
Scene held(Script& script, Side holder, const std::string& method, const std::string& direction, bool moves) {
  Leg leg = first_call(script, 7);
  stop(script, 7, leg, holder, method, direction);
  if (moves) {
    for (const Side side : {Side::Caller, Side::Callee})
      leg.end(side).media.port = static_cast<std::uint16_t>(leg.end(side).media.port + 100);
  }
  resume(script, 11, leg, holder);
  script.talk(11.1, kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  Recording recording = recording_of(agent(1), 2.02, kEnd, {{2.02, 7, "cust"}, {11.1, kEnd, "cust"}});
  recording.gaps = {{"hold", 7, 11}};
  Conversation truth = plain_truth({leg.call_id}, recording);
  const std::string party = uri(holder == Side::Callee ? customer() : agent(1));
  truth.history = {{"hold", party, 7}, {"unhold", party, 11}};
  truth.no_transfer = true;
  return script.end({truth});
}

Scene by_port(std::string name) {
  Script script(std::move(name), "Agent 1 holds the customer with port 0, and resumes with the ports as they were.");
  return held(script, Side::Callee, "INVITE", "sendrecv", false);
}

Scene by_port_moved(std::string name) {
  Script script(std::move(name), "Agent 1 holds with port 0 and inactive, and resumes with other ports.");
  return held(script, Side::Callee, "INVITE", "inactive", true);
}

Scene by_port_update(std::string name) {
  Script script(std::move(name), "Agent 1 holds with port 0 in an UPDATE.");
  return held(script, Side::Callee, "UPDATE", "sendrecv", false);
}

Scene by_port_customer(std::string name) {
  Script script(std::move(name), "The customer's side holds agent 1 with port 0.");
  return held(script, Side::Caller, "INVITE", "inactive", false);
}

Scene fax(std::string name) {
  Script script(std::move(name), "A re-INVITE to T.38, which is refused: nobody is held.");
  Leg leg = first_call(script, kEnd);
  Extra offer = refused(leg.caller, "sendrecv");
  offer.body += "m=image 26000 udptl t38\r\na=T38FaxVersion:0\r\n";
  const Transaction sent = script.request(7, leg, Side::Caller, "INVITE", offer);
  script.respond(7.05, leg, sent, "488 Not Acceptable Here");
  script.ack(7.07, leg, sent, false);
  Extra accepted = refused(leg.callee, "sendrecv");
  accepted.body += "m=image 26000 udptl t38\r\na=T38FaxVersion:0\r\n";
  Extra again = refused(leg.caller, "sendrecv");
  again.body += "m=image 26002 udptl t38\r\na=T38FaxVersion:0\r\n";
  const Transaction retried = script.request(9, leg, Side::Caller, "INVITE", again);
  script.respond(9.05, leg, retried, "200 OK", accepted);
  script.ack(9.07, leg, retried);
  reinvite(script, 9.3, leg, Side::Caller, "sendrecv", "sendrecv");
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.absent_history = {{"hold", uri(customer()), 9}, {"hold", uri(agent(1)), 9}};
  truth.no_transfer = true;
  return script.end({truth});
}

}  // namespace

std::vector<SceneEntry> odd_hold_scenes() {
  return {{"held_by_port", by_port},
          {"held_by_port_moved", by_port_moved},
          {"held_by_port_update", by_port_update},
          {"held_by_port_customer", by_port_customer},
          {"fax_is_no_hold", fax}};
}

}  // namespace tapestry::scenes
