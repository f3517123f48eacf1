#include "tests/support/scenes/pauses.h"

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kReply = 0.02;
constexpr double kReinvite = 0.05;
constexpr double kBridged = 2.2;

}  // namespace

void info(Script& script, double at, Leg& leg, Side from, const std::string& header, const std::string& status) {
  const Transaction sent = script.request(at, leg, from, "INFO", {.headers = header + "\r\n"});
  if (!status.empty()) script.respond(at + kReply, leg, sent, status);
}

Extra with_line(Extra sdp, const std::string& line, bool media) {
  const std::string time = "t=0 0\r\n";
  const std::size_t at = media ? sdp.body.size() : sdp.body.find(time) + time.size();
  sdp.body.insert(at, line + "\r\n");
  return sdp;
}

void reinvite_with(Script& script, double at, Leg& leg, Side from, const std::string& line, bool media,
                   const std::string& status) {
  const Transaction sent =
      script.request(at, leg, from, "INVITE", with_line(Script::sdp(leg.end(from), "sendrecv"), line, media));
  script.respond(at + kReply / 2, leg, sent, "100 Trying");
  const bool taken = status.starts_with("2");
  script.respond(at + kReinvite, leg, sent, status, taken ? Script::sdp(leg.end(other(from)), "sendrecv") : Extra{});
  script.ack(at + kReinvite + kAckSeconds, leg, sent, taken);
}

Recording paused_recording(double from, double to, const std::vector<Paused>& pauses, const Peer& who) {
  std::vector<Stretch> heard;
  double since = from;
  for (const Paused& pause : pauses) {
    if (pause.from > since) heard.push_back({since, pause.from, "cust"});
    since = pause.to;
  }
  if (since < to) heard.push_back({since, to, "cust"});
  Recording recording = recording_of(who, from, to, heard);
  for (const Paused& pause : pauses) recording.gaps.push_back({"pci", pause.from, pause.to});
  return recording;
}

Scene finish_paused(Script& script, Leg& leg, const std::vector<Paused>& pauses, double slack, double end) {
  return finish_paused(script, leg, pauses, Conversation{}, slack, end);
}

Scene finish_paused(Script& script, Leg& leg, const std::vector<Paused>& pauses, const Conversation& more, double slack,
                    double end) {
  bye(script, end, leg, Side::Caller);
  Conversation truth = more;
  Recording recording = paused_recording(2.02, end, pauses, agent(1));
  recording.gap_slack = slack;
  truth.call_ids = {leg.call_id};
  truth.recordings = {recording};
  truth.parties = customer_and_first();
  truth.no_transfer = true;
  if (!pauses.empty()) truth.redacted = "PCI";
  return script.end({truth});
}

Bridge bridged_call(Script& script, Relay relay) {
  Bridge call = bridge(script, customer(), agent(1), pbx_for(customer()));
  const Setup tied{.headers = "User-to-User: 00FA080001247C5E46F6E6;encoding=hex\r\n"};
  talk(script, connect(script, 1, call, relay, tied, tied), kPausedEnd, call, relay);
  return call;
}

void relayed_info(Script& script, double at, Bridge& call, Side from, const std::string& header) {
  constexpr double kHop = 0.004;
  const Extra extra{.headers = header + "\r\n"};
  Leg& near = from == Side::Caller ? call.outer : call.inner;
  Leg& far = from == Side::Caller ? call.inner : call.outer;
  const Transaction first = script.request(at, near, from, "INFO", extra);
  const Transaction second = script.request(at + kHop, far, from, "INFO", extra);
  script.respond(at + 2 * kHop, far, second, "200 OK");
  script.respond(at + 3 * kHop, near, first, "200 OK");
}

Scene finish_paused(Script& script, Bridge& call, const std::vector<Paused>& pauses, double slack) {
  bye(script, kPausedEnd, call);
  Recording recording = paused_recording(kBridged, kPausedEnd, pauses, agent(1));
  recording.gap_slack = slack;
  Conversation truth = plain_truth({call.outer.call_id, call.inner.call_id}, recording);
  if (!pauses.empty()) truth.redacted = "PCI";
  return script.end({truth});
}

}  // namespace tapestry::scenes
