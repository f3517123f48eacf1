// Pauses that INFO and headers ask for.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/pauses.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

/// A line of an INFO, and what became of it.
struct Said {
  double at = 0;
  std::string header;
  std::string status = "200 OK";
  Side from = Side::Callee;
};

Scene said(std::string name, const std::string& about, const std::vector<Said>& all, const std::vector<Paused>& pauses,
           const std::string& toml = {}, double slack = 0) {
  Script script(std::move(name), about);
  script.configure(toml);
  Leg leg = first_call(script, kPausedEnd);
  for (const Said& one : all) info(script, one.at, leg, one.from, one.header, one.status);
  return finish_paused(script, leg, pauses, slack);
}

Scene record(std::string name) {
  return said(std::move(name), "INFO with Record: off, later with Record: on.", {{5, "Record: off"}, {9, "Record: on"}},
              {{5, 9.02}});
}
Scene record_odd_case(std::string name) {
  return said(std::move(name), "Record: OFF and ON, one between two packets; Record: pause; other values are nothing.",
              {{3, "Record: maybe"},
               {5.013, "record:OFF"},
               {6, "Record: maybe"},
               {7, "RECORD : On"},
               {9, "Record: pause"},
               {11, "Record: on"}},
              {{5.013, 7.02}, {9, 11.02}});
}
Scene record_refused(std::string name) {
  return said(std::move(name), "Record: off is refused by a 403: it pauses all the same.",
              {{5, "Record: off", "403 Forbidden"}, {9, "Record: on"}}, {{5, 9.02}});
}
Scene record_unanswered(std::string name) {
  return said(std::move(name), "Nobody answers Record: off: it pauses all the same.",
              {{5, "Record: off", ""}, {9, "Record: on"}}, {{5, 9.02}});
}
Scene resume_refused(std::string name) {
  return said(std::move(name), "Record: on is refused by 403 and by 481: only the third one, with a 200, resumes.",
              {{5, "Record: off"},
               {7, "Record: on", "403 Forbidden"},
               {8, "Record: on", "481 Call/Transaction Does Not Exist"},
               {10, "Record: on"}},
              {{5, 10.02}});
}
Scene resume_unanswered(std::string name) {
  return said(std::move(name), "Nobody answers Record: on: the call stays paused to its end.",
              {{5, "Record: off"}, {9, "Record: on", ""}}, {{5, kPausedEnd}});
}
Scene never_resumed(std::string name) {
  return said(std::move(name), "Record: off, and nothing after it.", {{5, "Record: off"}}, {{5, kPausedEnd}});
}
Scene customer_refused(std::string name) {
  return said(std::move(name), "The customer's phone says Record: off: nothing pauses.",
              {{5, "Record: off", "200 OK", Side::Caller}, {9, "Record: on", "200 OK", Side::Caller}}, {});
}
Scene customer_resumes(std::string name) {
  return said(std::move(name), "The customer's phone says Record: on inside agent 1's pause: it goes on.",
              {{5, "Record: off"}, {7, "Record: on", "200 OK", Side::Caller}, {9, "Record: on"}}, {{5, 9.02}});
}
Scene record_disabled(std::string name) {
  return said(std::move(name), "The preset is off: Record: off is no pause.", {{5, "Record: off"}, {9, "Record: on"}},
              {}, "\n[pause]\ndisable = [\"info-record\"]\n");
}

Scene audiocodes(std::string name) {
  return said(std::move(name), "AudioCodes: pause-siprec, resume-siprec, stop-siprec, start-siprec.",
              {{4, "X-AC-Action: pause-siprec;recording-ip-group=SRS1"},
               {6, "X-AC-Action: resume-siprec;recording-ip-group=SRS1"},
               {8, "X-AC-Action: stop-siprec;recording-ip-group-set=Set1;recorded-side=peer"},
               {10, "X-AC-Action: start-siprec;recording-ip-group-set=Set1;recorded-side=peer"}},
              {{4, 6.02}, {8, 10.02}});
}

const std::string kPayRule =
    "\n[[marker]]\nname = \"pay\"\nheader = \"X-Pay\"\npause = \"^begin$\"\nresume = \"^end$\"\n";

