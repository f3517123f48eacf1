// Pauses that session descriptions ask for (RFC 7866), and what looks like them.
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/pauses.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

/// Re-INVITEs with one attribute at 5, and another one at 9.
Scene attributes(std::string name, const std::string& about, Side from, const std::string& first,
                 const std::string& second, const std::vector<Paused>& pauses, bool media = false) {
  Script script(std::move(name), about);
  Leg leg = first_call(script, kPausedEnd);
  reinvite_with(script, 5, leg, from, first, media);
  reinvite_with(script, 9, leg, from, second, media);
  return finish_paused(script, leg, pauses);
}

Scene record_attribute(std::string name) {
  return attributes(std::move(name), "a=record:paused, later a=record:on, at the session level.", Side::Callee,
                    "a=record:paused", "a=record:on", {{5, 9.05}});
}
Scene record_attribute_media(std::string name) {
  return attributes(std::move(name), "a=record:paused, later a=record:on, in the media section.", Side::Callee,
                    "a=record:paused", "a=record:on", {{5, 9.05}}, true);
}
Scene record_customer(std::string name) {
  return attributes(std::move(name), "The customer's phone says a=record:paused: nothing pauses.", Side::Caller,
                    "a=record:paused", "a=record:on", {});
}
Scene preference(std::string name) {
  return attributes(std::move(name), "a=recordpref:pause by agent 1, later a=recordpref:on.", Side::Callee,
                    "a=recordpref:pause", "a=recordpref:on", {{5, 9.05}});
}
Scene preference_off(std::string name) {
  return attributes(std::move(name), "a=recordpref:off by agent 1, later a=recordpref:on.", Side::Callee,
                    "a=recordpref:off", "a=recordpref:on", {{5, 9.05}}, true);
}
Scene preference_customer(std::string name) {
  return attributes(std::move(name), "a=recordpref:pause by the customer: nothing pauses.", Side::Caller,
                    "a=recordpref:pause", "a=recordpref:on", {});
}

/// INVITE and 200 with that attribute at the session level; media from 2.02 on.
Leg call_with(Script& script, const std::string& offered, const std::string& answered) {
  Leg leg = script.leg(customer(), agent(1));
  const auto line = [](const Extra& sdp, const std::string& text) { return text.empty() ? sdp : with_line(sdp, text); };
  const Transaction sent =
      script.request(1, leg, Side::Caller, "INVITE", line(Script::sdp(leg.caller, "sendrecv"), offered));
  script.respond(1.3, leg, sent, "180 Ringing");
  script.respond(2, leg, sent, "200 OK", line(Script::sdp(leg.callee, "sendrecv"), answered));
  script.ack(2.02, leg, sent);
  script.talk(2.02, kPausedEnd, leg);
  return leg;
}

Scene initial_off(std::string name) {
  Script script(std::move(name), "Linphone's habit: a=record:off from the beginning on, which is no pause.");
  Leg leg = call_with(script, "a=record:off", "a=record:off");
  reinvite_with(script, 6, leg, Side::Callee, "a=record:off");
  reinvite_with(script, 8, leg, Side::Caller, "a=record:off");
  return finish_paused(script, leg, {});
}

Scene on_to_off(std::string name) {
  Script script(std::move(name), "a=record:on in the answer; a re-INVITE turns it off, another one on.");
  Leg leg = call_with(script, "", "a=record:on");
  reinvite_with(script, 5, leg, Side::Callee, "a=record:off");
  reinvite_with(script, 9, leg, Side::Callee, "a=record:on");
  return finish_paused(script, leg, {{5, 9.05}});
}

Scene paused_from_answer(std::string name) {
  Script script(std::move(name), "a=record:paused in the very first answer: nothing is kept until a=record:on.");
  Leg leg = call_with(script, "", "a=record:paused");
  reinvite_with(script, 6, leg, Side::Callee, "a=record:on");
  return finish_paused(script, leg, {{2.02, 6.05}}, 0.05);
}

/// The customer refreshes the session; agent 1's answer has the line.
void answered_with(Script& script, double at, Leg& leg, const std::string& line) {
  const Transaction sent = script.request(at, leg, Side::Caller, "INVITE", Script::same_sdp(leg.caller, "sendrecv"));
  script.respond(at + 0.05, leg, sent, "200 OK", with_line(Script::sdp(leg.callee, "sendrecv"), line));
  script.ack(at + 0.07, leg, sent);
}

