// Seed 002: every way in which user-to-user information comes.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 10;
const std::string kInformation = "56a390f3d2b7310023a2";
const std::string kCard = "4111111111111111";

/// The customer's call to agent 1 with more headers; the information is in the vCon.
Scene carried(std::string name, const std::string& about, const Setup& setup,
              const std::vector<std::string>& contains = {kInformation}, const std::string& bye_headers = {}) {
  Script script(std::move(name), about);
  Leg leg = script.leg(customer(), agent(1));
  script.talk(connect(script, 1, leg, setup), kEnd, leg);
  bye(script, kEnd, leg, Side::Caller, bye_headers);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.contains = contains;
  return script.end({truth});
}

Scene header(std::string name) {
  return carried(std::move(name), "The header of RFC 7433 in the INVITE.",
                 {.headers = "User-to-User: " + kInformation + ";encoding=hex;purpose=isdn-uui;content=isdn-uui\r\n"});
}
Scene bare_token(std::string name) {
  return carried(std::move(name), "The draft's form: a bare token.",
                 {.headers = "User-to-User: " + kInformation + "\r\n"});
}
Scene lists(std::string name) {
  return carried(std::move(name), "A comma list with a quoted string, and a second header.",
                 {.headers = "User-to-User: " + kInformation + ";encoding=hex, \"ticket=4711, gold\";purpose=crm\r\n" +
                             "User-to-User: 00C8124711;encoding=hex\r\n"},
                 {kInformation, "ticket=4711, gold", "00C8124711"});
}
Scene still_escaped(std::string name) {
  return carried(std::move(name), "The header's value as it stood in a URI.",
                 {.headers = "User-to-User: " + kInformation + "%3Bencoding%3Dhex\r\n"});
}
Scene in_answer(std::string name) {
  return carried(std::move(name), "The header in the 200.",
                 {.answer_headers = "User-to-User: " + kInformation + ";encoding=hex\r\n"});
}
Scene in_bye(std::string name) {
  return carried(std::move(name), "The header in the BYE.", {}, {kInformation},
                 "User-to-User: " + kInformation + ";encoding=hex\r\n");
}
Scene call_info(std::string name) {
  return carried(std::move(name), "Call-Info with a data: URI.",
                 {.headers = "Call-Info: <data:text/plain,crm-ticket-4711>;purpose=info\r\n"}, {"crm-ticket-4711"});
}

Scene by_info(std::string name) {
  Script script(std::move(name),
                "UUS 2 and 3: USER INFORMATION during the call becomes INFO; the second one is a card.");
  Leg leg = script.leg(customer(), agent(1));
  script.talk(connect(script, 1, leg), kEnd, leg);
  transact(script, 4, leg, Side::Caller, "INFO",
           {.headers = "User-to-User: " + kInformation + ";encoding=hex;purpose=isdn-uui\r\n"});
  transact(script, 6, leg, Side::Callee, "INFO", {.headers = "User-to-User: \"pays with " + kCard + "\"\r\n"});
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.contains = {kInformation, "pays with "};
  truth.forbidden = kCard;
  return script.end({truth});
}

