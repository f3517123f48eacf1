// Rules that are replaced while calls are open: what is paused stays paused, and what is new counts from then on.
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "pause/presets.h"
#include "tests/calls/marked_call.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::PauseEnd;

namespace {

/// The rules of most cases without any marker.
calls::Rules unmarked() {
  calls::Rules none = rules();
  none.pauses.markers.clear();
  return none;
}

calls::Rules with(pause::MarkerRule rule) {
  calls::Rules one = unmarked();
  one.pauses.markers.push_back(std::move(rule));
  return one;
}

const pause::MarkerRule kHeader{
    .name = "mine", .method = "INFO", .header = "X-Rec", .pause = "off", .resume = "on", .toggle = "turn"};

void mine(Scene& scene, double at, const std::string& value, int cseq, const std::string& answer = "200 OK") {
  inside(scene, at, {.cseq = cseq, .headers = "X-Rec: " + value + "\r\n", .answer = answer});
}

void reload(Scene& scene, double at, const calls::Rules& rules) {
  scene.play_until(at);
  scene.correlator.replace_rules(rules);
}

/// Keys in an INFO of the agent, a tenth of a second apart.
void keys(Scene& scene, double at, const std::string& text, int cseq, bool by_customer = false) {
  Inside info{.cseq = cseq, .headers = "Content-Type: application/dtmf-relay\r\n", .by_customer = by_customer};
  for (std::size_t n = 0; n < text.size(); ++n) {
    info.cseq = cseq + static_cast<int>(n);
    info.body = "Signal=" + text.substr(n, 1) + "\r\nDuration=160\r\n";
    inside(scene, at + static_cast<double>(n) * 0.2, info);
  }
}

/// How many packets of either stream of a call from 4 to `end` were kept, all but those of a pause.
void check_kept(const Scene& scene, double end, double paused) {
  REQUIRE(scene.kept.size() == 2);
  for (const auto& [track, packets] : scene.kept) CHECK(packets == Approx((end - 4 - paused) * 50).margin(2));
}

}  // namespace

TEST_CASE("a pause whose marker goes lasts until its resume, which counts there alone") {
  Scene scene(with(kHeader));
  simple_call(scene, 20);
  mine(scene, 8, "off", 1);
  mine(scene, 12, "on", 2);
  mine(scene, 14, "off", 3);
  reload(scene, 10, unmarked());
  scene.play();
  check_pauses(scene, {{8, 12.1}});
  check_kept(scene, 20, 4.1);
  CHECK(scene.interactions.front().pauses.front().how == PauseEnd::Resume);
  CHECK(reasons(scene) == std::vector<std::string>{"paused", "waits for its 2xx", "resumed"});
}

TEST_CASE("a pause whose marker goes, and that nobody ends, lasts until the end of the call") {
  Scene scene(with(kHeader));
  simple_call(scene, 20);
  mine(scene, 8, "off", 1);
  reload(scene, 10, unmarked());
  reload(scene, 11, rules());
  reload(scene, 12, unmarked());
  scene.play();
  check_pauses(scene, {{8, 20}});
  check_kept(scene, 20, 12);
  CHECK(scene.interactions.front().pauses.front().how == PauseEnd::CallEnd);
}

TEST_CASE("a pause whose marker goes ends by the timeout that it began with") {
  pause::MarkerRule timed = kHeader;
  timed.longest = std::chrono::seconds(6);
  timed.resumes_by_itself = true;
  Scene scene(with(timed));
  simple_call(scene, 20);
  mine(scene, 8, "off", 1);
  reload(scene, 10, with(kHeader));
  scene.play();
  check_pauses(scene, {{8, 14}});
  CHECK(scene.interactions.front().pauses.front().how == PauseEnd::Timeout);
}

TEST_CASE("markers that change places stay who they are: pauses, resumes that wait, and strangers who were refused") {
  calls::Rules before = rules();
  before.parties.push_back({.ip = Cidr::parse("10.2.0.30"), .role = calls::Role::Pbx});
  before.pauses.markers = {kHeader,
                           {.name = "other", .method = "INFO", .header = "X-Other", .pause = "a", .resume = "b"}};
  calls::Rules after = before;
  std::ranges::reverse(after.pauses.markers);
  Scene scene(before);
  simple_call(scene, 20);
  mine(scene, 6, "off", 1);
  inside(scene, 8, {.cseq = 5, .headers = "X-Rec: on\r\n", .by_customer = true});
  // The PBX passes on what the customer asked for.
  Sip on{.start = "INFO sip:1001@10.1.0.21", .cseq = "90 INFO", .to_tag = "agent", .headers = "X-Rec: on\r\n"};
  scene.message(9, kController, kAgent, on);
  on.start = "200 OK";
  on.headers.clear();
  scene.message(9.1, kAgent, kController, on);
  mine(scene, 12, "on", 7);
  reload(scene, 8.5, after);
  reload(scene, 12.05, before);
  scene.play();
  check_pauses(scene, {{6, 12.1}});
}

