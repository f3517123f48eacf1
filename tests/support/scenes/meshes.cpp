// One dialog with audio lines to several peers: centralised signalling, distributed media (RFC 5850).
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/more_scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 20;
const std::string kFocus = "Contact: <sip:conf88@pbx.example.com;isfocus>\r\n";

/// An audio line as a description tells it.
struct Line {
  Endpoint at{};
  std::string direction = "sendrecv";
};

Line ended() { return {testing::endpoint("10.2.0.8:0"), "inactive"}; }

/// A description whose lines are these; the first one's address is the session's.
Extra lines_of(End& end, const std::vector<Line>& lines, const std::string& headers = {}) {
  end.media = lines.front().at;
  Extra extra = Script::sdp(end, lines.front().direction, headers);
  for (std::size_t n = 1; n < lines.size(); ++n)
    extra.body += fmt::format("m=audio {} RTP/AVP 0\r\nc=IN IP4 {}\r\na=rtpmap:0 PCMU/8000\r\na={}\r\n",
                              lines[n].at.port, lines[n].at.ip.to_string(), lines[n].direction);
  return extra;
}

/// `who`'s port for line `number`.
Endpoint port(const Peer& who, int number) { return testing::endpoint(fmt::format("{}:{}", who.ip, 30'000 + 2 * number)); }

/// INVITE to the focus at `at`, 200 0.2 s later, ACK.
Leg enter(Script& script, double at, const Peer& who, const std::vector<Line>& offer, const std::vector<Line>& answer) {
  Leg leg = script.leg(who, mixer());
  const Transaction sent = script.request(at, leg, Side::Caller, "INVITE", lines_of(leg.caller, offer));
  script.respond(at + 0.2, leg, sent, "200 OK", lines_of(leg.callee, answer, kFocus));
  script.ack(at + 0.22, leg, sent);
  return leg;
}

/// The focus offers other lines.
void change(Script& script, double at, Leg& leg, const std::vector<Line>& offer, const std::vector<Line>& answer) {
  const Transaction sent = script.request(at, leg, Side::Callee, "INVITE", lines_of(leg.callee, offer, kFocus));
  script.respond(at + 0.05, leg, sent, "200 OK", lines_of(leg.caller, answer));
  script.ack(at + 0.07, leg, sent);
}

void say(Script& script, double from, double to, const Peer& who, int line, const Endpoint& at) {
  script.rtp(from, to, {.from = port(who, line), .to = at, .voice = who.voice});
}

void both(Script& script, double from, double to, const Peer& a, int at_a, const Peer& b, int at_b) {
  say(script, from, to, a, at_a, port(b, at_b));
  say(script, from, to, b, at_b, port(a, at_a));
}

/// What agent 1 lives: the customer from 3.4 on, agent 2 as well from 8.3 to 14.
Recording first_in_mesh() {
  return recording_of(agent(1), 3.22, kEnd, {{3.4, 8.3, "cust"}, {8.3, 14, "cust+a2"}, {14, kEnd, "cust"}});
}

Scene by_focus(std::string name) {
  Script script(std::move(name), "A focus tells each participant the others' addresses: media goes from all to all.");
  const Peer a = agent(1);
  const Peer b = agent(2);
  const Peer c = customer();
  Leg customers = enter(script, 1, c, {{port(c, 0)}}, {{port(mixer(), 0), "inactive"}});
  Leg one = enter(script, 3, a, {{port(a, 0)}}, {{port(c, 0)}});
  change(script, 3.25, customers, {{port(a, 0)}}, {{port(c, 0)}});
  both(script, 3.4, kEnd, a, 0, c, 0);
  change(script, 8.02, customers, {{port(a, 0)}, {port(b, 0)}}, {{port(c, 0)}, {port(c, 1)}});
  change(script, 8.04, one, {{port(c, 0)}, {port(b, 1)}}, {{port(a, 0)}, {port(a, 1)}});
  Leg two = enter(script, 8, b, {{port(b, 0)}, {port(b, 1)}}, {{port(c, 1)}, {port(a, 1)}});
  both(script, 8.3, 14, c, 1, b, 0);
  both(script, 8.3, 14, a, 1, b, 1);
  bye(script, 14, two, Side::Caller);
  change(script, 14.02, customers, {{port(a, 0)}, ended()}, {{port(c, 0)}, ended()});
  change(script, 14.04, one, {{port(c, 0)}, ended()}, {{port(a, 0)}, ended()});
  bye(script, kEnd, customers, Side::Caller);
  bye(script, kEnd, one, Side::Caller);
  return script.end({{.call_ids = {customers.call_id, one.call_id, two.call_id},
                      .recordings = {first_in_mesh(), recording_of(b, 8.22, 14, {{8.3, 14, "cust+a1"}})},
                      .parties = customer_and_two(),
                      .history = {{"join", uri(b), 8.22}, {"drop", uri(b), 14}},
                      .absent = {uri(mixer())},
                      .no_transfer = true}});
}

/// Only agent 1's dialog is seen. `peer` is where a participant's media comes from.
Scene one_dialog(Script& script, Endpoint (*peer)(const Peer&, int)) {
  const Peer a = agent(1);
  const Peer b = agent(2);
  const Peer c = customer();
  const Endpoint theirs = peer(c, 0);
  const Endpoint second = peer(b, 1);
  Leg one = enter(script, 3, a, {{port(a, 0)}}, {{theirs}});
  const auto talk = [&](double from, double to, int line, const Endpoint& far, const Peer& who) {
    say(script, from, to, a, line, far);
    script.rtp(from, to, {.from = far, .to = port(a, line), .voice = who.voice});
  };
  talk(3.4, kEnd, 0, theirs, c);
  change(script, 8.04, one, {{theirs}, {second}}, {{port(a, 0)}, {port(a, 1)}});
  talk(8.3, 14, 1, second, b);
  change(script, 14.04, one, {{theirs}, ended()}, {{port(a, 0)}, ended()});
  bye(script, kEnd, one, Side::Callee);
  return script.end(
      {{.call_ids = {one.call_id}, .recordings = {first_in_mesh()}, .parties = {party_of(a, "agent")}, .no_transfer = true}});
}

Scene from_one_end(std::string name) {
  Script script(std::move(name), "Of a mesh only agent 1's dialog is seen, whose lines name two peers.");
  return one_dialog(script, port);
}

Scene through_one_host(std::string name) {
  Script script(std::move(name), "One host sends agent 1 each participant on an audio line of its own.");
  return one_dialog(script, [](const Peer&, int line) { return port(mixer(), line); });
}

Scene one_line_held(std::string name) {
  Script script(std::move(name), "Agent 1 holds one of two audio lines with music, and goes on to talk on the other.");
  const Peer a = agent(1);
  const Peer b = agent(2);
  const Peer c = customer();
  Leg one = enter(script, 3, a, {{port(a, 0)}, {port(a, 1)}}, {{port(c, 0)}, {port(b, 0)}});
  const auto offer = [&](double at, const std::string& direction, const std::string& answer) {
    const Transaction sent = script.request(at, one, Side::Caller, "INVITE",
                                            lines_of(one.caller, {{port(a, 0), direction}, {port(a, 1)}}));
    script.respond(at + 0.05, one, sent, "200 OK", lines_of(one.callee, {{port(c, 0), answer}, {port(b, 0)}}));
    script.ack(at + 0.07, one, sent);
  };
  both(script, 3.4, kEnd, a, 1, b, 0);
  both(script, 3.4, 9, a, 0, c, 0);
  offer(9, "sendonly", "recvonly");
  script.rtp(9.1, 14, {.from = port(a, 0), .to = port(c, 0), .voice = music().voice});
  offer(14, "sendrecv", "sendrecv");
  both(script, 14.1, kEnd, a, 0, c, 0);
  bye(script, kEnd, one, Side::Callee);
  Recording all = recording_of(a, 3.22, kEnd, {{3.4, 9, "cust+a2"}, {9, 14.1, "a2"}, {14.1, kEnd, "cust+a2"}});
  all.channels[1] = {{3.4, kEnd, a.voice}};
  return script.end({{.call_ids = {one.call_id}, .recordings = {all}, .parties = {party_of(a, "agent")}, .no_transfer = true}});
}

}  // namespace

std::vector<SceneEntry> mesh_scenes() {
  return {{"mesh_by_focus", by_focus},
          {"mesh_one_dialog", from_one_end},
          {"mesh_one_host", through_one_host},
          {"mesh_line_held", one_line_held}};
}

}  // namespace tapestry::scenes
