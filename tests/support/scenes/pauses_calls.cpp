// Pauses in conversations of several dialogs, and what networks do to markers.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/pauses.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

Scene both_hops(std::string name, Relay relay) {
  Script script(std::move(name), "Agent 1's Record: off travels on through a B2BUA; both hops carry media.");
  Bridge call = bridged_call(script, relay);
  relayed_info(script, 5, call, Side::Callee, "Record: off");
  relayed_info(script, 9, call, Side::Callee, "Record: on");
  return finish_paused(script, call, {{5, 9.012}}, 0.025);
}
Scene b2bua(std::string name) { return both_hops(std::move(name), Relay::NewSsrc); }
Scene b2bua_recoded(std::string name) { return both_hops(std::move(name), Relay::Recoded); }

Scene b2bua_customer(std::string name) {
  Script script(std::move(name), "The customer's Record: off is seen again from the PBX: nothing pauses.");
  Bridge call = bridged_call(script);
  relayed_info(script, 5, call, Side::Caller, "Record: off");
  relayed_info(script, 9, call, Side::Caller, "Record: on");
  return finish_paused(script, call, {});
}

Scene b2bua_pbx(std::string name) {
  Script script(std::move(name), "The PBX itself says Record: off to the customer's end.");
  script.configure("\n[[party]]\nrole = \"pbx\"\nip = \"10.2.0.5/32\"\n");
  Bridge call = bridged_call(script);
  info(script, 5, call.outer, Side::Callee, "Record: off");
  info(script, 9, call.outer, Side::Callee, "Record: on");
  return finish_paused(script, call, {{5, 9.02}});
}

Scene mirrored(std::string name) {
  Script script(std::move(name), "Every packet twice: of two VLANs, and before and after a router.");
  Leg leg = first_call(script, kPausedEnd);
  info(script, 5, leg, Side::Callee, "Record: off");
  info(script, 9, leg, Side::Callee, "Record: on");
  const Scene scene = finish_paused(script, leg, {{5, 9.02}});
  script.mirror(0, 7, 0.0004, 30, false);
  script.mirror(7, kPausedEnd + 1, 0.0004, 0, true);
  return script.end(scene.truth.conversations);
}

/// Record: off at 5, on at 9; one of their packets is seen again later.
Scene seen_again(std::string name, const std::string& about, double resumed, double again) {
  Script script(std::move(name), about);
  Leg leg = first_call(script, kPausedEnd);
  const Transaction off = script.request(5, leg, Side::Callee, "INFO", {.headers = "Record: off\r\n"});
  script.retransmit(5.5);
  script.retransmit(again);
  script.respond(5.52, leg, off, "200 OK");
  script.retransmit(again + 0.02);
  info(script, resumed, leg, Side::Callee, "Record: on");
  return finish_paused(script, leg, {{5, resumed + 0.02}});
}
Scene late_retransmission(std::string name) {
  return seen_again(std::move(name), "The INFO that paused is sent again after the resume: nothing pauses.", 8, 9);
}
Scene late_response(std::string name) {
  Script script(std::move(name),
                "A resume's 200 comes after it was sent again, and a second pause: it counts for the first.");
  Leg leg = first_call(script, kPausedEnd);
  info(script, 5, leg, Side::Callee, "Record: off");
  const Transaction on = script.request(7, leg, Side::Callee, "INFO", {.headers = "Record: on\r\n"});
  script.retransmit(7.5);
  script.respond(7.52, leg, on, "200 OK");
  info(script, 9, leg, Side::Callee, "Record: off");
  script.respond(10, leg, on, "200 OK");
  info(script, 11, leg, Side::Callee, "Record: on");
  return finish_paused(script, leg, {{5, 7.52}, {9, 11.02}});
}

// --- holding

Scene hold_inside(std::string name) {
  Script script(std::move(name), "Agent 1 holds and resumes the call inside a pause, which goes on.");
  Leg leg = first_call(script, 6);
  info(script, 4, leg, Side::Callee, "Record: off");
  hold(script, 6, leg, Side::Callee);
  script.say(6.1, 8, leg, Side::Callee, "moh");
  resume(script, 8, leg, Side::Callee);
  script.talk(8.1, kPausedEnd, leg);
  info(script, 10, leg, Side::Callee, "Record: on");
  Conversation more;
  more.more_gaps = true;
  more.history = {{"hold", uri(customer()), 6}, {"unhold", uri(customer()), 8}};
  return finish_paused(script, leg, {{4, 10.02}}, more);
}

Scene inside_hold(std::string name) {
  Script script(std::move(name), "Agent 1 pauses and resumes while the call is on hold.");
  Leg leg = first_call(script, 4);
  hold(script, 4, leg, Side::Callee);
  script.say(4.1, 10, leg, Side::Callee, "moh");
  info(script, 6, leg, Side::Callee, "Record: off");
  info(script, 8, leg, Side::Callee, "Record: on");
  resume(script, 10, leg, Side::Callee);
  script.talk(10.1, kPausedEnd, leg);
  Conversation more;
  more.more_gaps = true;
  Scene scene = finish_paused(script, leg, {{6, 8.02}}, more);
  for (auto& heard : scene.truth.conversations[0].recordings[0].channels) {
    heard = {{2.02, 4, heard[0].voice}, {10.1, kPausedEnd, heard[0].voice}};
  }
  return scene;
}

