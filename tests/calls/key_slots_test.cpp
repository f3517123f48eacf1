#include "calls/key_slots.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

using namespace tapestry::calls;

TEST_CASE("slots are found until they are taken out, whatever was put in and out beside them") {
  KeySlots slots;
  std::map<std::uint64_t, std::uint32_t> known;
  std::mt19937 random(5);
  CHECK(slots.find(1) == nullptr);
  for (int step = 0; step < 60'000; ++step) {
    // First more come than go, then more go.
    const bool comes = random() % 8 < (step < 30'000 ? 6U : 2U);
    const std::uint64_t key = random() % 10'000;
    const KeySlots::Slot* slot = slots.find(key);
    REQUIRE((slot != nullptr) == known.contains(key));
    if (slot == nullptr && comes) {
      CHECK(slots.insert(key, static_cast<std::uint32_t>(step)).count == 1);
      known[key] = static_cast<std::uint32_t>(step);
    } else if (slot != nullptr && !comes) {
      CHECK(slot->first == known[key]);
      slots.erase(*slot);
      known.erase(key);
    }
  }
  REQUIRE(slots.size() == known.size());
  for (const auto& [key, first] : known) {
    REQUIRE(slots.find(key) != nullptr);
    CHECK(slots.find(key)->first == first);
    slots.erase(*slots.find(key));
  }
  CHECK(slots.size() == 0);
  CHECK(slots.find(1) == nullptr);
}