TEST_CASE("a resume that waits for its 2xx when its marker goes counts when that comes") {
  Scene scene(with(kHeader));
  simple_call(scene, 20);
  mine(scene, 8, "off", 1);
  mine(scene, 12, "on", 2);
  reload(scene, 12.05, unmarked());
  scene.play();
  check_pauses(scene, {{8, 12.1}});
}

TEST_CASE("a marker that gets another name ends what it began, and holds under the new one from then on") {
  pause::MarkerRule renamed = kHeader;
  renamed.name = "yours";
  Scene scene(with(kHeader));
  simple_call(scene, 30);
  mine(scene, 8, "off", 1);
  mine(scene, 11, "off", 2);
  mine(scene, 12, "on", 3);
  mine(scene, 20, "off", 4);
  reload(scene, 10, with(renamed));
  scene.play();
  check_pauses(scene, {{8, 12.1}, {20, 30}});
  CHECK(scene.interactions.front().pauses.back().opened.rule == "yours");
}

TEST_CASE("a toggle whose marker goes can still end a pause, and begins none") {
  Scene scene(with(kHeader));
  simple_call(scene, 20);
  mine(scene, 8, "turn", 1);
  mine(scene, 12, "turn", 2);
  mine(scene, 14, "turn", 3);
  reload(scene, 10, unmarked());
  scene.play();
  check_pauses(scene, {{8, 12.1}});
}

TEST_CASE("a marker that went pauses no other call, not even while it holds one") {
  Scene scene(with(kHeader));
  simple_call(scene, 20);
  mine(scene, 8, "off", 1);
  const std::string phone = "10.1.0.55:5060";
  const std::string other = "10.9.0.99:5060";
  Sip second{.start = "INVITE sip:1055@pbx.example.com",
             .cseq = "1 INVITE",
             .call_id = "call-9",
             .from = "<sip:+12025550199@trunk.example.net>",
             .to = "<sip:1055@pbx.example.com>",
             .sdp = sdp("10.9.0.99:4000")};
  scene.message(11, other, phone, second);
  second.start = "200 OK";
  second.to_tag = "x";
  scene.message(11.5, phone, other, second);
  Sip info{.start = "INFO sip:c@10.9.0.99",
           .cseq = "1 INFO",
           .from_tag = "x",
           .to_tag = "caller",
           .call_id = "call-9",
           .from = second.to,
           .to = second.from,
           .headers = "X-Rec: off\r\n"};
  scene.message(12, phone, other, info);
  reload(scene, 10, unmarked());
  scene.play();
  REQUIRE(scene.interactions.size() == 2);
  for (const calls::Interaction& one : scene.interactions) {
    CHECK(one.pauses.size() == (one.signalling.front().call_id == "call-1" ? 1U : 0U));
  }
}

TEST_CASE("a marker that is added counts from then on, in calls that are open, too") {
  Scene scene(unmarked());
  simple_call(scene, 20);
  mine(scene, 6, "off", 1);
  mine(scene, 10, "off", 2);
  mine(scene, 12, "on", 3);
  reload(scene, 8, with(kHeader));
  scene.play();
  check_pauses(scene, {{10, 12.1}});
  CHECK(scene.counter("pause.pauses") == 1);
}

TEST_CASE("markers that are to be ignored from now on end nothing that is paused") {
  calls::Rules ignoring = with(kHeader);
  ignoring.pauses.ignore = true;
  Scene scene(with(kHeader));
  simple_call(scene, 20);
  mine(scene, 8, "off", 1);
  mine(scene, 12, "on", 2);
  mine(scene, 14, "off", 3);
  reload(scene, 10, ignoring);
  scene.play();
  check_pauses(scene, {{8, 12.1}});
}

TEST_CASE("an open conversation stays as it began when queues begin to fail closed, and when they cease to") {
  calls::Rules closed = rules();
  closed.pauses.fail_closed = "^sip:1001@";
  Scene open(rules());
  simple_call(open, 20);
  reload(open, 8, closed);
  open.play();
  check_pauses(open, {});

  Scene ceases(closed);
  simple_call(ceases, 20);
  record(ceases, 12, "on", 1);
  reload(ceases, 8, rules());
  ceases.play();
  check_pauses(ceases, {{1, 12.1}});

  Scene later(rules());
  later.correlator.advance(scene_time(0));
  later.correlator.replace_rules(closed);
  simple_call(later, 20);
  later.play();
  check_pauses(later, {{1, 20}});
}

