// Conferences of which only the focus tells who is there, and participants who mute themselves.
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 20;

/// RFC 4575: a participant with one endpoint.
std::string user(const Peer& peer, const std::string& status, const std::string& audio = {},
                 const std::string& state = "full") {
  const std::string media =
      audio.empty() ? "" : "<media id=\"1\"><type>audio</type><status>" + audio + "</status></media>";
  return fmt::format(
      "<user entity=\"{0}\" state=\"{1}\"><display-text>{2}</display-text><endpoint entity=\"sip:{5}@{6}\" "
      "state=\"{1}\">"
      "<status>{3}</status>{4}</endpoint></user>\r\n",
      uri(peer), state, peer.display, status, media, peer.aor.substr(0, peer.aor.find('@')), peer.ip);
}

std::string document(unsigned version, const std::string& state, const std::string& users) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<ci:conference-info "
      "xmlns:ci=\"urn:ietf:params:xml:ns:conference-info\" xmlns=\"urn:ietf:params:xml:ns:conference-info\" "
      "entity=\"{0}\" state=\"{1}\" version=\"{2}\">\r\n<users "
      "state=\"{1}\">\r\n{3}</users>\r\n</ci:conference-info>\r\n",
      uri(mixer()), state, version, users);
}

Extra package(const std::string& body) {
  return {.headers = "Event: conference\r\nSubscription-State: active;expires=600\r\n",
          .type = "application/conference-info+xml",
          .body = body};
}

/// Agent 1 dials into the conference: INVITE at 1, ACK at 2.02.
Leg dial_in(Script& script) {
  Leg leg = script.leg(agent(1), mixer());
  connect(script, 1, leg, {.answer_headers = "Contact: <sip:conf88@pbx.example.com;isfocus>\r\n"});
  return leg;
}

Conversation alone_truth(const Leg& leg) {
  Recording recording = recording_of(agent(1), 2.02, kEnd, {{4, 8, "cust"}, {8, 16, "cust+a2"}, {16, kEnd, "cust"}});
  recording.channels[1] = {{2.02, kEnd, "a1"}};
  return {.call_ids = {leg.call_id},
          .recordings = {recording},
          .parties = {party_of(agent(1), "agent"), party_of(customer(), "customer"), party_of(agent(2), "agent")},
          .history = {{"join", uri(customer()), 4},
                      {"join", uri(agent(2)), 8},
                      {"mute", uri(customer()), 10},
                      {"unmute", uri(customer()), 12},
                      {"hold", uri(agent(2)), 13},
                      {"unhold", uri(agent(2)), 14},
                      {"drop", uri(agent(2)), 16}},
          .absent = {uri(mixer())},
          .no_transfer = true,
          .absent_history = {{"drop", uri(customer()), 15}}};
}

void media(Script& script, Leg& leg) {
  script.say(2.02, kEnd, leg, Side::Caller);
  script.say(4, 8, leg, Side::Callee, "cust");
  script.say(8, 16, leg, Side::Callee, "cust+a2");
  script.say(16, kEnd, leg, Side::Callee, "cust");
}

Scene alone(std::string name) {
  Script script(std::move(name), "Only agent 1's call to the focus is seen; its roster tells of the others.");
  Leg leg = dial_in(script);
  media(script, leg);
  const auto tell = [&](double at, unsigned version, const std::string& others) {
    transact(script, at, leg, Side::Callee, "NOTIFY",
             package(document(version, "full", user(agent(1), "connected", "sendrecv") + others)));
  };
  const std::string second = user(agent(2), "connected", "sendrecv");
  tell(2.1, 1, "");
  tell(4, 2, user(customer(), "connected", "sendrecv"));
  tell(8, 3, user(customer(), "connected", "sendrecv") + second);
  tell(10, 4, user(customer(), "connected", "recvonly") + second);
  tell(12, 5, user(customer(), "connected", "sendrecv") + second);
  tell(13, 6, user(customer(), "connected", "sendrecv") + user(agent(2), "on-hold"));
  tell(14, 7, user(customer(), "connected", "sendrecv") + second);
  tell(16, 8, user(customer(), "connected", "sendrecv") + user(agent(2), "disconnected"));
  bye(script, kEnd, leg, Side::Caller);
  return script.end({alone_truth(leg)});
}

