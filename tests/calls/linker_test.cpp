#include "calls/linker.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

struct Plan {
  std::string id{};
  std::string from = "203.0.113.10";
  std::string to = "198.51.100.5";
  std::string caller = "+12025550101";
  std::string called = "1001";
  std::string headers{};  ///< of the INVITE
  std::string contact{};  ///< of the answer
  double begin = 1;
  double end = 20;
};

/// INVITE at plan.begin, 200 a second later, BYE at plan.end.
void play(Scene& scene, const Plan& plan) {
  const std::string a = plan.from + ":5060";
  const std::string b = plan.to + ":5060";
  Sip sip{.start = "INVITE sip:" + plan.called + "@x.example.com",
          .cseq = "1 INVITE",
          .from_tag = "f" + plan.id,
          .call_id = plan.id,
          .branch = "z9hG4bK1" + plan.id,
          .from = "<sip:" + plan.caller + "@x.example.com>",
          .to = "<sip:" + plan.called + "@x.example.com>",
          .headers = plan.headers};
  scene.message(plan.begin, a, b, sip);
  sip.start = "200 OK";
  sip.to_tag = "t" + plan.id;
  sip.headers = plan.contact;
  scene.message(plan.begin + 1, b, a, sip);
  sip.headers.clear();
  sip.start = "BYE sip:" + plan.called + "@x.example.com";
  sip.cseq = "2 BYE";
  sip.branch = "z9hG4bK2" + plan.id;
  scene.message(plan.end, a, b, sip);
  sip.start = "200 OK";
  scene.message(plan.end + 0.02, b, a, sip);
}

std::string key(const std::string& value) { return "X-Genesys-CallUUID: " + value + "\r\n"; }

}  // namespace

TEST_CASE("calls with one key are one conversation") {
  Scene scene;
  play(scene, {.id = "one", .headers = key("A1B2C3D4E5")});
  play(scene, {.id = "two", .from = "192.0.2.1", .to = "192.0.2.2", .headers = key("A1B2C3D4E5"), .begin = 5});
  play(scene, {.id = "three", .from = "192.0.2.3", .to = "192.0.2.4", .headers = key("F1B2C3D4E5"), .begin = 6});
  scene.play();
  CHECK(scene.interactions.size() == 2);
  CHECK(scene.counter("links.joined") == 1);
}

TEST_CASE("a key that more than 32 calls carry joins no more of them, and is counted") {
  Scene scene;
  constexpr std::size_t kCalls = calls::kMaxSharers + 4;
  for (std::size_t n = 0; n < kCalls; ++n) {
    play(scene, {.id = fmt::format("call{}", n),
                 .from = fmt::format("192.0.2.{}", n + 1),
                 .to = fmt::format("192.0.3.{}", n + 1),
                 .caller = fmt::format("+1202555{:04}", n),
                 .headers = key("A1B2C3D4E5"),
                 .begin = 1 + 0.1 * static_cast<double>(n)});
  }
  scene.play();
  CHECK(scene.interactions.size() == kCalls - calls::kMaxSharers + 1);
  CHECK(scene.counter("links.keys_refused") > 0);
}

TEST_CASE("one host's two legs are one conversation, also without a key") {
  Scene scene;
  play(scene, {.id = "in"});
  play(scene, {.id = "out", .from = "198.51.100.5", .to = "10.1.0.21", .begin = 1.1});
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  CHECK(scene.interactions.front().links.front().kind == calls::LinkKind::Proximity);
}

TEST_CASE("two calls that are equally near stay apart and are counted") {
  Scene scene;
  play(scene, {.id = "in"});
  play(scene, {.id = "out1", .from = "198.51.100.5", .to = "10.1.0.21", .begin = 1.1});
  play(scene, {.id = "out2", .from = "198.51.100.5", .to = "10.1.0.22", .begin = 1.1});
  scene.play();
  CHECK(scene.interactions.size() == 3);
  CHECK(scene.counter("links.ambiguous") > 0);
}

TEST_CASE("who is in a room at one time belongs together, who uses it later does not") {
  for (const double begin : {10.0, 25.0}) {
    Scene scene;
    const std::string contact = "Contact: <sip:room7@focus.example.com>;isfocus\r\n";
    play(scene, {.id = "one", .called = "room7", .contact = contact});
    play(scene, {.id = "two",
                 .from = "192.0.2.1",
                 .caller = "+12025550777",
                 .called = "room7",
                 .contact = contact,
                 .begin = begin,
                 .end = 40});
    scene.play();
    CHECK(scene.interactions.size() == (begin < 20 ? 1 : 2));
  }
}
