#include "app/config_pause.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <iterator>

using namespace tapestry;
using namespace std::chrono_literals;
using app::ConfigError;
using Catch::Matchers::Contains;

namespace {

app::Config parsed(const std::string& text) { return app::parse_config(text, "t.toml"); }

/// Those behind the presets.
std::vector<pause::MarkerRule> own(const app::Config& config) {
  const auto& all = config.rules.pauses.markers;
  return {all.begin() + static_cast<std::ptrdiff_t>(pause::presets().size()), all.end()};
}

}  // namespace

TEST_CASE("every key of a marker is read") {
  const auto rules = own(parsed(R"(
[[marker]]
name = "all"
side = "any"
method = "INFO"
header = "X-Rec"
body_type = "msml"
pause = "off"
resume = "on"
toggle = "flip"
dtmf_pause = "*91"
dtmf_resume = "*92"
dtmf_toggle = "#A"
http_pause = "^GET /p"
http_resume = "^GET /r"
destination = "^sip:8"
destination_ip = "10.7.0.0/24"
pre_roll = 1.5
post_roll = 2
max = 60
on_max = "resume"
reason = "privacy"
[[marker]]
dtmf_pause = "*1"
)"));
  REQUIRE(rules.size() == 2);
  const pause::MarkerRule& rule = rules.front();
  CHECK(rule.name == "all");
  CHECK(rule.side == pause::Side::Any);
  CHECK(rule.method == "INFO");
  CHECK(rule.header == "X-Rec");
  CHECK(rule.body_type == "msml");
  CHECK(rule.pause == "off");
  CHECK(rule.resume == "on");
  CHECK(rule.toggle == "flip");
  CHECK(rule.dtmf_pause == "*91");
  CHECK(rule.dtmf_resume == "*92");
  CHECK(rule.dtmf_toggle == "#A");
  CHECK(rule.http_pause == "^GET /p");
  CHECK(rule.http_resume == "^GET /r");
  CHECK(rule.destination == "^sip:8");
  REQUIRE(rule.destination_ip);
  CHECK(rule.destination_ip->contains(*IpAddress::parse("10.7.0.9")));
  CHECK(rule.pre_roll == 1500ms);
  CHECK(rule.post_roll == 2s);
  CHECK(rule.longest == Duration(60s));
  CHECK(rule.resumes_by_itself);
  CHECK(rule.reason == "privacy");
  CHECK(rules.back().name == "marker 2");
  CHECK(rules.back().side == pause::Side::Agent);
}

TEST_CASE("other recorders' header rules are known by name") {
  const auto rules =
      own(parsed("[[marker]]\npreset = \"voipmonitor\"\nheader = \"X-P\"\n"
                 "[[marker]]\npreset = \"orecx\"\nresume = \"^1$\"\npause = \"^0$\"\n"));
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].header == "X-P");
  CHECK(rules[0].pause == "^pause$");
  CHECK(rules[0].resume == ".*");
  CHECK(rules[1].header == "X-record");
  CHECK(rules[1].pause == "^0$");
  CHECK(rules[1].resume == "^1$");
  CHECK_THROWS_WITH(parsed("[[marker]]\npreset = \"voipmonitor\"\n"), Contains("needs"));
  CHECK_THROWS_WITH(parsed("[[marker]]\npreset = \"other\"\n"), Contains("voipmonitor, orecx"));
}

TEST_CASE("a marker that can never match, or is no marker, is an error with its place") {
  const auto fails = [](const std::string& text, const std::string& why) {
    CHECK_THROWS_WITH(parsed("[[marker]]\n" + text), Contains("t.toml:") && Contains(why));
  };
  fails("name = \"a\"\n", "needs");
  fails("header = \"X\"\n", "needs");
  fails("pause = \"x\"\n", "needs");
  fails("header = \"X\"\npause = \"(\"\n", "regular expression");
  fails("dtmf_pause = \"91x\"\n", "keys");
  fails("dtmf_pause = 91\n", "string");
  fails("side = \"customer\"\ndtmf_pause = \"1\"\n", "agent, any");
  fails("destination_ip = \"10.7\"\n", "address or range");
  fails("dtmf_pause = \"1\"\non_max = \"resume\"\n", "max");
  fails("dtmf_pause = \"1\"\npre_roll = -1\n", "seconds");
  fails("dtmf_pause = \"1\"\npre_roll = \"1\"\n", "seconds");
  fails("dtmf_pause = \"1\"\nfoo = 1\n", "unknown key");
  fails("name = \"siprec\"\ndtmf_pause = \"1\"\n", "taken");
}

TEST_CASE("[pause] is read") {
  const app::Config config = parsed(R"(
[[marker]]
name = "own"
dtmf_pause = "*1"
max = 5
[pause]
delay = 2.5
disable = ["siprec", "msml"]
controllers = ["10.2.0.30", "10.3.0.0/16"]
fail_closed = "^sip:pay@"
keyed_digits = 8
quarantine = true
max = 100
on_max = "resume"
)");
  const calls::PauseRules& pauses = config.rules.pauses;
  CHECK(pauses.delay == 2500ms);
  CHECK(pauses.markers.size() == pause::presets().size() - 1);
  CHECK(std::ranges::find(pauses.markers, "msml", &pause::MarkerRule::name) == pauses.markers.end());
  REQUIRE(pauses.controllers.size() == 2);
  CHECK(pauses.controllers[0].contains(*IpAddress::parse("10.2.0.30")));
  CHECK(pauses.fail_closed == "^sip:pay@");
  CHECK(pauses.keyed_digits == 8);
  CHECK(config.quarantine);
  const auto own_rule = std::ranges::find(pauses.markers, "own", &pause::MarkerRule::name);
  REQUIRE(own_rule != pauses.markers.end());
  CHECK(own_rule->longest == Duration(5s));
  CHECK_FALSE(own_rule->resumes_by_itself);
  CHECK(pauses.markers.front().longest == Duration(100s));
  CHECK(pauses.markers.front().resumes_by_itself);
}

TEST_CASE("text_ports replaces the usual ports of control connections") {
  CHECK(parsed("").rules.pauses.text_ports == std::vector<std::uint16_t>{5038, 8021});
  CHECK(parsed("[pause]\ntext_ports = [5039]\n").rules.pauses.text_ports == std::vector<std::uint16_t>{5039});
  CHECK(parsed("[pause]\ntext_ports = []\n").rules.pauses.text_ports.empty());
}

TEST_CASE("what [pause] cannot mean is an error with its place") {
  const auto fails = [](const std::string& text, const std::string& why) {
    CHECK_THROWS_WITH(parsed("[pause]\n" + text), Contains("t.toml:") && Contains(why));
  };
  fails("delay = 0\n", "seconds");
  fails("disable = [\"everything\"]\n", "no preset");
  fails("disable = \"siprec\"\n", "list");
  fails("controllers = [\"desk\"]\n", "address or range");
  fails("fail_closed = \"(\"\n", "regular expression");
  fails("text_ports = 5038\n", "list");
  fails("text_ports = [0]\n", "whole number");
  fails("keyed_digits = 20\n", "whole number");
  fails("on_max = \"resume\"\n", "max");
  fails("foo = 1\n", "unknown key");
}

TEST_CASE("the example in docs/pauses.md is a configuration") {
  std::ifstream stream(std::string(TAPESTRY_SOURCE) + "/docs/pauses.md");
  const std::string page{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t begin = page.find("```toml\n") + 8;
  REQUIRE(begin != std::string::npos + 8);
  CHECK_NOTHROW(parsed(page.substr(begin, page.find("```", begin) - begin)));
}