TEST_CASE("a leg that is where a new marker wants nothing kept pauses at once, by its name and by its media") {
  for (const pause::MarkerRule& payment :
       {pause::MarkerRule{.name = "payment", .destination = "^sip:1001@"},
        pause::MarkerRule{.name = "payment", .destination_ip = Cidr::parse("10.1.0.21")}}) {
    Scene scene(unmarked());
    simple_call(scene, 20);
    inside(scene, 12, {.cseq = 1, .headers = "X-Any: 1\r\n"});
    reload(scene, 8, with(payment));
    scene.play();
    check_pauses(scene, {{8, 20}});
    CHECK(scene.interactions.front().pauses.front().opened.rule == "payment");
    CHECK(scene.interactions.front().pauses.front().opened.message == "reload");
    check_kept(scene, 20, 12);
  }
}

TEST_CASE("a leg that was where a new marker wants nothing kept, and has left, does not pause") {
  Scene scene(unmarked());
  simple_call(scene, 20);
  inside(scene, 6, {.method = "INVITE", .cseq = 1, .sdp = sdp("10.7.0.9:6000")});
  inside(scene, 7, {.method = "INVITE", .cseq = 2, .sdp = sdp("10.1.0.21:6000")});
  for (const double at : {6.1, 7.1}) {
    // The customer's answers.
    Sip answer{.start = "200 OK",
               .cseq = at < 7 ? "1 INVITE" : "2 INVITE",
               .from_tag = "agent",
               .to_tag = "caller",
               .branch = at < 7 ? "z9hG4bKINVITE1" + kAgent : "z9hG4bKINVITE2" + kAgent,
               .from = "<sip:1001@pbx.example.com>",
               .to = "<sip:+12025550101@trunk.example.net>",
               .sdp = sdp("10.9.0.10:4000")};
    scene.message(at, kCustomer, kAgent, answer);
  }
  reload(scene, 8, with({.name = "payment", .destination_ip = Cidr::parse("10.7.0.9")}));
  scene.play();
  check_pauses(scene, {});
}

TEST_CASE("a leg that pauses by its place does so until it leaves, whatever becomes of the marker") {
  const pause::MarkerRule payment{.name = "payment", .destination_ip = Cidr::parse("10.7.0.9")};
  const pause::MarkerRule elsewhere{.name = "payment", .destination_ip = Cidr::parse("10.7.0.77")};
  for (const calls::Rules& after : {unmarked(), with(elsewhere), with({.name = "payment", .destination = "^sip:x@"})}) {
    Scene scene(with(payment));
    simple_call(scene, 20);
    inside(scene, 6, {.method = "INVITE", .cseq = 1, .sdp = sdp("10.7.0.9:6000")});
    inside(scene, 9, {.cseq = 2, .headers = "X-Any: 1\r\n"});
    inside(scene, 10, {.method = "INVITE", .cseq = 3, .sdp = sdp("10.1.0.21:6000")});
    inside(scene, 12, {.method = "INVITE", .cseq = 4, .sdp = sdp("10.7.0.9:6000")});
    reload(scene, 8, after);
    scene.play();
    check_pauses(scene, {{6, 10.1}});
    CHECK(scene.interactions.front().pauses.front().how == PauseEnd::LegEnd);
  }
}

TEST_CASE("rules with a wrong expression change nothing") {
  const auto wrong = [](auto change) {
    calls::Rules rules = unmarked();
    rules.parties = {{.uri = "^sip:1[0-9]{3}@", .role = calls::Role::Customer}};
    change(rules);
    return rules;
  };
  for (const calls::Rules& after :
       {wrong([](calls::Rules& rules) { rules.parties.push_back({.uri = "("}); }),
        wrong([](calls::Rules& rules) { rules.fields.push_back({.pattern = "("}); }),
        wrong([](calls::Rules& rules) { rules.park = "("; }),
        wrong([](calls::Rules& rules) { rules.pauses.markers = {{.name = "bad", .header = "X", .pause = "("}}; }),
        wrong([](calls::Rules& rules) { rules.pauses.fail_closed = "("; })}) {
    Scene scene(with(kHeader));
    simple_call(scene, 20);
    mine(scene, 8, "off", 1);
    mine(scene, 12, "on", 2);
    mine(scene, 14, "off", 3);
    scene.play_until(10);
    CHECK_THROWS_AS(scene.correlator.replace_rules(after), std::runtime_error);
    CHECK(scene.correlator.markers().size() == 1);
    scene.play();
    check_pauses(scene, {{8, 12.1}, {14, 20}});
    CHECK(scene.interactions.front().dialogs.size() == 1);
  }
}

