#include "app/reload.h"

#include <catch2/catch.hpp>

#include "app/config_sections.h"

using namespace tapestry;
using namespace tapestry::app;

namespace {

using Names = std::vector<std::string>;

const std::string kBefore = "[recorder]\nhost = \"tap.example.org\"\n[[party]]\nuri = \"^sip:1\"\nrole = \"agent\"\n";

Reload again(const std::string& before, const std::string& after) {
  return read_again({.started = before, .now = before}, after, "t.toml");
}

}  // namespace

TEST_CASE("settings that differ are named, whatever their layout") {
  CHECK(changed_settings(kBefore, kBefore).empty());
  CHECK(changed_settings(
            kBefore, "# comment\nrecorder = { host = 'tap.example.org' }\n" + kBefore.substr(kBefore.find("[[party]]")))
            .empty());
  CHECK(changed_settings(kBefore, kBefore + "[[party]]\nrole = \"bot\"\n") == Names{"party"});
  CHECK(changed_settings(kBefore, "") == Names{"party", "recorder.host"});
  CHECK(changed_settings("", "[serve]\nidle = 3\n") == Names{"serve.idle"});
  CHECK(changed_settings("[pause]\ndelay = 3\nmax = 9\n", "[pause]\nmax = 9\ndelay = 4\n") == Names{"pause.delay"});
  CHECK(changed_settings("[a", "[b").empty());
}

TEST_CASE("a reload says what counts from now on, and what after a restart") {
  const Reload reload =
      again(kBefore, kBefore +
                         "[recording]\nformat = \"wav\"\nhold = \"keep\"\n[dtmf]\ndigits = \"as-is\"\n"
                         "[conversation]\nlinger = 5\n[pause]\ndelay = 4\nquarantine = true\n"
                         "[[party]]\nrole = \"bot\"\n[[map]]\nfield = "
                         "\"campaign\"\nfrom = \"uui\"\npattern = \"(x)\"\n[[marker]]\nheader = \"X\"\n"
                         "pause = \"y\"\n[[retention]]\ndays = 3\n[[capture]]\ninterface = \"eth9\"\n");
  CHECK(reload.taken == Names{"conversation.linger", "dtmf.digits", "map", "marker", "party", "pause.quarantine",
                              "recording.format", "recording.hold"});
  CHECK(reload.restart == Names{"capture", "pause.delay"});
  CHECK(reload.elsewhere == Names{"retention"});
  CHECK(reload.config.rules.parties.size() == 2);
  CHECK(
      line_of(reload) ==
      "configuration read again; from now on: conversation.linger, dtmf.digits, map, marker, party, pause.quarantine, "
      "recording.format, recording.hold; only after a restart: capture, pause.delay; for other commands: retention");
  CHECK_THROWS_AS(again(kBefore, "[nonsense]\n"), ConfigError);
}

TEST_CASE("what waits for a restart is told until it is as it was at the start") {
  const std::string slow = kBefore + "[pause]\ndelay = 9\n";
  CHECK(read_again({.started = kBefore, .now = slow}, slow, "t.toml").restart == Names{"pause.delay"});
  const Reload back = read_again({.started = kBefore, .now = slow}, kBefore, "t.toml");
  CHECK(back.restart.empty());
  CHECK(back.taken.empty());
}
