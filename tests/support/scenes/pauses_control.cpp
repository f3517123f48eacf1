// Pauses that somebody beside the call asks for: controllers, PBXes, and the places that a call is sent to.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/pauses.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

const std::string kControllers = "\n[pause]\ncontrollers = [\"10.2.0.30/32\"]\n";
const std::string kPbxRule = "\n[[party]]\nrole = \"pbx\"\nip = \"10.2.0.5/32\"\n";

/// A controller's REFER in a dialog of its own, for a feature of the call.
void feature(Script& script, double at, const Leg& call, const std::string& urn, const Peer& who,
             const std::string& status = "202 Accepted") {
  Leg control = script.leg(who, agent(1));
  const Transaction sent = script.request(
      at, control, Side::Caller, "REFER",
      {.headers = lines({"Refer-To: <" + urn + ">", "Target-Dialog: " + target_dialog_of(call, Side::Callee),
                         "Supported: norefersub, tdialog", "Refer-Sub: false"})});
  script.respond(at + 0.02, control, sent, status);
}

Scene features(std::string name) {
  Script script(std::move(name), "A controller asks for urn:feature:PauseRecording and ResumeRecording.");
  script.configure(kControllers);
  Leg leg = first_call(script, kPausedEnd);
  feature(script, 5, leg, "urn:feature:PauseRecording", controller());
  feature(script, 9, leg, "urn:feature:ResumeRecording", controller());
  return finish_paused(script, leg, {{5, 9.02}});
}

Scene features_other_form(std::string name) {
  Script script(std::move(name), "urn:ietf:feature:, in any case, with a reason; stop and start, suspend and resume.");
  script.configure(kControllers);
  Leg leg = first_call(script, 18);
  feature(script, 4, leg, "URN:IETF:feature:stoprecording", controller());
  feature(script, 7, leg, "urn:ietf:feature:StartRecording", controller());
  feature(script, 10, leg, "urn:feature:SuspendCallRecording;reason=pci", controller());
  feature(script, 13, leg, "urn:ietf:FEATURE:ResumeCallRecording;reason=pci", controller());
  return finish_paused(script, leg, {{4, 7.02}, {10, 13.02}}, 0, 18);
}

Scene features_refused(std::string name) {
  Script script(std::move(name), "Agent 1's phone declines to pause, and to resume: only what a 202 takes resumes.");
  script.configure(kControllers);
  Leg leg = first_call(script, kPausedEnd);
  feature(script, 5, leg, "urn:feature:PauseRecording", controller(), "603 Decline");
  feature(script, 8, leg, "urn:feature:ResumeRecording", controller(), "603 Decline");
  feature(script, 10, leg, "urn:feature:ResumeRecording", controller());
  return finish_paused(script, leg, {{5, 10.02}});
}

Scene features_of_customer(std::string name) {
  Script script(std::move(name), "The customer's host asks for a pause out of the dialog: nothing pauses.");
  script.configure(kControllers);
  Leg leg = first_call(script, kPausedEnd);
  feature(script, 5, leg, "urn:feature:PauseRecording", customer());
  feature(script, 9, leg, "urn:feature:ResumeRecording", customer());
  return finish_paused(script, leg, {});
}

Scene features_in_dialog(std::string name) {
  Script script(std::move(name), "Agent 1's phone asks for it within the call's dialog.");
  Leg leg = first_call(script, kPausedEnd);
  refer(script, 5, leg, Side::Callee, "urn:feature:PauseRecording", "Refer-Sub: false\r\n");
  refer(script, 9, leg, Side::Callee, "urn:feature:ResumeRecording", "Refer-Sub: false\r\n");
  return finish_paused(script, leg, {{5, 9.02}});
}

