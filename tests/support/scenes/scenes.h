#pragma once
#include <string_view>
#include <vector>

#include "tests/support/scenes/script.h"

/// Every scene: one per feature that reaches the wire.
namespace tapestry::scenes {

struct SceneEntry {
  const char* name;  ///< also of its files: NAME.pcap
  Scene (*make)(std::string name);
};

/// All of them, by name of the feature.
const std::vector<SceneEntry>& all_scenes();

/// All of them; with checkers compiled in, which make each take ten times as long, every fourth. For what says little
/// more with each scene.
std::vector<SceneEntry> many_scenes();

/// The scene of that name; asserts that there is one.
Scene scene(std::string_view name);

/// Names of all voices that scenes use.
std::vector<std::string> all_voices();

// The scenes of each file; all_scenes() joins them.
std::vector<SceneEntry> transfer_scenes();
std::vector<SceneEntry> odd_transfer_scenes();
std::vector<SceneEntry> b2bua_scenes();
std::vector<SceneEntry> pbx_scenes();
std::vector<SceneEntry> unrelated_scenes();
std::vector<SceneEntry> harder_scenes();
std::vector<SceneEntry> conference_scenes();
std::vector<SceneEntry> registration_scenes();
std::vector<SceneEntry> roster_scenes();
std::vector<SceneEntry> supervisor_scenes();
std::vector<SceneEntry> space_scenes();
std::vector<SceneEntry> paging_scenes();
std::vector<SceneEntry> place_scenes();
std::vector<SceneEntry> routing_scenes();
std::vector<SceneEntry> in_call_scenes();
std::vector<SceneEntry> user_to_user_scenes();
std::vector<SceneEntry> recorder_scenes();
std::vector<SceneEntry> incomplete_scenes();
std::vector<SceneEntry> pause_sdp_scenes();
std::vector<SceneEntry> pause_info_scenes();
std::vector<SceneEntry> pause_key_scenes();
std::vector<SceneEntry> pause_control_scenes();
std::vector<SceneEntry> pause_call_scenes();

}  // namespace tapestry::scenes