Scene partial(std::string name) {
  Script script(std::move(name),
                "The same by partial documents in a subscription of its own; an old version comes late.");
  Leg leg = dial_in(script);
  media(script, leg);
  Leg subscription = script.leg(agent(1), mixer());
  transact(script, 2.1, subscription, Side::Caller, "SUBSCRIBE", {.headers = "Event: conference\r\nExpires: 600\r\n"});
  const auto tell = [&](double at, unsigned version, const std::string& state, const std::string& users) {
    transact(script, at, subscription, Side::Callee, "NOTIFY", package(document(version, state, users)));
  };
  tell(2.2, 1, "full", user(agent(1), "connected"));
  tell(4, 2, "partial", user(customer(), "connected", "sendrecv"));
  tell(8, 3, "partial", user(agent(2), "connected", "sendrecv"));
  tell(10, 4, "partial", user(customer(), "muted-via-focus", "", "partial"));
  tell(12, 5, "partial", user(customer(), "connected", "", "partial"));
  tell(13, 6, "partial", user(agent(2), "on-hold", "", "partial"));
  tell(14, 7, "partial", user(agent(2), "connected", "", "partial"));
  tell(15, 1, "full", user(agent(1), "connected"));
  tell(16, 8, "partial", "<user entity=\"" + uri(agent(2)) + "\" state=\"deleted\"/>\r\n");
  bye(script, kEnd, leg, Side::Caller);
  return script.end({alone_truth(leg)});
}

constexpr double kShortEnd = 14;

Conversation muted_truth(const Leg& leg) {
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kShortEnd, {{2.02, kShortEnd, "cust"}}));
  truth.recordings[0].channels[1] = {{2.02, 6, "a1"}, {10, kShortEnd, "a1"}};
  truth.history = {{"mute", uri(agent(1)), 6}, {"unmute", uri(agent(1)), 10}};
  truth.absent_history = {{"hold", uri(customer()), 6}, {"hold", uri(agent(1)), 6}, {"unhold", uri(customer()), 10}};
  return truth;
}

/// Agent 1 is not heard from 6 to 10, while a message of either kind says why.
Leg with_silence(Script& script) {
  Leg leg = script.leg(customer(), agent(1));
  const double from = connect(script, 1, leg);
  script.say(from, kShortEnd, leg, Side::Caller);
  script.say(from, 6, leg, Side::Callee);
  script.say(10, kShortEnd, leg, Side::Callee);
  return leg;
}

Scene muted_by_phone(std::string name) {
  Script script(std::move(name), "Agent 1's phone offers recvonly, then sendrecv: muted, and nobody held.");
  Leg leg = with_silence(script);
  reinvite(script, 6, leg, Side::Callee, "recvonly", "sendonly");
  reinvite(script, 10, leg, Side::Callee, "sendrecv", "sendrecv");
  bye(script, kShortEnd, leg, Side::Caller);
  return script.end({muted_truth(leg)});
}

Scene muted_by_info(std::string name) {
  Script script(std::move(name), "Agent 1's phone tells by INFO that it is muted, and no longer.");
  Leg leg = with_silence(script);
  const auto tell = [&](double at, const std::string& status) {
    transact(script, at, leg, Side::Callee, "INFO",
             {.headers = "Info-Package: x-cisco-mute-status;" + status + "\r\n"});
  };
  tell(6, "muted=true");
  tell(10, "muted=false");
  bye(script, kShortEnd, leg, Side::Caller);
  return script.end({muted_truth(leg)});
}

Scene held_is_not_muted(std::string name) {
  Script script(std::move(name), "The customer holds; agent 1's phone refreshes with recvonly: held, not muted.");
  Leg leg = first_call(script, 6);
  hold(script, 6, leg, Side::Caller);
  reinvite(script, 8, leg, Side::Callee, "recvonly", "sendonly");
  resume(script, 10, leg, Side::Caller);
  script.talk(10.1, kShortEnd, leg);
  bye(script, kShortEnd, leg, Side::Caller);
  Recording recording = recording_of(agent(1), 2.02, kShortEnd, {{2.02, 6, "cust"}, {10.1, kShortEnd, "cust"}});
  recording.gaps = {{"hold", 6, 10}};
  Conversation truth = plain_truth({leg.call_id}, recording);
  truth.history = {{"hold", uri(agent(1)), 6}, {"unhold", uri(agent(1)), 10}};
  truth.absent_history = {{"mute", uri(agent(1)), 8}, {"mute", uri(agent(1)), 6}, {"unmute", uri(agent(1)), 10}};
  return script.end({truth});
}

}  // namespace

std::vector<SceneEntry> roster_scenes() {
  return {{"conference_roster_alone", alone},
          {"conference_roster_partial", partial},
          {"muted_by_phone", muted_by_phone},
          {"muted_by_info", muted_by_info},
          {"held_is_not_muted", held_is_not_muted}};
}

}  // namespace tapestry::scenes
