// Other recorders' sessions beside a call: they are not recorded twice.
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 12;

Scene finish(Script& script, Leg& first) {
  bye(script, kEnd, first, Side::Caller);
  Conversation truth = plain_truth({first.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.absent = {uri(recorder())};
  return script.end({truth});
}

/// SDP of an RFC 7866 offer or answer with two labelled streams of one address.
std::string two_streams(const Endpoint& first, std::uint16_t second_port, const std::string& direction) {
  const std::string ip = first.ip.to_string();
  std::string text = fmt::format("v=0\r\no=SRC 1 1 IN IP4 {}\r\ns=-\r\nc=IN IP4 {}\r\nt=0 0\r\n", ip, ip);
  int label = 1;
  for (const std::uint16_t port : {first.port, second_port}) {
    text +=
        fmt::format("m=audio {} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na={}\r\na=label:{}\r\n", port, direction, label++);
  }
  return text;
}

std::string metadata(const Leg& leg) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<recording xmlns=\"urn:ietf:params:xml:ns:recording:1\">\r\n"
         "<datamode>complete</datamode>\r\n<session session_id=\"hVpd7YQgRW2nD22h7q60JQ==\"><sipSessionID>" +
         leg.call_id +
         "</sipSessionID></session>\r\n<participant participant_id=\"srfBElmCRp2QB23b7Mpk0w==\"><nameID aor=\"" +
         uri(customer()) + "\"/></participant>\r\n</recording>\r\n";
}

/// Metadata with names of both, and of somebody who takes no part.
std::string named_metadata() {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<recording xmlns=\"urn:ietf:params:xml:ns:recording:1\">\r\n"
      "<datamode>complete</datamode>\r\n<session session_id=\"s1\"/>\r\n";
  int number = 1;
  const std::vector<std::pair<Peer, std::string>> people{
      {customer(), "Morgan Lee"}, {agent(1), "Alex Kim"}, {agent(3), "Nobody Here"}};
  for (const auto& [peer, who] : people) {
    text += fmt::format(
        "<participant participant_id=\"p{0}\"><nameID aor=\"{1}\"><name>{2}</name></nameID></participant>\r\n"
        "<stream stream_id=\"t{0}\" session_id=\"s1\"><label>{0}</label></stream>\r\n"
        "<participantstreamassoc participant_id=\"p{0}\"><send>t{0}</send></participantstreamassoc>\r\n",
        number++, uri(peer), who);
  }
  return text + "</recording>\r\n";
}

/// The SBC's session with that metadata, which `first` is recorded by.
Scene recorded(Script& script, Leg& first, const std::string& about);

Scene siprec(std::string name) {
  Script script(std::move(name), "An SBC on the customer's side sends a SIPREC session of the call.");
  Leg first = first_call(script, kEnd);
  return recorded(script, first, metadata(first));
}

Scene siprec_names(std::string name) {
  Script script(std::move(name), "A SIPREC session's metadata tells the names that the call itself does not.");
  Leg first = script.leg(customer(), agent(1));
  first.caller.identity = fmt::format("<{}>", uri(customer()));
  first.callee.identity = fmt::format("<{}>", uri(agent(1)));
  script.talk(connect(script, 1, first), kEnd, first);
  Scene made = recorded(script, first, named_metadata());
  Conversation& truth = made.truth.conversations.front();
  truth.contains = {"\"Morgan Lee\"", "\"Alex Kim\"", "recording-session"};
  truth.absent.push_back(uri(agent(3)));
  truth.absent_texts = {"Nobody Here"};
  return made;
}

Scene recorded(Script& script, Leg& first, const std::string& about) {
  Leg session = script.leg(Peer{"", "src@trunk.example.net", kTrunkIp, ""}, recorder());
  session.caller.contact = "<sip:src@10.9.0.10:5060>;+sip.src";
  const auto second_port = static_cast<std::uint16_t>(session.caller.media.port + 1000);
  const auto second_sink = static_cast<std::uint16_t>(session.callee.media.port + 1000);
  const std::string body = "--unique\r\nContent-Type: application/sdp\r\n\r\n" +
                           two_streams(session.caller.media, second_port, "sendonly") +
                           "\r\n--unique\r\nContent-Type: application/rs-metadata+xml\r\n"
                           "Content-Disposition: recording-session\r\n\r\n" +
                           about + "\r\n--unique--\r\n";
  const Transaction sent =
      script.request(2.1, session, Side::Caller, "INVITE",
                     {.headers = "Require: siprec\r\nAccept: application/sdp, application/rs-metadata\r\n",
                      .type = "multipart/mixed;boundary=unique",
                      .body = body});
  script.respond(2.2, session, sent, "200 OK",
                 {.headers = "Contact: <sip:srs@10.2.0.20:5060>;+sip.srs\r\n",
                  .type = "application/sdp",
                  .body = two_streams(session.callee.media, second_sink, "recvonly")});
  script.ack(2.22, session, sent);
  Stream customer_copy{.from = session.caller.media, .to = session.callee.media, .voice = "cust", .delay = 0.001};
  Stream agent_copy = customer_copy;
  agent_copy.from.port = second_port;
  agent_copy.to.port = second_sink;
  agent_copy.voice = "a1";
  script.rtp(2.24, kEnd, customer_copy);
  script.rtp(2.24, kEnd, agent_copy);
  bye(script, kEnd + 0.1, session, Side::Caller);
  return finish(script, first);
}

/// CUCM's call to the recorder for one end; the phone itself sends the media.
void forked_media(Script& script, double at, const std::string& end, const std::string& voice) {
  Leg leg = script.leg(pbx(), recorder());
  leg.caller.identity =
      "<sip:1001@10.2.0.5;" + end +
      ";x-refci=27298698;x-nearendclusterid=StandAloneCluster;x-nearenddevice=SEP001122334455;x-nearendaddr=1001;"
      "x-farendrefci=27298697;x-farendclusterid=StandAloneCluster;x-farenddevice=trunk;x-farendaddr=+12025550101>";
  leg.caller.media = testing::endpoint(agent(1).ip + (voice == "a1" ? ":31000" : ":31002"));
  const double answered =
      connect(script, at, leg, {.rings = -1, .answers = 0.1, .offer = "sendonly", .answer = "recvonly"});
  script.say(answered, kEnd, leg, Side::Caller, voice);
  bye(script, kEnd + 0.1, leg, Side::Caller);
}

Scene cisco(std::string name) {
  Script script(std::move(name), "Cisco's built-in bridge: the phone sends both ends' audio to a recorder.");
  Leg first = first_call(script, kEnd);
  forked_media(script, 2.1, "x-nearend", "a1");
  forked_media(script, 2.2, "x-farend", "cust");
  return finish(script, first);
}

}  // namespace

std::vector<SceneEntry> recorder_scenes() {
  return {{"recorder_siprec", siprec}, {"recorder_siprec_names", siprec_names}, {"recorder_cisco", cisco}};
}

}  // namespace tapestry::scenes
