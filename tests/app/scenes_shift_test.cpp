// A capture that was taken at another time gives the same but for the time.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "core/time.h"
#include "tests/app/scene_run.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/scenes.h"

namespace tapestry {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

/// Times as nanoseconds since `base`; without what is made of the time: uuid, names of files, hashes.
Json relative(const Json& value, Time base) {
  static const std::set<std::string> kOfTime{"uuid",           "url",   "content_hash", "created_at",
                                             "interaction_id", "audit", "x5c"};
  if (value.is_string()) {
    const auto time = from_rfc3339(value.get<std::string>());
    return time ? Json((*time - base).count()) : value;
  }
  if (!value.is_structured()) return value;
  Json result = value;
  for (auto& [key, member] : result.items()) member = kOfTime.contains(key) ? Json() : relative(member, base);
  return result;
}

struct Outcome {
  std::vector<Json> vcons;
  std::multiset<std::string> samples;  ///< of each file, behind its header
};

Outcome outcome_of(scenes::Scene scene, Duration by) {
  for (testing::TimedFrame& frame : scene.frames) frame.time += by;
  const testing::TemporaryFolder folder;
  Outcome outcome;
  for (const auto& [uuid, vcon] : testing::vcons_of(scene, folder.path()))
    outcome.vcons.push_back(relative(vcon, Time{} + by));
  std::ranges::sort(outcome.vcons, {}, [](const Json& vcon) { return vcon.dump(); });
  for (const auto& entry : fs::recursive_directory_iterator(folder / "out/media")) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = testing::read_file(entry.path());
    outcome.samples.insert(bytes.substr(bytes.find("data")));
  }
  return outcome;
}

}  // namespace

TEST_CASE("shifting a capture in time shifts what comes of it, and changes nothing else") {
  using namespace std::chrono_literals;
  for (const char* name : {"transfer_attended", "pause_across_blind_transfer", "conference_focus"}) {
    const scenes::Scene scene = scenes::scene(name);
    const Outcome plain = outcome_of(scene, 0s);
    REQUIRE_FALSE(plain.samples.empty());
    for (const Duration by : {Duration(1s), Duration(-86'400s * 400), Duration(12'345'678'901us)}) {
      INFO(name << " " << by.count());
      const Outcome shifted = outcome_of(scene, by);
      CHECK((shifted.vcons == plain.vcons));
      CHECK((shifted.samples == plain.samples));
    }
  }
}

}  // namespace tapestry
