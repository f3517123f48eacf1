// Keys: codes that pause, and card numbers that nobody may hear, read or count.
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/keys.h"
#include "tests/support/scenes/pauses.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

const std::string kCard = "4111111111111111";
const std::string kCodes = "\n[[marker]]\nname = \"star codes\"\ndtmf_pause = \"*91\"\ndtmf_resume = \"*92\"\n";
const std::string kToggle = "\n[[marker]]\nname = \"star nine\"\ndtmf_toggle = \"*9\"\n";

/// Whoever keyed is heard again so long after the last key: its event is ended three times; a tone is followed by
/// silence.
constexpr double kEventEnds = 0.06;
constexpr double kToneEnds = 0.1;

/// The last stretch of a channel begins later.
Scene later(Scene scene, std::size_t channel, double by) {
  scene.truth.conversations[0].recordings[0].channels.at(channel).back().from += by;
  return scene;
}

Conversation without(const std::string& digits) {
  Conversation more;
  more.forbidden = digits;
  return more;
}

/// Agent 1's star codes with telephone-events at 5 and 9.
Scene codes(std::string name) {
  Script script(std::move(name), "Agent 1 keys *91 to pause, and *92 to resume.");
  script.configure(kCodes);
  Leg leg = first_call(script, kPausedEnd);
  keys(script, 5, leg, Side::Callee, "*91");
  return later(finish_paused(script, leg, {{5, keys(script, 9, leg, Side::Callee, "*92")}}), 1, kEventEnds);
}

/// A wrong code, the right one with other keys before it, and one that is too slow.
Scene codes_among_others(std::string name) {
  Script script(std::move(name), "Keys before the code do not hide it; *9, and the 1 six seconds later, are no code.");
  script.configure(kCodes);
  Leg leg = first_call(script, 16);
  keys(script, 2.5, leg, Side::Callee, "*9");
  keys(script, 8.5, leg, Side::Callee, "1");
  keys(script, 10, leg, Side::Callee, "7*91");
  const double end = keys(script, 13, leg, Side::Callee, "**92");
  Conversation more;
  Scene scene = finish_paused(script, leg, {{10.2, end}}, more, 0.25, 16);
  scene.truth.conversations[0].recordings[0].channels[1] = {
      {2.02, 2.5, "a1"}, {2.9, 8.5, "a1"}, {8.7, 10, "a1"}, {end, 16, "a1"}};
  return scene;
}

Scene codes_by_info(std::string name) {
  Script script(std::move(name), "The star codes by INFO, in the ways in which vendors write them.");
  script.configure(kCodes);
  Leg leg = first_call(script, kPausedEnd);
  const auto code = [&](double at, const std::vector<Extra>& bodies) {
    for (const Extra& body : bodies) {
      const Transaction sent = script.request(at, leg, Side::Callee, "INFO", body);
      script.respond(at + 0.005, leg, sent, "200 OK");
      at += 0.2;
    }
  };
  const std::string relay = "application/dtmf-relay";
  code(5, {{.type = relay, .body = "Signal=*\r\nDuration=160\r\n"},
           {.type = relay, .body = "Signal= 9\r\nDuration= 160\r\n"},
           {.type = relay, .body = "Signal=1\r\nDuration=160\r\n"}});
  code(9, {{.type = relay, .body = "Signal: star\r\nDuration: 160\r\n"},
           {.type = "application/dtmf", .body = "9"},
           {.type = "application/dtmf", .body = "2\r\n"}});
  return finish_paused(script, leg, {{5, 9.4}}, 0.2);
}

Scene codes_by_tones(std::string name) {
  Script script(std::move(name), "The star codes as tones in agent 1's audio.");
  script.configure(kCodes);
  Leg leg = first_call(script, kPausedEnd);
  const Stream stream = stream_of(leg, Side::Callee);
  tones(script, 5, stream, "*91");
  return later(finish_paused(script, leg, {{5, tones(script, 9, stream, "*92")}}, 0.06), 1, kToneEnds);
}

Scene toggle(std::string name) {
  Script script(std::move(name), "One code for both: agent 1 keys *9 twice.");
  script.configure(kToggle);
  Leg leg = first_call(script, kPausedEnd);
  keys(script, 5, leg, Side::Callee, "*9");
  return later(finish_paused(script, leg, {{5, keys(script, 9, leg, Side::Callee, "*9")}}), 1, kEventEnds);
}

