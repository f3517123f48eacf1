// More than two who hear each other.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 20;
const std::string kFocus = "Contact: <sip:conf88@pbx.example.com;isfocus>\r\n";

/// `who` joins the conference: INVITE at `at`, ACK 0.22 s later.
Leg join(Script& script, double at, const Peer& who, const std::string& headers = {}) {
  Leg leg = script.leg(who, mixer());
  connect(script, at, leg, {.headers = headers, .answer_headers = kFocus, .rings = -1, .answers = 0.2});
  return leg;
}

/// Agent 1 moves the customer to the mixer between 8.2 and 9.5 and agent 2 joins at 13.22; all leave at 20.
struct Meeting {
  Leg first;
  Leg one;
  Leg customer;
  Leg two;
};

Meeting meet(Script& script) {
  Meeting all{.first = first_call(script, 8), .one = join(script, 8.2, agent(1)), .customer = {}, .two = {}};
  refer(script, 8.7, all.first, Side::Callee, uri(mixer()));
  all.customer = join(script, 9, customer(), referred_by_first());
  notify_refer(script, 9.3, all.first, Side::Caller, "200 OK");
  bye(script, 9.5, all.first, Side::Callee);
  all.two = join(script, 13, agent(2), referred_by_first());
  script.say(8.5, kEnd, all.one, Side::Caller);
  script.say(9.3, kEnd, all.customer, Side::Caller);
  script.say(13.3, kEnd, all.two, Side::Caller);
  script.say(9.3, 13.3, all.one, Side::Callee, "cust");
  script.say(9.3, 13.3, all.customer, Side::Callee, "a1");
  script.say(13.3, kEnd, all.one, Side::Callee, "cust+a2");
  script.say(13.3, kEnd, all.customer, Side::Callee, "a1+a2");
  script.say(13.3, kEnd, all.two, Side::Callee, "a1+cust");
  for (Leg* leg : {&all.one, &all.customer, &all.two}) bye(script, kEnd, *leg, Side::Caller);
  return all;
}

Conversation meeting_truth(const Meeting& all) {
  Recording one = recording_of(agent(1), 2.02, kEnd, {{2.02, 8, "cust"}, {9.3, 13.3, "cust"}, {13.3, kEnd, "cust+a2"}});
  one.channels[1] = {{2.02, 8, "a1"}, {8.5, kEnd, "a1"}};
  Recording two = recording_of(agent(2), 13.22, kEnd, {{13.3, kEnd, "a1+cust"}});
  return {.call_ids = {all.first.call_id, all.one.call_id, all.customer.call_id, all.two.call_id},
          .recordings = {one, two},
          .parties = customer_and_two(),
          .history = {{"join", uri(agent(2)), 13.22}},
          .absent = {uri(mixer())}};
}

Scene focus(std::string name) {
  Script script(std::move(name), "Agent 1 moves the call to a conference focus; agent 2 joins.");
  return script.end({meeting_truth(meet(script))});
}

/// RFC 4575: who is in the conference. `status` by user: connected, disconnected.
std::string roster(unsigned version, const std::vector<std::pair<std::string, std::string>>& users) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" "
      "entity=\"sip:conf88@pbx.example.com\" state=\"full\" version=\"" +
      std::to_string(version) + "\">\r\n<users>\r\n";
  for (const auto& [user, status] : users) {
    text += "<user entity=\"" + user + "\"><endpoint entity=\"" + user + "\"><status>" + status +
            "</status></endpoint></user>\r\n";
  }
  return text + "</users>\r\n</conference-info>\r\n";
}

Scene focus_with_roster(std::string name) {
  Script script(std::move(name), "A conference focus that tells its roster, and that agent 2 has left early.");
  Meeting all = meet(script);
  const auto tell = [&](double at, unsigned version, const std::string& second) {
    transact(script, at, all.one, Side::Callee, "NOTIFY",
             {.headers = "Event: conference\r\nSubscription-State: active;expires=600\r\n",
              .type = "application/conference-info+xml",
              .body = roster(version,
                             {{uri(agent(1)), "connected"}, {uri(customer()), "connected"}, {uri(agent(2)), second}})});
  };
  tell(13.3, 1, "connected");
  tell(kEnd - 0.1, 2, "disconnected");
  return script.end({meeting_truth(all)});
}

