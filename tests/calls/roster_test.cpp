#include "calls/attendees.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

const std::string kAnn = "sip:ann@example.com";
const std::string kBob = "sip:bob@example.com";

/// A <user> with one endpoint.
std::string user(const std::string& uri, const std::string& status, const std::string& more = {},
                 const std::string& state = "full") {
  return fmt::format(
      "<user entity='{0}' state='{1}'><endpoint entity='{0}' state='{1}'><status>{2}</status>{3}</endpoint></user>",
      uri, state, status, more);
}

std::string audio(const std::string& direction) {
  return "<media id='1'><type>audio</type><status>" + direction + "</status></media>";
}

/// Takes documents; seconds as in tests/calls/scene.h, the conversation began at 0.
struct Conference {
  calls::Rosters rosters{};

  void take(double at, int version, const std::string& users, const std::string& state = "full",
            const std::string& subscription = "s1", bool ends = false) {
    const std::string text = fmt::format(
        "<conference-info entity='sip:room@example.com' state='{0}' version='{1}'><users state='{0}'>{2}</users>"
        "</conference-info>",
        state, version, users);
    const auto document = sip::parse_conference_info(text);
    REQUIRE(document);
    calls::take_roster(rosters, *document,
                       {.subscription = subscription, .time = scene_time(at), .begun = scene_time(0), .ends = ends});
  }

  /// `ann present 1-5 muted 2-3`, one for each attendee.
  std::vector<std::string> told() {
    std::vector<std::string> lines;
    for (const auto& one :
         calls::attendees_of(rosters, calls::Roles(std::vector<calls::PartyRule>{}), {}, scene_time(100))) {
      std::string line = one.names.front();
      const auto add = [&line](const char* name, const std::vector<calls::Window>& windows) {
        for (const auto& w : windows)
          line += fmt::format(" {} {}-{}", name, scene_seconds(w.start), scene_seconds(w.end));
      };
      add("present", one.present);
      add("held", one.held);
      add("muted", one.muted);
      lines.push_back(line);
    }
    return lines;
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a roster's full documents tell who came, was held and muted, and left") {
  Conference conference;
  conference.take(1, 1, user(kAnn, "connected", audio("sendrecv")));
  conference.take(2, 2, user(kAnn, "connected", audio("recvonly")) + user(kBob, "alerting"));
  conference.take(3, 3, user(kAnn, "on-hold") + user(kBob, "muted-via-focus"));
  conference.take(4, 4, user(kAnn, "connected", audio("inactive")));
  conference.take(5, 5, user(kAnn, "disconnected"));
  CHECK(conference.told() == Lines{"ann present 1-5 held 3-4 muted 2-3 muted 4-5", "bob present 3-4 muted 3-4"});
}
TEST_CASE("a roster's partial documents change what they name, and delete") {
  Conference conference;
  conference.take(1, 1, user(kAnn, "connected", audio("sendrecv")) + user(kBob, "connected"));
  conference.take(2, 2, user(kAnn, "", audio("recvonly"), "partial"), "partial");
  conference.take(4, 3, user(kAnn, "", audio("sendrecv"), "partial") + "<user entity='" + kBob + "' state='deleted'/>",
                  "partial");
  CHECK(conference.told() == Lines{"ann present 1-100 muted 2-4", "bob present 1-4"});
}
TEST_CASE("a roster's version that does not go on changes nothing, in its own subscription") {
  Conference conference;
  conference.take(1, 7, user(kAnn, "connected"));
  conference.take(2, 7, "");
  conference.take(3, 6, "");
  CHECK(conference.told() == Lines{"ann present 1-100"});
  conference.take(4, 1, user(kAnn, "connected") + user(kBob, "connected"), "full", "s2");
  conference.take(5, 2, user(kAnn, "connected"), "full", "s2");
  CHECK(conference.told() == Lines{"ann present 1-100", "bob present 4-5"});
}
TEST_CASE("a subscription that ended knows no more when another one does") {
  Conference conference;
  conference.take(1, 1, user(kAnn, "connected"));
  conference.take(3, 2, user(kAnn, "connected"), "full", "s1", true);
  CHECK(conference.told() == Lines{"ann present 1-100"});
  conference.take(2, 1, user(kAnn, "connected"), "full", "s2");
  conference.take(6, 2, "", "full", "s2");
  CHECK(conference.told() == Lines{"ann present 1-6"});
}
TEST_CASE("a roster's own times count when they lie within the conversation") {
  const auto when = [](const char* of, double at) {
    return fmt::format("<{0}><when>{1}</when></{0}>", of, to_rfc3339(scene_time(at)));
  };
  Conference conference;
  conference.take(10, 1,
                  user(kAnn, "connected", when("joining-info", 4)) + user(kBob, "connected", when("joining-info", -5)));
  conference.take(20, 2,
                  user(kAnn, "disconnected", when("disconnection-info", 18)) +
                      user(kBob, "disconnected", when("disconnection-info", 25)));
  CHECK(conference.told() == Lines{"ann present 4-18", "bob present 10-20"});
}
TEST_CASE("the focus, other conferences and anonymous participants are no attendees") {
  Conference conference;
  conference.take(1, 1,
                  user("sip:room@example.com", "connected") + user("sip:anonymous@anonymous.invalid", "connected") +
                      "<user entity='sip:other@example.com'><cascaded-focus>sip:x@example.com</cascaded-focus></user>" +
                      "<user entity='" + kAnn + "'/>");
  CHECK(conference.told() == Lines{"ann present 1-100"});
}
TEST_CASE("rosters are bounded in subscriptions, members, endpoints and changes") {
  Conference conference;
  for (std::size_t n = 0; n < calls::kMaxRosters + 1; ++n) {
    conference.take(1, 1, user(kAnn, "connected"), "full", std::to_string(n));
  }
  CHECK(conference.rosters.list.size() == calls::kMaxRosters);
  CHECK(conference.rosters.overflowed);
  conference = {};
  for (int n = 0; n < 300; ++n)
    conference.take(n, n, user(fmt::format("sip:u{}@example.com", n), "connected"), "partial");
  CHECK(conference.rosters.list.front().members.size() == calls::kMaxRosterMembers);
  CHECK(conference.rosters.overflowed);
  conference = {};
  for (int n = 0; n < 600; ++n) conference.take(n, n, n % 2 == 0 ? user(kAnn, "connected") : "");
  CHECK(conference.rosters.list.front().members.front().present.past.size() == calls::kMaxRosterChanges);
  std::string endpoints;
  for (int n = 0; n < 20; ++n) endpoints += fmt::format("<endpoint entity='sip:e{}@h'/>", n);
  conference.take(700, 700, "<user entity='" + kAnn + "'>" + endpoints + "</user>");
  CHECK(conference.rosters.list.front().members.front().endpoints.size() == calls::kMaxRosterEndpoints);
}
TEST_CASE("rosters of two conversations that are one are kept together") {
  Conference one;
  Conference other;
  one.take(1, 1, user(kAnn, "connected"));
  other.take(2, 1, user(kBob, "connected"), "full", "s2");
  one.rosters.join(std::move(other.rosters));
  CHECK(one.told() == Lines{"ann present 1-100", "bob present 2-100"});
}