/// Two customers talk to agents 1 and 2 at once; the second call is paused.
Scene features_of_other_call(std::string name) {
  Script script(std::move(name), "Target-Dialog says which of two calls is paused.");
  script.configure(kControllers);
  Leg one = first_call(script, kPausedEnd);
  Leg two = script.leg(other_customer(), agent(2));
  script.talk(connect(script, 1.5, two), kPausedEnd, two);
  feature(script, 5, two, "urn:feature:PauseRecording", controller());
  feature(script, 9, two, "urn:feature:ResumeRecording", controller());
  bye(script, kPausedEnd, two, Side::Caller);
  Scene scene = finish_paused(script, one, {});
  Recording paused = paused_recording(2.52, kPausedEnd, {{5, 9.02}}, agent(2));
  for (Stretch& stretch : paused.channels[0]) stretch.voice = "cust2";
  Conversation second{.call_ids = {two.call_id},
                      .recordings = {paused},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(2), "agent")}};
  second.redacted = "PCI";
  std::vector<Conversation> both = scene.truth.conversations;
  both.push_back(second);
  return script.end(both);
}

// --- where a call is sent

Scene destination(std::string name) {
  Script script(std::move(name),
                "Agent 1 refers the customer to a payment line, and stays: paused until that call ends.");
  script.configure("\n[[marker]]\nname = \"payment line\"\ndestination = \"^sip:pay[0-9]*@\"\n");
  Leg first = first_call(script, 16);
  refer(script, 6, first, Side::Callee, uri(payment()));
  Leg line = script.leg(customer(), payment());
  script.talk(connect(script, 6.9, line, {.headers = referred_by_first(), .rings = -1, .answers = 0.1}), 12, line);
  notify_refer(script, 7.1, first, Side::Caller, "200 OK");
  bye(script, 12, line, Side::Callee);
  Conversation more;
  Scene scene = finish_paused(script, first, {{7, 12}}, more, 0.15, 16);
  Conversation& truth = scene.truth.conversations[0];
  truth.call_ids.push_back(line.call_id);
  truth.no_transfer = false;
  return scene;
}

Scene destination_address(std::string name) {
  Script script(std::move(name), "A re-INVITE moves the customer's media to a host that masks keys, and back.");
  script.configure("\n[[marker]]\nname = \"masking host\"\ndestination_ip = \"10.3.0.0/24\"\n");
  Bridge call = bridge(script, customer(), agent(1), pbx_for(customer()));
  const Setup tied{.headers = "User-to-User: 00FA080001247C5E46F6E6;encoding=hex\r\n"};
  talk(script, connect(script, 1, call, Relay::NewSsrc, tied, tied), 5, call, Relay::NewSsrc);
  const Endpoint before = call.outer.callee.media;
  call.outer.callee.media = testing::endpoint("10.3.0.9:26000");
  reinvite(script, 5, call.outer, Side::Callee, "sendrecv", "sendrecv");
  talk(script, 5.08, 9, call, Relay::NewSsrc);
  call.outer.callee.media = before;
  reinvite(script, 9, call.outer, Side::Callee, "sendrecv", "sendrecv");
  talk(script, 9.08, kPausedEnd, call, Relay::NewSsrc);
  return finish_paused(script, call, {{5, 9.05}}, 0.15);
}

// --- control channels in clear text

const std::string kUuid = "0c5a3f9e-6f57-4b1c-9a55-1a2b3c4d5e6f";

/// A call through FreeSWITCH, which uses channel UUIDs as Call-IDs of what it calls.
Bridge uuid_call(Script& script) {
  Bridge call = bridge(script, customer(), agent(1), pbx_for(customer()));
  call.inner.call_id = kUuid;
  const Setup tied{.headers = "User-to-User: 00FA080001247C5E46F6E6;encoding=hex\r\n"};
  talk(script, connect(script, 1, call, Relay::NewSsrc, tied, tied), kPausedEnd, call, Relay::NewSsrc);
  return call;
}

