#include "tests/support/scenes/usual.h"

#include "tests/support/scenes/cast.h"

namespace tapestry::scenes {

using namespace cast;

Leg first_call(Script& script, double until) {
  Leg leg = script.leg(customer(), agent(1));
  script.talk(connect(script, 1, leg), until, leg);
  return leg;
}

Leg consult(Script& script, Leg& first, double until) {
  hold(script, 8, first, Side::Callee);
  Leg leg = script.leg(agent(1), agent(2));
  script.talk(connect(script, 8.5, leg), until, leg);
  return leg;
}

std::string referred_by_first() { return "Referred-By: <" + uri(agent(1)) + ">\r\n"; }

Transfer first_to_second() {
  return {.transferee = uri(customer()), .transferor = uri(agent(1)), .target = uri(agent(2))};
}

std::vector<Party> customer_and_two() {
  return {party_of(customer(), "customer"), party_of(agent(1), "agent"), party_of(agent(2), "agent")};
}

std::vector<Party> customer_and_first() { return {party_of(customer(), "customer"), party_of(agent(1), "agent")}; }

Conversation plain_truth(const std::vector<std::string>& call_ids, const Recording& recording) {
  return {.call_ids = call_ids, .recordings = {recording}, .parties = customer_and_first()};
}

std::string lines(const std::vector<std::string>& headers) {
  std::string text;
  for (const std::string& header : headers) text += header + "\r\n";
  return text;
}

}  // namespace tapestry::scenes
