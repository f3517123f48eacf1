#include "tests/support/scenes/scenes.h"

#include <algorithm>
#include <cassert>

#include "tests/support/scenes/more_scenes.h"

namespace tapestry::scenes {

const std::vector<SceneEntry>& all_scenes() {
  static const std::vector<SceneEntry> all = [] {
    std::vector<SceneEntry> joined;
    for (const auto& some :
         {transfer_scenes(),     odd_transfer_scenes(),  b2bua_scenes(),        pbx_scenes(),       unrelated_scenes(),
          harder_scenes(),       conference_scenes(),    registration_scenes(), roster_scenes(),    supervisor_scenes(),
          space_scenes(),        paging_scenes(),        place_scenes(),        routing_scenes(),   in_call_scenes(),
          user_to_user_scenes(), recorder_scenes(),      incomplete_scenes(),   pause_sdp_scenes(), pause_info_scenes(),
          pause_key_scenes(),    pause_control_scenes(), pause_call_scenes(),   mesh_scenes(),      focus_scenes(),
          odd_hold_scenes(),     callback_scenes()}) {
      joined.insert(joined.end(), some.begin(), some.end());
    }
    return joined;
  }();
  return all;
}

std::vector<SceneEntry> many_scenes() {
#ifdef TAPESTRY_CHECKED
  constexpr std::size_t kEach = 4;
#else
  constexpr std::size_t kEach = 1;
#endif
  std::vector<SceneEntry> many;
  for (std::size_t n = 0; n < all_scenes().size(); n += kEach) many.push_back(all_scenes()[n]);
  return many;
}

Scene scene(std::string_view name) {
  const auto found = std::ranges::find(all_scenes(), name, &SceneEntry::name);
  assert(found != all_scenes().end());
  return found->make(found->name);
}

std::vector<std::string> all_voices() { return {"a1", "a2", "a3", "cust", "cust2", "ivr", "moh", "queue", "sup"}; }

}  // namespace tapestry::scenes