Scene at_phone(std::string name) {
  Script script(std::move(name),
                "After a consultation agent 1's phone mixes the customer and agent 2; no message says so.");
  Leg first = first_call(script, 8);
  Leg between = consult(script, first, 13);
  resume(script, 13, first, Side::Callee);
  script.say(13, kEnd, between, Side::Callee);
  script.say(13, kEnd, between, Side::Caller, "a1+cust");
  script.say(13.1, kEnd, first, Side::Caller);
  script.say(13.1, kEnd, first, Side::Callee, "a1+a2");
  bye(script, kEnd, between, Side::Caller);
  bye(script, kEnd + 0.1, first, Side::Callee);
  Recording one =
      recording_of(agent(1), 2.02, kEnd + 0.1, {{2.02, 8, "cust"}, {9.52, 13, "a2"}, {13.1, kEnd, "cust+a2"}});
  one.gaps = {{"hold", 8, 13}};
  one.own_may_mix = true;
  Recording two = recording_of(agent(2), 9.52, kEnd, {{9.52, 13, "a1"}, {13.1, kEnd, "a1+cust"}});
  return script.end({{.call_ids = {first.call_id, between.call_id},
                      .recordings = {one, two},
                      .parties = customer_and_two(),
                      .history = {{"hold", uri(customer()), 8}, {"unhold", uri(customer()), 13}},
                      .no_transfer = true}});
}

/// Agent 1's phone mixes the customer and agent 2 from 13 to 17.
struct Mix {
  Leg first;
  Leg between;
};

Mix mix(Script& script) {
  Mix both{.first = first_call(script, 8), .between = {}};
  both.between = consult(script, both.first, 13);
  resume(script, 13, both.first, Side::Callee);
  script.say(13.1, 17, both.between, Side::Callee);
  script.say(13.1, 17, both.between, Side::Caller, "a1+cust");
  script.say(13.1, 17, both.first, Side::Caller);
  script.say(13.1, 17, both.first, Side::Callee, "a1+a2");
  return both;
}

Recording mixed_of_first(double until) {
  Recording recording =
      recording_of(agent(1), 2.02, until, {{2.02, 8, "cust"}, {9.52, 13, "a2"}, {13.2, 17, "cust+a2"}});
  recording.gaps = {{"hold", 8, 13}};
  recording.own_may_mix = true;
  return recording;
}

Scene consultative(std::string name) {
  Script script(std::move(name),
                "All three talk, mixed by agent 1's phone; then agent 1 leaves the customer to agent 2.");
  Mix both = mix(script);
  refer(script, 17, both.first, Side::Callee,
        uri(agent(2)) + "?Replaces=" + escaped(dialog_of(both.between, Side::Callee)));
  Leg third = script.leg(customer(), agent(2));
  const double taken =
      connect(script, 17.2, third,
              {.headers = referred_by_first() + "Replaces: " + dialog_of(both.between, Side::Callee) + "\r\n",
               .rings = -1,
               .answers = 0.2});
  script.talk(taken, kEnd, third);
  bye(script, 17.5, both.between, Side::Callee);
  notify_refer(script, 17.6, both.first, Side::Caller, "200 OK");
  bye(script, 17.7, both.first, Side::Callee);
  bye(script, kEnd, third, Side::Caller);
  Recording two = recording_of(agent(2), 9.52, kEnd, {{9.52, 13, "a1"}, {13.2, 17, "a1+cust"}, {taken, kEnd, "cust"}});
  Transfer handed = first_to_second();
  handed.consultation = true;
  return script.end({{.call_ids = {both.first.call_id, both.between.call_id, third.call_id},
                      .recordings = {mixed_of_first(17.7), two},
                      .parties = customer_and_two(),
                      .transfers = {handed},
                      .history = {{"drop", uri(agent(1)), 17.7}}}});
}