Scene toggle_mirrored(std::string name) {
  Script script(std::move(name),
                "Every packet is seen twice, in a VLAN and behind a router: *9 toggles once each time.");
  script.configure(kToggle);
  Leg leg = first_call(script, kPausedEnd);
  keys(script, 5, leg, Side::Callee, "*9");
  const double end = keys(script, 9, leg, Side::Callee, "*9");
  Scene scene = later(finish_paused(script, leg, {{5, end}}), 1, kEventEnds);
  script.mirror(0, kPausedEnd + 1, 0.0003, 30, false);
  script.mirror(4.5, 5.5, 0.0701, 0, true);
  return script.end(scene.truth.conversations);
}

/// Keys of one end at `at`, relayed by the B2BUA under its own SSRC.
double relayed_keys(Script& script, double at, const Bridge& call, Side from, const std::string& digits,
                    const KeyTimes& times = {}) {
  keys(script, at, stream_of(call.inner, from), digits, times);
  return keys(script, at, stream_of(call.outer, from), digits, times);
}

Scene toggle_two_hops(std::string name) {
  Script script(std::move(name), "Agent 1's *9 is seen on both sides of a B2BUA, and counts once each time.");
  script.configure(kToggle);
  Bridge call = bridged_call(script);
  relayed_keys(script, 5, call, Side::Callee, "*9");
  return later(finish_paused(script, call, {{5, relayed_keys(script, 9, call, Side::Callee, "*9")}}), 1, kEventEnds);
}

/// The customer keys `digits` at 5; the call is recorded as if nothing were asked for.
Scene customer_code(std::string name, bool bridged) {
  Script script(std::move(name), "The customer keys agent 1's code: nothing pauses.");
  script.configure(kCodes);
  std::vector<Stretch> heard{{0, 5, "cust"}, {5.6, kPausedEnd, "cust"}};
  Scene scene;
  if (bridged) {
    Bridge call = bridged_call(script);
    relayed_keys(script, 5, call, Side::Caller, "*91");
    scene = finish_paused(script, call, {});
  } else {
    Leg leg = first_call(script, kPausedEnd);
    keys(script, 5, leg, Side::Caller, "*91");
    scene = finish_paused(script, leg, {});
  }
  Recording& recording = scene.truth.conversations[0].recordings[0];
  heard[0].from = recording.at;
  recording.channels[0] = heard;
  return scene;
}
Scene customer_codes(std::string name) { return customer_code(std::move(name), false); }
Scene customer_codes_two_hops(std::string name) { return customer_code(std::move(name), true); }

// --- what a customer keys

/// The customer keys `digits` with telephone-events from 5 on; whether a pause is made of it.
Scene keyed(std::string name, const std::string& about, Side who, const std::string& digits, bool pauses,
            const KeyTimes& times = {}, double end = kPausedEnd) {
  Script script(std::move(name), about);
  Leg leg = first_call(script, end);
  const double last = keys(script, 5, leg, who, digits, times);
  if (pauses) {
    const std::size_t channel = who == Side::Caller ? 0 : 1;
    return later(finish_paused(script, leg, {{5, last}}, without(digits), 0, end), channel, kEventEnds);
  }
  Scene scene = finish_paused(script, leg, {}, without(digits), 0, end);
  // Half a second around each key is not judged.
  auto& heard = scene.truth.conversations[0].recordings[0].channels[who == Side::Caller ? 0 : 1];
  heard = {{2.02, 5, heard[0].voice}, {last + 0.1, end, heard[0].voice}};
  scene.truth.conversations[0].recordings[0].own_may_mix = who == Side::Callee;
  return scene;
}

Scene card(std::string name) {
  return keyed(std::move(name), "The customer keys a card number; nobody has paused.", Side::Caller, kCard, true);
}
Scene six_digits(std::string name) {
  return keyed(std::move(name), "The customer keys six digits, one a second.", Side::Caller, "482915", true,
               {0.1, 0.9});
}
Scene five_digits(std::string name) {
  return keyed(std::move(name), "The customer keys five digits: no pause.", Side::Caller, "48291", false);
}
Scene agents_six(std::string name) {
  return keyed(std::move(name), "Agent 1 keys six digits: no pause.", Side::Callee, "482915", false);
}
Scene agents_card(std::string name) {
  return keyed(std::move(name), "Agent 1 keys a card number for the customer.", Side::Callee, kCard, true);
}