Scene uri_parameter(std::string name) {
  Script script(std::move(name), "A parameter of the Request-URI.");
  Leg leg = script.leg(customer(), agent(1));
  leg.request_uri += ";User-to-User=" + kInformation + "%3Bencoding%3Dhex";
  script.talk(connect(script, 1, leg), kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.contains = {kInformation};
  return script.end({truth});
}

Scene mime_body(std::string name) {
  Script script(std::move(name), "A part of the INVITE's multipart body.");
  Leg leg = script.leg(customer(), agent(1));
  const Extra offer = Script::sdp(leg.caller, "sendrecv");
  const Transaction sent = script.request(
      1, leg, Side::Caller, "INVITE",
      {.type = "multipart/mixed;boundary=part",
       .body = "--part\r\nContent-Type: application/sdp\r\n\r\n" + offer.body +
               "\r\n--part\r\nContent-Type: text/plain\r\nContent-Disposition: render;handling=optional\r\n\r\n" +
               "crm-ticket-4711\r\n--part--\r\n"});
  script.respond(1.01, leg, sent, "100 Trying");
  script.talk(answer(script, 1, leg), kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.contains = {"crm-ticket-4711"};
  return script.end({truth});
}

Scene redirect(std::string name) {
  Script script(std::move(name), "Figure 1: the queue answers 302, whose Contact carries the information; To stays.");
  Leg first = script.leg(customer(), queue());
  invite(script, 1, first);
  reject(script, 1.2, first, "302 Moved Temporarily",
         "Contact: <" + uri(agent(1)) + "?User-to-User=" + kInformation + "%3Bencoding%3Dhex>\r\n");
  Leg second = script.leg(customer(), agent(1));
  second.call_id = first.call_id;
  second.caller = first.caller;
  second.callee.identity = first.callee.identity;
  script.talk(connect(script, 1.3, second, {.headers = "User-to-User: " + kInformation + ";encoding=hex\r\n"}), kEnd,
              second);
  bye(script, kEnd, second, Side::Caller);
  Conversation truth = plain_truth({first.call_id}, recording_of(agent(1), 2.32, kEnd, {{2.32, kEnd, "cust"}}));
  truth.contains = {kInformation};
  truth.no_transfer = true;
  return script.end({truth});
}

Scene refer_after_answer(std::string name) {
  Script script(std::move(name), "Figure 2: the queue answers, and refers with the information in Refer-To.");
  Leg first = script.leg(customer(), queue());
  const double answered = connect(script, 1, first, {.rings = -1, .answers = 0.5});
  script.say(answered, 5, first, Side::Callee);
  refer(script, 5, first, Side::Callee, uri(agent(1)) + "?User-to-User=" + kInformation + "%3Bencoding%3Dhex");
  notify_refer(script, 5.1, first, Side::Caller, "100 Trying");
  Leg second = script.leg(customer(), agent(1));
  script.talk(connect(script, 5.2, second, {.headers = "User-to-User: " + kInformation + ";encoding=hex\r\n"}), 12,
              second);
  notify_refer(script, 6.3, first, Side::Caller, "200 OK");
  bye(script, 6.4, first, Side::Callee);
  bye(script, 12, second, Side::Caller);
  Conversation truth =
      plain_truth({first.call_id, second.call_id}, recording_of(agent(1), 6.22, 12, {{6.22, 12, "cust"}}));
  truth.bots = {uri(queue())};
  truth.transfers = {{.transferee = uri(customer()), .transferor = uri(queue()), .target = uri(agent(1))}};
  truth.contains = {kInformation};
  truth.more_recordings = true;
  return script.end({truth});
}

/// A proxy between customer and agent 1; the INVITE of each hop with its own headers.
Scene two_hops(std::string name, const std::string& about, const std::string& first, const std::string& second,
               const std::vector<std::string>& contains) {
  Script script(std::move(name), about);
  Leg hop = script.leg(customer(), agent(1));
  Leg outer = hop;
  outer.callee.sip = testing::endpoint(kPbxIp + ":5060");
  Leg inner = hop;
  inner.caller.sip = outer.callee.sip;
  const Transaction asked =
      script.request(1, outer, Side::Caller, "INVITE", Script::sdp(outer.caller, "sendrecv", first));
  inner.via = "Via: SIP/2.0/UDP " + outer.caller.sip.to_string() + ";branch=" + asked.branch + ";rport=5060\r\n";
  const Transaction passed =
      script.request(1.01, inner, Side::Caller, "INVITE", Script::same_sdp(outer.caller, "sendrecv", second));
  script.respond(1.3, inner, passed, "180 Ringing");
  script.respond(1.31, outer, asked, "180 Ringing");
  const Extra answer = Script::sdp(inner.callee, "sendrecv");
  script.respond(2, inner, passed, "200 OK", answer);
  script.respond(2.01, outer, asked, "200 OK", answer);
  script.ack(2.02, outer, asked);
  script.ack(2.03, inner, passed);
  script.talk(2.04, kEnd, hop);
  bye(script, kEnd, outer, Side::Caller);
  bye(script, kEnd + 0.01, inner, Side::Caller);
  Conversation truth = plain_truth({hop.call_id}, recording_of(agent(1), 2.04, kEnd, {{2.04, kEnd, "cust"}}));
  truth.contains = contains;
  return script.end({truth});
}

Scene proxy_adds(std::string name) {
  return two_hops(std::move(name), "Figure 4: the proxy adds the header.", {},
                  "User-to-User: " + kInformation + ";encoding=hex\r\n", {kInformation});
}
Scene proxy_changes(std::string name) {
  return two_hops(std::move(name), "Figure 5: the proxy changes the header.",
                  "User-to-User: 00C8124711;encoding=hex\r\n", "User-to-User: " + kInformation + ";encoding=hex\r\n",
                  {kInformation, "00C8124711"});
}

}  // namespace

std::vector<SceneEntry> user_to_user_scenes() {
  return {{"uui_header", header},
          {"uui_bare_token", bare_token},
          {"uui_lists", lists},
          {"uui_still_escaped", still_escaped},
          {"uui_in_answer", in_answer},
          {"uui_in_bye", in_bye},
          {"uui_call_info", call_info},
          {"uui_info", by_info},
          {"uui_uri_parameter", uri_parameter},
          {"uui_mime_body", mime_body},
          {"uui_redirect", redirect},
          {"uui_refer", refer_after_answer},
          {"uui_proxy_adds", proxy_adds},
          {"uui_proxy_changes", proxy_changes}};
}

}  // namespace tapestry::scenes