Scene one_leg_transferred(std::string name) {
  Script script(
      std::move(name),
      "Agent 2, whom agent 1's phone mixes with the customer, refers that phone to agent 3: the rest goes on.");
  Mix both = mix(script);
  refer(script, 17, both.between, Side::Callee, uri(agent(3)));
  Leg third = script.leg(agent(1), agent(3));
  const double taken = connect(script, 17.2, third,
                               {.headers = "Referred-By: <" + uri(agent(2)) + ">\r\n", .rings = -1, .answers = 0.2});
  notify_refer(script, 17.5, both.between, Side::Caller, "200 OK");
  bye(script, 17.6, both.between, Side::Callee);
  const double end = kEnd + 3;
  script.say(17, end, both.first, Side::Caller);
  script.say(17, 17.6, both.first, Side::Callee, "a1+a2");
  script.say(17.6, end, both.first, Side::Callee, "a1+a3");
  script.say(taken, end, third, Side::Caller, "a1+cust");
  script.say(taken, end, third, Side::Callee);
  bye(script, end, third, Side::Caller);
  bye(script, end, both.first, Side::Callee);
  Recording one = mixed_of_first(end);
  one.channels[0].push_back({17, taken, "cust"});
  one.channels[0].push_back({taken, end, "cust+a3"});
  Recording two = recording_of(agent(2), 9.52, 17.6, {{9.52, 13, "a1"}, {13.2, 17, "a1+cust"}});
  Recording three = recording_of(agent(3), taken, end, {{17.7, end, "a1+cust"}});
  std::vector<Party> parties = customer_and_two();
  parties.push_back(party_of(agent(3), ""));
  return script.end(
      {{.call_ids = {both.first.call_id, both.between.call_id, third.call_id},
        .recordings = {one, two, three},
        .parties = parties,
        .transfers = {{.transferee = uri(agent(1)), .transferor = uri(agent(2)), .target = uri(agent(3))}},
        .history = {{"drop", uri(agent(2)), 17.6}, {"join", uri(agent(3)), taken}}}});
}

Scene two_customers(std::string name) {
  Script script(std::move(name), "Agent 1 joins two customers' calls in one conference: one conversation.");
  Leg first = first_call(script, 6);
  hold(script, 6, first, Side::Callee);
  Leg second = script.leg(other_customer(), agent(1));
  script.talk(connect(script, 6.5, second), 11, second);
  hold(script, 11, second, Side::Callee);
  Leg one = join(script, 11.5, agent(1));
  refer(script, 11.8, first, Side::Callee, uri(mixer()));
  refer(script, 11.9, second, Side::Callee, uri(mixer()));
  Leg left = join(script, 12, customer(), referred_by_first());
  Leg right = join(script, 12.1, other_customer(), referred_by_first());
  notify_refer(script, 12.3, first, Side::Caller, "200 OK");
  notify_refer(script, 12.4, second, Side::Caller, "200 OK");
  bye(script, 12.5, first, Side::Callee);
  bye(script, 12.6, second, Side::Callee);
  script.say(12.5, kEnd, one, Side::Caller);
  script.say(12.5, kEnd, left, Side::Caller);
  script.say(12.5, kEnd, right, Side::Caller);
  script.say(12.5, kEnd, one, Side::Callee, "cust+cust2");
  script.say(12.5, kEnd, left, Side::Callee, "a1+cust2");
  script.say(12.5, kEnd, right, Side::Callee, "a1+cust");
  for (Leg* leg : {&one, &left, &right}) bye(script, kEnd, *leg, Side::Caller);
  Recording recording =
      recording_of(agent(1), 2.02, kEnd, {{2.02, 6, "cust"}, {7.52, 11, "cust2"}, {12.5, kEnd, "cust+cust2"}});
  return script.end(
      {{.call_ids = {first.call_id, second.call_id, one.call_id, left.call_id, right.call_id},
        .recordings = {recording},
        .parties = {party_of(customer(), "customer"), party_of(agent(1), "agent"), party_of(other_customer(), "")},
        .more_gaps = true}});
}

}  // namespace

std::vector<SceneEntry> conference_scenes() {
  return {{"conference_focus", focus},
          {"conference_roster", focus_with_roster},
          {"conference_at_phone", at_phone},
          {"conference_two_customers", two_customers},
          {"transfer_consultative", consultative},
          {"conference_leg_transferred", one_leg_transferred}};
}

}  // namespace tapestry::scenes