Scene slow_digits(std::string name) {
  Script script(std::move(name), "The customer keys six digits in 19 s: no pause.");
  Leg leg = first_call(script, 28);
  std::vector<Stretch> heard{{2.02, 4, "cust"}};
  double at = 4;
  for (const char digit : std::string("482915")) {
    const double end = keys(script, at, leg, Side::Caller, std::string(1, digit));
    at += 3.8;
    heard.push_back({end + 0.1, digit == '5' ? 28 : at, "cust"});
  }
  Scene scene = finish_paused(script, leg, {}, without("482915"), 0, 28);
  scene.truth.conversations[0].recordings[0].channels[0] = heard;
  return scene;
}

Scene five_digits_two_hops(std::string name) {
  Script script(std::move(name), "A customer's five digits on both sides of a B2BUA are five, not ten.");
  Bridge call = bridged_call(script);
  const double last = relayed_keys(script, 5, call, Side::Caller, "48291");
  Scene scene = finish_paused(script, call, {});
  scene.truth.conversations[0].forbidden = "48291";
  scene.truth.conversations[0].recordings[0].channels[0] = {{2.2, 5, "cust"}, {last + 0.1, kPausedEnd, "cust"}};
  return scene;
}

Scene card_two_hops(std::string name) {
  Script script(std::move(name), "A customer's card number on both sides of a B2BUA.");
  Bridge call = bridged_call(script);
  Scene scene =
      later(finish_paused(script, call, {{5, relayed_keys(script, 5, call, Side::Caller, kCard)}}), 0, kEventEnds);
  scene.truth.conversations[0].forbidden = kCard;
  return scene;
}

Scene card_by_info(std::string name) {
  Script script(std::move(name), "The customer's phone sends a card number by INFO.");
  Leg leg = first_call(script, kPausedEnd);
  const double last = info_keys(script, 5, leg, Side::Caller, kCard);
  return finish_paused(script, leg, {{5, last}}, without(kCard), 0.3);
}

Scene card_by_plain_info(std::string name) {
  Script script(std::move(name), "The customer's phone sends a card number by INFO with application/dtmf.");
  Leg leg = first_call(script, kPausedEnd);
  const double last = info_keys(script, 5, leg, Side::Caller, kCard, true);
  return finish_paused(script, leg, {{5, last}}, without(kCard), 0.3);
}

Scene card_by_tones(std::string name) {
  Script script(std::move(name), "A card number as tones in the customer's audio, although events were agreed on.");
  Leg leg = first_call(script, kPausedEnd);
  const double last = tones(script, 5, stream_of(leg, Side::Caller), kCard);
  return later(finish_paused(script, leg, {{5, last}}, without(kCard), 0.06), 0, kToneEnds);
}

Scene card_by_notify(std::string name) {
  Script script(std::move(name), "Cisco: the customer's gateway sends keys by NOTIFY with audio/telephone-event.");
  Leg leg = first_call(script, kPausedEnd);
  double at = 5;
  for (const char digit : kCard) {
    const std::string octets{static_cast<char>(digit - '0'), '\x80', '\x03', '\x20'};
    transact(script, at, leg, Side::Caller, "NOTIFY",
             {.headers = "Event: telephone-event;rate=1000\r\nSubscription-State: active\r\n",
              .type = "audio/telephone-event",
              .body = octets});
    at += 0.2;
  }
  return finish_paused(script, leg, {{5, at - 0.2}}, without(kCard), 0.3);
}

Scene card_inside(std::string name) {
  Script script(std::move(name),
                "The usual order: agent 1 pauses, the customer keys the card number, agent 1 resumes.");
  Leg leg = first_call(script, kPausedEnd);
  info(script, 4, leg, Side::Callee, "Record: off");
  keys(script, 5, leg, Side::Caller, kCard);
  info(script, 9, leg, Side::Callee, "Record: on");
  return finish_paused(script, leg, {{4, 9.02}}, without(kCard));
}