Scene header_rule(std::string name) {
  return said(std::move(name), "A rule on a header of our own.",
              {{3, "X-Pay: beginning"}, {5, "X-Pay: begin"}, {9, "X-Pay: end"}}, {{5, 9.02}}, kPayRule);
}
Scene header_any_value(std::string name) {
  return said(std::move(name), "VoIPmonitor's way: one value pauses, any other one resumes.",
              {{5, "X-Recording-Control: pause"}, {9, "X-Recording-Control: 1"}}, {{5, 9.02}},
              "\n[[marker]]\nname = \"voipmonitor\"\nheader = \"X-Recording-Control\"\npause = \"^pause$\"\n"
              "resume = \"^(?:[^p].*)?$\"\n");
}
Scene header_on_demand(std::string name) {
  return said(std::move(name), "OrecX' way: X-record with configured values.",
              {{5, "X-record: OFF"}, {9, "X-record: ON"}}, {{5, 9.02}},
              "\n[[marker]]\nname = \"on demand\"\nheader = \"X-record\"\npause = \"^OFF$\"\nresume = \"^ON$\"\n");
}
Scene any_side(std::string name) {
  return said(std::move(name), "side = any: the customer may pause.",
              {{5, "X-Privacy: on", "200 OK", Side::Caller}, {9, "X-Privacy: off", "200 OK", Side::Caller}},
              {{5, 9.02}},
              "\n[[marker]]\nname = \"privacy\"\nside = \"any\"\nheader = \"X-Privacy\"\npause = \"^on$\"\n"
              "resume = \"^off$\"\n");
}
Scene nested(std::string name) {
  return said(std::move(name), "Two rules pause, one inside the other and across it: both must resume.",
              {{4, "Record: off"}, {5, "X-Pay: begin"}, {7, "Record: on"}, {9, "X-Pay: end"}}, {{4, 9.02}}, kPayRule);
}
Scene nested_twice(std::string name) {
  return said(std::move(name), "One rule pauses twice: one resume ends it.",
              {{4, "Record: off"}, {6, "Record: off"}, {9, "Record: on"}, {10, "Record: on"}}, {{4, 9.02}});
}
Scene at_most_stays(std::string name) {
  return said(std::move(name), "A pause of more than max seconds stays when the rule says so.", {{5, "X-Pay: begin"}},
              {{5, kPausedEnd}}, kPayRule + "max = 3\non_max = \"stay\"\n");
}
Scene at_most_resumes(std::string name) {
  return said(std::move(name), "A pause of more than max seconds ends when the rule says so.",
              {{5, "X-Pay: begin"}, {7, "X-Pay: begin"}}, {{5, 8}}, kPayRule + "max = 3\non_max = \"resume\"\n");
}
Scene rolls(std::string name) {
  return said(std::move(name), "A pause that begins a second before its marker and ends half a second after it.",
              {{5, "X-Pay: begin"}, {9, "X-Pay: end"}}, {{4, 9.52}}, kPayRule + "pre_roll = 1\npost_roll = 0.5\n");
}

Scene fail_closed(std::string name) {
  return said(std::move(name), "Calls to agent 1 begin paused: only what agent 1 resumes is kept.",
              {{4, "Record: on", "200 OK", Side::Caller}, {6, "Record: on"}, {9, "Record: off"}, {11, "Record: on"}},
              {{2.02, 6.02}, {9, 11.02}}, "\n[pause]\nfail_closed = \"^sip:1001@\"\n");
}

/// The header in a message that is no INFO.
Scene in_message(std::string name) {
  Script script(std::move(name), "A rule on a header and one method: INFO does not count, MESSAGE does, resume too.");
  script.configure(kPayRule + "method = \"^MESSAGE$\"\n");
  Leg leg = first_call(script, kPausedEnd);
  info(script, 3, leg, Side::Callee, "X-Pay: begin");
  transact(script, 5, leg, Side::Callee, "MESSAGE",
           {.headers = "X-Pay: begin\r\n", .type = "text/plain", .body = "please pay"});
  info(script, 7, leg, Side::Callee, "X-Pay: end");
  transact(script, 9, leg, Side::Callee, "MESSAGE",
           {.headers = "X-Pay: end\r\n", .type = "text/plain", .body = "thanks"});
  return finish_paused(script, leg, {{5, 9.02}});
}

Scene in_reinvite(std::string name) {
  Script script(std::move(name), "A rule on a header of re-INVITEs.");
  script.configure(kPayRule);
  Leg leg = first_call(script, kPausedEnd);
  reinvite(script, 5, leg, Side::Callee, "sendrecv", "sendrecv", "X-Pay: begin\r\n");
  reinvite(script, 9, leg, Side::Callee, "sendrecv", "sendrecv", "X-Pay: end\r\n");
  return finish_paused(script, leg, {{5, 9.05}});
}