TEST_CASE("a code whose marker goes still ends what it paused, and keys that were pressed of one that stays count") {
  const pause::MarkerRule codes{.name = "codes", .dtmf_pause = "*91", .dtmf_resume = "*92"};
  calls::Rules more = with(codes);
  more.pauses.markers.insert(more.pauses.markers.begin(), {.name = "more", .dtmf_pause = "*71"});
  Scene scene(with(codes));
  simple_call(scene, 40);
  keys(scene, 8, "*9", 1);
  keys(scene, 8.6, "1", 5);
  keys(scene, 12, "*92", 10);
  keys(scene, 16, "*91", 20);
  keys(scene, 20, "*71", 30);
  reload(scene, 8.5, more);
  reload(scene, 10, unmarked());
  scene.play();
  check_pauses(scene, {{8, 12.5}});
}

TEST_CASE("media that waits for keys which may resume is kept when they come after their marker went") {
  const pause::MarkerRule codes{.name = "codes", .dtmf_pause = "*91", .dtmf_resume = "*92"};
  Scene scene(with(codes));
  simple_call(scene, 20);
  keys(scene, 8, "*91", 1);
  keys(scene, 12, "*92", 10);
  reload(scene, 10, unmarked());
  scene.play();
  check_pauses(scene, {{8, 12.5}});
  check_kept(scene, 20, 4.5);
}

TEST_CASE("fewer digits that are suspicious count in a run that goes on, and a suspicious run goes on being one") {
  calls::Rules few = unmarked();
  few.pauses.keyed_digits = 4;
  Scene scene(unmarked());
  simple_call(scene, 30);
  keys(scene, 8, "77777", 1, true);
  reload(scene, 8.5, few);
  scene.play();
  REQUIRE(pauses_of(scene).size() == 1);
  CHECK(pauses_of(scene).front().first == Approx(8));
  CHECK(pauses_of(scene).front().second > 8.8);

  calls::Rules many = few;
  many.pauses.keyed_digits = 19;
  Scene goes_on(few);
  simple_call(goes_on, 30);
  keys(goes_on, 8, "7777777", 1, true);
  reload(goes_on, 8.75, many);
  goes_on.play();
  REQUIRE(pauses_of(goes_on).size() == 1);
  CHECK(pauses_of(goes_on).front().second > 9.2);
}

TEST_CASE("no pre-roll reaches further back than the delay that the recorder was started with") {
  pause::MarkerRule early = kHeader;
  early.pre_roll = std::chrono::seconds(8);
  calls::Rules longer = with(early);
  longer.pauses.delay = std::chrono::seconds(10);
  Scene scene(unmarked());
  simple_call(scene, 30);
  mine(scene, 20, "off", 1);
  reload(scene, 10, longer);
  scene.play();
  check_pauses(scene, {{17, 30}});
}

TEST_CASE("a record attribute is heard again when its marker comes back, and while what it paused lasts") {
  calls::Rules without = rules();
  std::erase_if(without.pauses.markers, [](const auto& rule) { return rule.name == "record-attribute"; });
  const auto say = [](Scene& scene, double at, int cseq, const std::string& what) {
    inside(scene, at, {.method = "UPDATE", .cseq = cseq, .sdp = describe(what)});
  };
  Scene lasts(rules());
  simple_call(lasts, 30);
  say(lasts, 6, 1, "paused");
  say(lasts, 10, 2, "on");
  say(lasts, 14, 3, "paused");
  reload(lasts, 8, without);
  lasts.play();
  check_pauses(lasts, {{6, 10.1}});

  Scene again(without);
  simple_call(again, 30);
  say(again, 6, 1, "paused");
  say(again, 10, 2, "paused");
  reload(again, 8, rules());
  again.play();
  check_pauses(again, {{10, 30}});

  Scene off(without);
  simple_call(off, 30);
  say(off, 6, 1, "on");
  say(off, 10, 2, "off");
  reload(off, 8, rules());
  off.play();
  check_pauses(off, {{10, 30}});
}

TEST_CASE("how long a conversation waits is by the new rules at once, when that is less and when it is more") {
  calls::Rules shorter = rules();
  shorter.linger = std::chrono::seconds(5);
  calls::Rules longer = rules();
  longer.linger = std::chrono::seconds(600);
  for (const auto& [begins, goes_on, least, most] :
       {std::tuple(longer, shorter, 24.8, 26.0), std::tuple(shorter, longer, 619.8, 690.0)}) {
    Scene scene(begins);
    simple_call(scene, 20);
    reload(scene, 22, goes_on);
    scene.play(1000);
    REQUIRE(scene.closed_at.size() == 1);
    CHECK(scene.closed_at.front() >= least);
    CHECK(scene.closed_at.front() <= most);
  }
}

TEST_CASE("a stream without a call is recorded when the new rules say so") {
  calls::Rules unsignalled = rules();
  unsignalled.record_unsignalled = true;
  Scene scene(rules());
  scene.rtp({.from = "10.9.0.50:4000", .to = "10.1.0.50:6000", .ssrc = 7, .begin = 1, .end = 30});
  reload(scene, 12, unsignalled);
  scene.play(60);
  CHECK(scene.interactions.size() == 1);
}
