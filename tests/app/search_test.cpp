#include "app/search.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/config.h"
#include "tests/app/kept_conversations.h"

namespace tapestry {
namespace {

using app::SearchCommand;
using Catch::Matchers::Contains;

std::string found(const testing::KeptConversations& kept, SearchCommand command) {
  command.out = kept.out();
  std::ostringstream out;
  CHECK(app::search(command, out) == 0);
  return out.str();
}

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

}  // namespace

TEST_CASE("replayed conversations are found by what the catalog knows of them, and none is no fault") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  SearchCommand command;
  command.json = true;
  CHECK(lines(found(kept, command)) == 3);
  command.query.agent = "1003";
  const auto one = nlohmann::json::parse(found(kept, command));
  CHECK(one["uuid"] == other);
  REQUIRE_FALSE(one["keys"].empty());
  command.query = {};
  command.query.key = one["keys"][0]["value"];
  CHECK_THAT(found(kept, command), Contains(other));
  command.query.key = earlier;
  CHECK_THAT(found(kept, command), Contains(earlier));
  command.query = {};
  command.at_least = "1:00";
  CHECK(lines(found(kept, command)) == 1);
  command.from = "2100-01-01";
  CHECK(found(kept, command).empty());
  command.json = false;
  CHECK(found(kept, command) == "no conversation is as asked for\n");
  SearchCommand all;
  all.query.limit = 2;
  CHECK_THAT(found(kept, all), Contains("start (UTC)") && Contains("2 conversations, and older ones"));
}

TEST_CASE("times and durations are read in the forms that people write, and nothing else") {
  CHECK(app::parse_when("2026-11-20") == *from_rfc3339("2026-11-20T00:00:00Z"));
  CHECK(app::parse_when("2026-11-20 08:30") == *from_rfc3339("2026-11-20T08:30:00Z"));
  CHECK(app::parse_when("2026-11-20T08:30:05") == *from_rfc3339("2026-11-20T08:30:05Z"));
  CHECK(app::parse_when("2026-11-20T08:30:00+01:00") == *from_rfc3339("2026-11-20T07:30:00Z"));
  for (const char* wrong : {"", "yesterday", "2026-13-01", "2026-11-20 8", "20261120"}) {
    CHECK_THROWS_AS(app::parse_when(wrong), app::ConfigError);
  }
  CHECK(app::parse_length("90") == std::chrono::seconds(90));
  CHECK(app::parse_length("1.5") == std::chrono::milliseconds(1500));
  CHECK(app::parse_length("90s") == std::chrono::seconds(90));
  CHECK(app::parse_length("5m") == std::chrono::minutes(5));
  CHECK(app::parse_length("2h") == std::chrono::hours(2));
  CHECK(app::parse_length("1:30") == std::chrono::seconds(90));
  CHECK(app::parse_length("1:02:03") == std::chrono::seconds(3723));
  for (const char* wrong : {"", "s", "x", "-1", "1:2:3:4", "1e300", "nan", ":", "99999999999"}) {
    CHECK_THROWS_AS(app::parse_length(wrong), app::ConfigError);
  }
}

}  // namespace tapestry