Scene in_answer(std::string name) {
  Script script(std::move(name), "The customer's re-INVITEs are answered with a=record:paused, and a=record:on.");
  Leg leg = first_call(script, kPausedEnd);
  answered_with(script, 5, leg, "a=record:paused");
  answered_with(script, 9, leg, "a=record:on");
  return finish_paused(script, leg, {{5.05, 9.05}});
}

Scene by_update(std::string name) {
  Script script(std::move(name), "UPDATE with a=record:paused, and with a=record:on.");
  Leg leg = first_call(script, kPausedEnd);
  for (const auto& [at, line] : {std::pair(5.0, "a=record:paused"), std::pair(9.0, "a=record:on")}) {
    const Transaction sent =
        script.request(at, leg, Side::Callee, "UPDATE", with_line(Script::sdp(leg.callee, "sendrecv"), line));
    script.respond(at + 0.02, leg, sent, "200 OK", Script::sdp(leg.caller, "sendrecv"));
  }
  return finish_paused(script, leg, {{5, 9.02}});
}

Scene unchanged(std::string name) {
  Script script(std::move(name), "Re-INVITEs of both ends without the attribute, inside a pause, change nothing.");
  Leg leg = first_call(script, kPausedEnd);
  reinvite_with(script, 5, leg, Side::Callee, "a=record:paused");
  reinvite(script, 6, leg, Side::Caller, "sendrecv", "sendrecv");
  reinvite(script, 7, leg, Side::Callee, "sendrecv", "sendrecv");
  reinvite_with(script, 8, leg, Side::Caller, "a=record:on");
  reinvite_with(script, 10, leg, Side::Callee, "a=record:on");
  return finish_paused(script, leg, {{5, 10.05}});
}

Scene resume_rejected(std::string name) {
  Script script(std::move(name),
                "A re-INVITE with a=record:paused is refused, and pauses; one with on, and does not resume.");
  Leg leg = first_call(script, kPausedEnd);
  reinvite_with(script, 5, leg, Side::Callee, "a=record:paused", false, "488 Not Acceptable Here");
  reinvite_with(script, 8, leg, Side::Callee, "a=record:on", false, "491 Request Pending");
  reinvite_with(script, 10, leg, Side::Callee, "a=record:on");
  return finish_paused(script, leg, {{5, 10.05}});
}

// --- recording sessions

const std::string kCustomerSession = "ab30317f1a784dc48ff824d0d3715d86";
const std::string kAgentSession = "47755a9de7794ba387653f2099600ef2";

std::string two_streams(const Endpoint& first, unsigned version, const std::string& direction) {
  const std::string ip = first.ip.to_string();
  std::string text = fmt::format("v=0\r\no=SRC 1 {} IN IP4 {}\r\ns=-\r\nc=IN IP4 {}\r\nt=0 0\r\n", version, ip, ip);
  for (int label = 1; label <= 2; ++label) {
    text += fmt::format("m=audio {} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na={}\r\na=label:{}\r\n",
                        first.port + 1000 * (label - 1), direction, label);
  }
  return text;
}

/// RFC 7865.
std::string metadata(const Leg& leg) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<recording xmlns=\"urn:ietf:params:xml:ns:recording:1\">\r\n"
      "<datamode>complete</datamode>\r\n<session session_id=\"hVpd7YQgRW2nD22h7q60JQ==\"><sipSessionID>" +
      kCustomerSession + ";remote=" + kAgentSession + "</sipSessionID></session>\r\n";
  for (const Peer& who : {leg.caller.peer, leg.callee.peer}) {
    text += "<participant participant_id=\"" + who.voice + "QB23b7Mpk0w==\"><nameID aor=\"" + uri(who) +
            "\"/></participant>\r\n";
  }
  return text + "</recording>\r\n";
}

/// The PBX's offer to the recorder, answered 50 ms later.
void offer(Script& script, double at, Leg& session, const Leg& call, const std::string& direction) {
  ++session.caller.sdp_version;
  const std::string body = "--unique\r\nContent-Type: application/sdp\r\n\r\n" +
                           two_streams(session.caller.media, session.caller.sdp_version, direction) +
                           "\r\n--unique\r\nContent-Type: application/rs-metadata+xml\r\n"
                           "Content-Disposition: recording-session\r\n\r\n" +
                           metadata(call) + "\r\n--unique--\r\n";
  const Transaction sent =
      script.request(at, session, Side::Caller, "INVITE",
                     {.headers = "Require: siprec\r\n", .type = "multipart/mixed;boundary=unique", .body = body});
  script.respond(at + 0.05, session, sent, "200 OK",
                 {.headers = "Contact: <sip:srs@10.2.0.20:5060>;+sip.srs\r\n",
                  .type = "application/sdp",
                  .body = two_streams(session.callee.media, session.caller.sdp_version,
                                      direction == "inactive" ? direction : "recvonly")});
  script.ack(at + 0.07, session, sent);
}