Scene event_socket(std::string name) {
  Script script(std::move(name), "FreeSWITCH's event socket: uuid_record mask, and unmask.");
  script.configure(kPbxRule + kControllers);
  Bridge call = uuid_call(script);
  const Endpoint client = testing::endpoint("10.2.0.30:43210");
  const Endpoint server = testing::endpoint("10.2.0.5:8021");
  script.tcp(0.5, server, client, "Content-Type: auth/request\n\n");
  script.tcp(0.51, client, server, "auth ClueCon\n\n");
  script.tcp(0.52, server, client, "Content-Type: command/reply\nReply-Text: +OK accepted\n\n");
  for (const auto& [at, action] : {std::pair(5.0, "mask"), std::pair(9.0, "unmask")}) {
    script.tcp(at, client, server, "api uuid_record " + kUuid + " " + action + " /var/rec/1.wav\n\n");
    script.tcp(at + 0.005, server, client, "Content-Type: api/response\nContent-Length: 12\n\n+OK Success\n");
  }
  return finish_paused(script, call, {{5, 9}}, 0.04);
}

Scene manager_interface(std::string name) {
  Script script(std::move(name), "Asterisk's manager interface: MixMonitorMute with State 1, and 0.");
  script.configure(kPbxRule + kControllers);
  Bridge call = bridged_call(script);
  const Endpoint client = testing::endpoint("10.2.0.30:43211");
  const Endpoint server = testing::endpoint("10.2.0.5:5038");
  script.tcp(0.5, server, client, "Asterisk Call Manager/9.0.0\r\n");
  script.tcp(0.51, client, server, "Action: Login\r\nUsername: cti\r\nSecret: none\r\n\r\n");
  script.tcp(0.52, server, client, "Response: Success\r\nMessage: Authentication accepted\r\n\r\n");
  for (const auto& [at, state] : {std::pair(5.0, "1"), std::pair(9.0, "0")}) {
    script.tcp(at, client, server,
               std::string("Action: MixMonitorMute\r\nActionID: 7\r\nChannel: PJSIP/1001-0000002a\r\n"
                           "Direction: both\r\nState: ") +
                   state + "\r\n\r\n");
    script.tcp(at + 0.005, server, client, "Response: Success\r\nActionID: 7\r\n\r\n");
  }
  return finish_paused(script, call, {{5, 9}}, 0.04);
}

Scene web_request(std::string name) {
  Script script(std::move(name), "A phone's HTTP request, by a rule: the call is that of the phone's address.");
  script.configure(
      "\n[[marker]]\nname = \"record key\"\nhttp_pause = \"phonerecording\\\\.cgi\\\\?.*state=off\"\n"
      "http_resume = \"phonerecording\\\\.cgi\\\\?.*state=on\"\n");
  Leg leg = first_call(script, kPausedEnd);
  const Endpoint phone = testing::endpoint("10.1.0.21:41000");
  const Endpoint server = testing::endpoint("10.2.0.5:80");
  for (const auto& [at, state] : {std::pair(5.0, "off"), std::pair(9.0, "on")}) {
    script.tcp(at, phone, server,
               std::string("GET /phonerecording.cgi?model=yealink&state=") + state +
                   " HTTP/1.1\r\nHost: 10.2.0.5\r\nUser-Agent: Yealink SIP-T46S\r\n\r\n");
    script.tcp(at + 0.005, server, phone, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }
  return finish_paused(script, leg, {{5, 9}}, 0.04);
}

}  // namespace

std::vector<SceneEntry> pause_control_scenes() {
  return {{"pause_feature", features},
          {"pause_feature_other_form", features_other_form},
          {"pause_feature_refused", features_refused},
          {"pause_feature_of_customer", features_of_customer},
          {"pause_feature_in_dialog", features_in_dialog},
          {"pause_feature_of_other_call", features_of_other_call},
          {"pause_destination", destination},
          {"pause_destination_address", destination_address},
          {"pause_event_socket", event_socket},
          {"pause_manager_interface", manager_interface},
          {"pause_web_request", web_request}};
}

}  // namespace tapestry::scenes