Scene across_hold(std::string name) {
  Script script(std::move(name), "Paused before a hold, resumed within it: the hold goes on.");
  Leg leg = first_call(script, 6);
  info(script, 4, leg, Side::Callee, "Record: off");
  hold(script, 6, leg, Side::Callee);
  script.say(6.1, 10, leg, Side::Callee, "moh");
  info(script, 8, leg, Side::Callee, "Record: on");
  resume(script, 10, leg, Side::Callee);
  script.talk(10.1, kPausedEnd, leg);
  Conversation more;
  more.more_gaps = true;
  Scene scene = finish_paused(script, leg, {{4, 8.02}}, more);
  for (auto& heard : scene.truth.conversations[0].recordings[0].channels) {
    heard = {{2.02, 4, heard[0].voice}, {10.1, kPausedEnd, heard[0].voice}};
  }
  return scene;
}

// --- several dialogs

Scene across_blind(std::string name, bool resumes) {
  Script script(std::move(name), resumes ? "Paused by agent 1, resumed by agent 2 after a blind transfer."
                                         : "Paused by agent 1, transferred, never resumed.");
  Leg first = first_call(script, 8);
  info(script, 6, first, Side::Callee, "Record: off");
  refer(script, 8, first, Side::Callee, uri(agent(2)));
  notify_refer(script, 8.1, first, Side::Caller, "100 Trying");
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 8.2, second, {.headers = referred_by_first()}), 16, second);
  notify_refer(script, 9.3, first, Side::Caller, "200 OK");
  bye(script, 9.5, first, Side::Callee);
  if (resumes) info(script, 12, second, Side::Callee, "Record: on");
  bye(script, 16, second, Side::Caller);
  Recording one = paused_recording(2.02, 9.5, {{6, 9.5}}, agent(1));
  Recording two = paused_recording(9.22, 16, {{9.22, resumes ? 12.02 : 16}}, agent(2));
  one.gap_slack = two.gap_slack = 0.05;
  Conversation truth{.call_ids = {first.call_id, second.call_id},
                     .recordings = {one, two},
                     .parties = customer_and_two(),
                     .transfers = {first_to_second()}};
  truth.redacted = "PCI";
  return script.end({truth});
}
Scene blind(std::string name) { return across_blind(std::move(name), true); }
Scene blind_never(std::string name) { return across_blind(std::move(name), false); }

Scene attended(std::string name) {
  Script script(std::move(name), "Paused by agent 1 before a consultation, resumed by agent 2 after the transfer.");
  Leg first = first_call(script, 8);
  info(script, 6, first, Side::Callee, "Record: off");
  Leg between = consult(script, first, 13);
  const std::string replaces = dialog_of(between, Side::Callee);
  refer(script, 13, first, Side::Callee, uri(agent(2)) + "?Replaces=" + escaped(replaces));
  Leg second = script.leg(customer(), agent(2));
  script.talk(connect(script, 13.2, second,
                      {.headers = referred_by_first() + "Replaces: " + replaces + "\r\n", .rings = -1, .answers = 0.2}),
              20, second);
  bye(script, 13.5, between, Side::Callee);
  notify_refer(script, 13.55, first, Side::Caller, "200 OK");
  bye(script, 13.7, first, Side::Callee);
  info(script, 16, second, Side::Callee, "Record: on");
  bye(script, 20, second, Side::Caller);
  Recording one = paused_recording(2.02, 13.7, {{6, 13.7}}, agent(1));
  Recording two = paused_recording(9.52, 20, {{9.52, 16.02}}, agent(2));
  one.gap_slack = two.gap_slack = 0.05;
  Transfer transfer = first_to_second();
  transfer.consultation = true;
  Conversation truth{.call_ids = {first.call_id, between.call_id, second.call_id},
                     .recordings = {one, two},
                     .parties = customer_and_two(),
                     .transfers = {transfer}};
  truth.more_gaps = true;
  truth.redacted = "PCI";
  return script.end({truth});
}

/// Agent 1's second customer of the day is recorded, whatever the first call's end left open.
Scene next_call(std::string name) {
  Script script(std::move(name),
                "A pause that was never resumed ends with its call: the same phone's next one is whole.");
  Leg first = first_call(script, 8);
  info(script, 5, first, Side::Callee, "Record: off");
  bye(script, 8, first, Side::Caller);
  Leg second = script.leg(other_customer(), agent(1));
  script.talk(connect(script, 10, second), 16, second);
  bye(script, 16, second, Side::Caller);
  Conversation one = plain_truth({first.call_id}, paused_recording(2.02, 8, {{5, 8}}, agent(1)));
  one.redacted = "PCI";
  return script.end({one,
                     {.call_ids = {second.call_id},
                      .recordings = {recording_of(agent(1), 11.02, 16, {{11.02, 16, "cust2"}})},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(1), "agent")}}});
}

}  // namespace

std::vector<SceneEntry> pause_call_scenes() {
  return {{"pause_b2bua", b2bua},
          {"pause_b2bua_recoded", b2bua_recoded},
          {"pause_b2bua_customer", b2bua_customer},
          {"pause_b2bua_pbx", b2bua_pbx},
          {"pause_mirrored", mirrored},
          {"pause_late_retransmission", late_retransmission},
          {"pause_late_response", late_response},
          {"pause_hold_inside", hold_inside},
          {"pause_inside_hold", inside_hold},
          {"pause_across_hold", across_hold},
          {"pause_across_blind_transfer", blind},
          {"pause_across_blind_transfer_never_resumed", blind_never},
          {"pause_across_attended_transfer", attended},
          {"pause_next_call", next_call}};
}

}  // namespace tapestry::scenes
