#include "tests/app/kept_conversations.h"

#include <algorithm>
#include <stdexcept>

#include "tests/app/scene_run.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/flows.h"
#include "tests/support/scenes/usual.h"
#include "vconout/catalog_search.h"

namespace tapestry::testing {
namespace {

namespace fs = std::filesystem;

scenes::Scene scene() {
  scenes::Script script("kept", "A key comes back when its conversation is closed.");
  scenes::Leg first = script.leg(scenes::cast::customer(), scenes::cast::agent(1));
  script.talk(connect(script, 1, first, {.headers = "X-CID: contact-4711\r\n"}), 5, first);
  bye(script, 5, first, scenes::Side::Caller);
  // Silence of the whole capture would not count as waiting.
  scenes::Leg other = script.leg(scenes::cast::other_customer(), scenes::cast::agent(3));
  script.talk(connect(script, 2, other), 104, other);
  bye(script, 104, other, scenes::Side::Caller);
  scenes::Leg second = script.leg(scenes::cast::customer(), scenes::cast::agent(2));
  script.talk(connect(script, 105, second, {.headers = "X-CID: contact-4711\r\n"}), 110, second);
  bye(script, 110, second, scenes::Side::Caller);
  return script.end({});
}

}  // namespace

KeptConversations::KeptConversations() {
  if (const std::string wrong = record(scene(), folder_.path()); !wrong.empty()) throw std::runtime_error(wrong);
}

std::vector<std::string> KeptConversations::uuids() const {
  std::vector<std::string> all;
  (void)vconout::search(out() / "catalog.sqlite", {},
                        [&](const vconout::FoundConversation& one) { all.push_back(one.row.row.uuid); });
  return all;
}

std::tuple<std::string, std::string, std::string> KeptConversations::chain() const {
  std::string later;
  std::string earlier;
  std::vector<std::string> all;
  (void)vconout::search(out() / "catalog.sqlite", {}, [&](const vconout::FoundConversation& one) {
    all.push_back(one.row.row.uuid);
    if (one.facts.amends.empty()) return;
    later = one.row.row.uuid;
    earlier = one.facts.amends;
  });
  const auto other = std::ranges::find_if(all, [&](const std::string& one) { return one != later && one != earlier; });
  if (all.size() != 3 || earlier.empty()) throw std::runtime_error("the scene made other conversations");
  return {earlier, later, *other};
}

std::vector<fs::path> KeptConversations::files(const std::string& below, const std::string& part) const {
  std::vector<fs::path> all;
  if (!fs::exists(out() / below)) return all;
  for (const auto& entry : fs::recursive_directory_iterator(out() / below)) {
    if (entry.is_regular_file() && entry.path().string().find(part) != std::string::npos) all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

std::string KeptConversations::replay_again() const { return record(scene(), folder_.path()); }

}  // namespace tapestry::testing
