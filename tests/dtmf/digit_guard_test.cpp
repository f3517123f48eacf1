#include "dtmf/digit_guard.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace tapestry::dtmf {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kCard = "4111111111111111";

/// Where each key of `keys` begins, one every `pace`, and what the guard told of it.
std::vector<std::optional<Run>> told(DigitGuard& guard, std::string_view keys, Duration from, Duration pace) {
  std::vector<std::optional<Run>> runs;
  for (const char key : keys) {
    runs.push_back(guard.add({.key = key, .start = Time(from), .end = Time(from + 100ms)}));
    from += pace;
  }
  return runs;
}

std::size_t first_told(const std::vector<std::optional<Run>>& runs) {
  std::size_t n = 0;
  while (n < runs.size() && !runs[n]) ++n;
  return n;
}

}  // namespace

TEST_CASE("so many digits within 15 seconds are suspicious, and so is all that follows") {
  DigitGuard guard(6);
  const auto runs = told(guard, "1234567#8", 10s, 2s);
  CHECK(first_told(runs) == 5);
  for (std::size_t n = 5; n < runs.size(); ++n) REQUIRE(runs[n]);
  CHECK(runs[5]->start == Time(10s));
  CHECK(runs[5]->end == Time(20'100ms));
  CHECK(runs[5]->digits == 6);
  CHECK_FALSE(runs[5]->card);
  CHECK(runs[7]->digits == 7);
  CHECK(runs[8]->end == Time(26'100ms));
}

TEST_CASE("digits that are keyed slowly are suspicious only when they are a card's") {
  DigitGuard guard(6);
  const auto runs = told(guard, kCard, 10s, 5s);
  CHECK(first_told(runs) == runs.size() - 1);
  CHECK((runs.back() && runs.back()->card));
  CHECK(runs.back()->start == Time(10s));
}

TEST_CASE("a card's number is found behind other digits, and stars do not hide it") {
  DigitGuard guard(0);
  const auto runs = told(guard, "29*41111*11111111111", 10s, 1s);
  REQUIRE(runs.back());
  CHECK(runs.back()->card);
  CHECK(runs.back()->start == Time(10s));
  CHECK(first_told(runs) >= 13);
  DigitGuard other(0);
  CHECK(first_told(told(other, "1111111111111111", 10s, 1s)) == 16);
}

TEST_CASE("a pause of more than 15 seconds ends a run") {
  DigitGuard guard(6);
  CHECK(first_told(told(guard, "12345", 10s, 1s)) == 5);
  CHECK(first_told(told(guard, "67890", 40s, 1s)) == 5);
  CHECK(first_told(told(guard, "1", 60s, 1s)) == 1);
  CHECK(first_told(told(guard, "12345", 62s, 1s)) == 4);
  CHECK(first_told(told(guard, "1", 1s, 1s)) == 1);
}

TEST_CASE("keys that are no digits are no card data") {
  DigitGuard guard(6);
  CHECK(first_told(told(guard, "*#*#*#ABCD*#*#*#", 10s, 100ms)) == 16);
}

TEST_CASE("presses that are told out of order count at their time") {
  DigitGuard guard(3);
  CHECK_FALSE(guard.add({.key = '1', .start = Time(12s), .end = Time(12s)}));
  CHECK_FALSE(guard.add({.key = '2', .start = Time(11s), .end = Time(11s)}));
  const auto run = guard.add({.key = '3', .start = Time(10s), .end = Time(10s)});
  REQUIRE(run);
  CHECK(run->start == Time(10s));
  CHECK(run->end == Time(12s));
}

TEST_CASE("more than 19 digits count, but no more are held, and none stays when the guard goes") {
  alignas(DigitGuard) std::array<std::byte, sizeof(DigitGuard)> place{};
  auto* const guard = std::construct_at(static_cast<DigitGuard*>(static_cast<void*>(place.data())), 100);
  const auto runs = told(*guard, "8888888888888888888888888888888", 10s, 100ms);
  REQUIRE(runs.back());
  CHECK(runs.back()->digits == 31);
  std::destroy_at(guard);
  CHECK(std::ranges::count(place, std::byte{'8'}) == 0);
}

}  // namespace tapestry::dtmf
