#pragma once
#include <vector>

#include "tests/support/scenes/scenes.h"

/// More scenes of each file, which all_scenes() joins with those of scenes.h.
namespace tapestry::scenes {

std::vector<SceneEntry> mesh_scenes();
std::vector<SceneEntry> focus_scenes();
std::vector<SceneEntry> odd_hold_scenes();
std::vector<SceneEntry> callback_scenes();

}  // namespace tapestry::scenes