/// Copies of both ends' media.
void copy(Script& script, double from, double to, const Leg& session) {
  Stream customers{.from = session.caller.media, .to = session.callee.media, .voice = "cust", .delay = 0.001};
  Stream agents = customers;
  agents.from.port = static_cast<std::uint16_t>(agents.from.port + 1000);
  agents.to.port = static_cast<std::uint16_t>(agents.to.port + 1000);
  agents.voice = "a1";
  script.rtp(from, to, customers);
  script.rtp(from, to, agents);
}

/// A call and, from 2.1 on, its recording session.
struct Recorded {
  Leg call;
  Leg session;
};

Recorded recorded_call(Script& script, double until) {
  Recorded both{.call = script.leg(customer(), agent(1)), .session = {}};
  const std::string nil(32, '0');
  const double answered =
      connect(script, 1, both.call,
              {.headers = "Session-ID: " + kCustomerSession + ";remote=" + nil + "\r\n",
               .answer_headers = "Session-ID: " + kAgentSession + ";remote=" + kCustomerSession + "\r\n"});
  script.talk(answered, until, both.call);
  both.session = script.leg(Peer{"", "src@pbx.example.com", kPbxIp, ""}, recorder());
  both.session.caller.contact = "<sip:src@10.2.0.5:5060>;+sip.src";
  offer(script, 2.1, both.session, both.call, "sendonly");
  return both;
}

Scene recording_session(std::string name) {
  Script script(std::move(name),
                "A recording session of the call goes inactive, and sendonly: another recorder pauses.");
  auto [call, session] = recorded_call(script, kPausedEnd);
  copy(script, 2.2, 5, session);
  offer(script, 5, session, call, "inactive");
  offer(script, 9, session, call, "sendonly");
  copy(script, 9.1, kPausedEnd, session);
  bye(script, kPausedEnd + 0.1, session, Side::Caller);
  Conversation more;
  more.absent = {uri(recorder())};
  return finish_paused(script, call, {{5, 9.05}}, more);
}

Scene recording_session_held(std::string name) {
  Script script(std::move(name), "A recording session goes inactive because the call is on hold: no pause.");
  auto [call, session] = recorded_call(script, 7);
  copy(script, 2.2, 7, session);
  hold(script, 7, call, Side::Callee);
  offer(script, 7.1, session, call, "inactive");
  script.say(7.1, 11, call, Side::Callee, "moh");
  resume(script, 11, call, Side::Callee);
  offer(script, 11.1, session, call, "sendonly");
  script.talk(11.1, kPausedEnd, call);
  copy(script, 11.2, kPausedEnd, session);
  bye(script, kPausedEnd + 0.1, session, Side::Caller);
  bye(script, kPausedEnd, call, Side::Caller);
  Recording recording = recording_of(agent(1), 2.02, kPausedEnd, {{2.02, 7, "cust"}, {11.1, kPausedEnd, "cust"}});
  recording.gaps = {{"hold", 7, 11}};
  return script.end({plain_truth({call.call_id}, recording)});
}

}  // namespace

std::vector<SceneEntry> pause_sdp_scenes() {
  return {{"pause_record_attribute", record_attribute},
          {"pause_record_attribute_media", record_attribute_media},
          {"pause_record_attribute_customer", record_customer},
          {"pause_record_preference", preference},
          {"pause_record_preference_off", preference_off},
          {"pause_record_preference_customer", preference_customer},
          {"pause_record_initially_off", initial_off},
          {"pause_record_on_to_off", on_to_off},
          {"pause_record_from_answer", paused_from_answer},
          {"pause_record_in_answer", in_answer},
          {"pause_record_by_update", by_update},
          {"pause_record_unchanged", unchanged},
          {"pause_record_resume_rejected", resume_rejected},
          {"pause_recording_session", recording_session},
          {"pause_recording_session_held", recording_session_held}};
}

}  // namespace tapestry::scenes