Scene body_rule(std::string name) {
  Script script(std::move(name), "A rule on bodies: CSTA in INFO.");
  script.configure(
      "\n[[marker]]\nname = \"csta\"\nbody_type = \"csta\"\npause = \"<SuspendRecording\"\n"
      "resume = \"<ResumeRecording\"\n");
  Leg leg = first_call(script, kPausedEnd);
  for (const auto& [at, service] : {std::pair(5.0, "SuspendRecording"), std::pair(9.0, "ResumeRecording")}) {
    transact(script, at, leg, Side::Callee, "INFO",
             {.headers = "Content-Disposition: signal;handling=required\r\n",
              .type = "application/csta+xml",
              .body = std::string("<?xml version=\"1.0\"?>\r\n<") + service +
                      " xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed4\"/>\r\n"});
  }
  return finish_paused(script, leg, {{5, 9.02}});
}

/// The PBX tells the agent's end, in a dialog of its own across the B2BUA; no customer asked for it.
Scene msml(std::string name, const std::string& about, const std::string& pause, const std::string& resume) {
  Script script(std::move(name), about);
  Bridge call = bridged_call(script);
  for (const auto& [at, text] : {std::pair(5.0, pause), std::pair(9.0, resume)}) {
    transact(script, at, call.inner, Side::Caller, "INFO",
             {.type = "application/msml+xml",
              .body = "<?xml version=\"1.0\"?>\r\n<msml version=\"1.1\">\r\n" + text + "\r\n</msml>\r\n"});
  }
  return finish_paused(script, call, {{5, 9.02}});
}

Scene msml_recorder(std::string name) {
  return msml(std::move(name), "Genesys: modifyconference with a gvp:recorder's state.",
              "<modifyconference id=\"conf:1\"><gvp:recorder state=\"pause\"/></modifyconference>",
              "<modifyconference id=\"conf:1\"><gvp:recorder state=\"resume\"/></modifyconference>");
}
Scene msml_send(std::string name) {
  return msml(std::move(name), "RFC 5707: send pause and resume to a record primitive.",
              "<send target=\"conn:1/dialog:rec1/record\" event=\"pause\"/>",
              "<send target=\"conn:1/dialog:rec1/record\" event=\"resume\"/>");
}

Scene queued(std::string name) {
  Script script(std::move(name), "182 Queued is no pause.");
  Leg leg = script.leg(customer(), agent(1));
  invite(script, 1, leg);
  script.respond(1.2, leg, leg.invite, "182 Queued", {.headers = "Reason: SIP;cause=182;text=\"avaya-cm-data\"\r\n"});
  script.talk(answer(script, 1, leg), kPausedEnd, leg);
  return finish_paused(script, leg, {});
}

Scene before_answer(std::string name) {
  Script script(std::move(name), "Agent 1's phone says Record: off while it rings, and on later.");
  Leg leg = script.leg(customer(), agent(1));
  invite(script, 1, leg);
  script.respond(1.3, leg, leg.invite, "180 Ringing");
  const Transaction initial = leg.invite;
  info(script, 1.5, leg, Side::Callee, "Record: off");
  leg.invite = initial;
  script.talk(answer(script, 1, leg, {.rings = -1}), kPausedEnd, leg);
  info(script, 6, leg, Side::Callee, "Record: on");
  return finish_paused(script, leg, {{2.02, 6.02}}, 0.05);
}

}  // namespace

std::vector<SceneEntry> pause_info_scenes() {
  return {{"pause_info_record", record},
          {"pause_info_record_spellings", record_odd_case},
          {"pause_info_record_refused", record_refused},
          {"pause_info_record_unanswered", record_unanswered},
          {"pause_resume_refused", resume_refused},
          {"pause_resume_unanswered", resume_unanswered},
          {"pause_never_resumed", never_resumed},
          {"pause_customer_info", customer_refused},
          {"pause_customer_resumes", customer_resumes},
          {"pause_preset_disabled", record_disabled},
          {"pause_audiocodes", audiocodes},
          {"pause_header_rule", header_rule},
          {"pause_header_any_value", header_any_value},
          {"pause_header_on_demand", header_on_demand},
          {"pause_any_side", any_side},
          {"pause_nested", nested},
          {"pause_nested_twice", nested_twice},
          {"pause_max_stays", at_most_stays},
          {"pause_max_resumes", at_most_resumes},
          {"pause_rolls", rolls},
          {"pause_fail_closed", fail_closed},
          {"pause_header_in_message", in_message},
          {"pause_header_in_reinvite", in_reinvite},
          {"pause_body_rule", body_rule},
          {"pause_msml_recorder", msml_recorder},
          {"pause_msml_send", msml_send},
          {"pause_queued_is_none", queued},
          {"pause_before_answer", before_answer}};
}

}  // namespace tapestry::scenes