Scene card_in_texts(std::string name) {
  Script script(std::move(name), "Card numbers in user-to-user information, a MESSAGE, a header and a called address.");
  Leg leg = script.leg(customer(), agent(1));
  script.talk(connect(script, 1, leg,
                      {.headers = "User-to-User: " + kCard + ";encoding=ascii\r\nX-Card: 4111-1111-1111-1111\r\n"}),
              kPausedEnd, leg);
  transact(script, 6, leg, Side::Caller, "MESSAGE",
           {.type = "text/plain", .body = "It is 4111 1111 1111 1111, thank you"});
  transact(script, 7, leg, Side::Callee, "INFO", {.headers = "Refer-To: <sip:9999*" + kCard + "@pbx.example.com>\r\n"});
  Conversation more = without(kCard);
  more.absent_texts = {"4111 1111 1111 1111", "4111-1111-1111-1111"};
  more.more_gaps = true;
  return finish_paused(script, leg, {}, more);
}

Scene texts_inside(std::string name) {
  Script script(std::move(name), "A MESSAGE inside a pause is in no vCon; one after it is.");
  Leg leg = first_call(script, kPausedEnd);
  info(script, 4, leg, Side::Callee, "Record: off");
  transact(script, 6, leg, Side::Caller, "MESSAGE", {.type = "text/plain", .body = "the code is TAP-9911"});
  info(script, 9, leg, Side::Callee, "Record: on");
  transact(script, 11, leg, Side::Caller, "MESSAGE", {.type = "text/plain", .body = "my order is TAP-4711"});
  Conversation more;
  more.absent_texts = {"TAP-9911"};
  more.contains = {"TAP-4711"};
  return finish_paused(script, leg, {{4, 9.02}}, more);
}

Scene listed(std::string name) {
  Script script(std::move(name), "Keys are listed when the configuration says so, but not those inside a pause.");
  script.configure("\n[dtmf]\ndigits = \"all-digits\"\n");
  Leg leg = first_call(script, kPausedEnd);
  const double last = keys(script, 4, leg, Side::Caller, "42");
  info(script, 7, leg, Side::Callee, "Record: off");
  keys(script, 8, leg, Side::Caller, "77");
  info(script, 10, leg, Side::Callee, "Record: on");
  Conversation more;
  more.history = {{"keydown", uri(customer()), 4}, {"keyup", uri(customer()), 4.3}};
  more.absent_history = {{"keydown", uri(customer()), 8}, {"keyup", uri(customer()), 8.3}};
  Scene scene = finish_paused(script, leg, {{7, 10.02}}, more);
  auto& heard = scene.truth.conversations[0].recordings[0].channels[0];
  heard = {{2.02, 4, "cust"}, {last + 0.1, 7, "cust"}, {10.02, kPausedEnd, "cust"}};
  return scene;
}

}  // namespace

std::vector<SceneEntry> pause_key_scenes() {
  return {{"pause_keys", codes},
          {"pause_keys_among_others", codes_among_others},
          {"pause_keys_by_info", codes_by_info},
          {"pause_keys_by_tones", codes_by_tones},
          {"pause_keys_toggle", toggle},
          {"pause_keys_toggle_mirrored", toggle_mirrored},
          {"pause_keys_toggle_two_hops", toggle_two_hops},
          {"pause_keys_customer", customer_codes},
          {"pause_keys_customer_two_hops", customer_codes_two_hops},
          {"keyed_card", card},
          {"keyed_six_digits", six_digits},
          {"keyed_five_digits", five_digits},
          {"keyed_five_digits_two_hops", five_digits_two_hops},
          {"keyed_slow_digits", slow_digits},
          {"keyed_by_agent", agents_six},
          {"keyed_card_by_agent", agents_card},
          {"keyed_card_two_hops", card_two_hops},
          {"keyed_card_by_info", card_by_info},
          {"keyed_card_by_plain_info", card_by_plain_info},
          {"keyed_card_by_tones", card_by_tones},
          {"keyed_card_by_notify", card_by_notify},
          {"keyed_card_inside_pause", card_inside},
          {"card_in_texts", card_in_texts},
          {"texts_inside_pause", texts_inside},
          {"keys_listed", listed}};
}

}  // namespace tapestry::scenes
