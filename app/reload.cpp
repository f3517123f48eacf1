#include "app/reload.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "app/config_sections.h"

namespace tapestry::app {
namespace {

/// Whose a setting is.
enum class Owner : std::uint8_t {
  Calls,     ///< Pipeline::replace_rules takes it
  Finisher,  ///< `tapestry finish` does, which is told in the same way
  Start,     ///< what is made once: interfaces, the delay line, sockets, the TLS that is followed
  Others     ///< other commands read it
};

/// A whole section, or one of its settings, which goes before it. Whatever stands nowhere is Start.
constexpr std::array kOwners{
    std::pair<std::string_view, Owner>{"party", Owner::Calls},
    std::pair<std::string_view, Owner>{"map", Owner::Calls},
    std::pair<std::string_view, Owner>{"marker", Owner::Calls},
    std::pair<std::string_view, Owner>{"conversation", Owner::Calls},
    std::pair<std::string_view, Owner>{"pause", Owner::Calls},
    std::pair<std::string_view, Owner>{"pause.delay", Owner::Start},
    std::pair<std::string_view, Owner>{"pause.quarantine", Owner::Finisher},
    std::pair<std::string_view, Owner>{"pause.keyed_digits", Owner::Calls},
    std::pair<std::string_view, Owner>{"dtmf", Owner::Calls},
    std::pair<std::string_view, Owner>{"recorder", Owner::Finisher},
    std::pair<std::string_view, Owner>{"recording", Owner::Finisher},
    std::pair<std::string_view, Owner>{"recording.hold", Owner::Calls},
    std::pair<std::string_view, Owner>{"recording.whisper", Owner::Calls},
    std::pair<std::string_view, Owner>{"recording.customer_view", Owner::Calls},
    std::pair<std::string_view, Owner>{"recording.record_unsignalled", Owner::Calls},
    std::pair<std::string_view, Owner>{"media", Owner::Finisher},
    std::pair<std::string_view, Owner>{"keys", Owner::Finisher},
    std::pair<std::string_view, Owner>{"serve", Owner::Others},
    std::pair<std::string_view, Owner>{"token", Owner::Others},
    std::pair<std::string_view, Owner>{"retention", Owner::Others},
};

Owner owner_of(std::string_view setting) {
  const auto find = [](std::string_view name) {
    return std::ranges::find(kOwners, name, &std::pair<std::string_view, Owner>::first);
  };
  auto found = find(setting);
  if (found == kOwners.end()) found = find(setting.substr(0, setting.find('.')));
  return found == kOwners.end() ? Owner::Start : found->second;
}

}  // namespace

Reload read_again(const ConfigTexts& before, const std::string& after, const std::filesystem::path& file) {
  Reload reload{.config = parse_config(after, file.string(), file.parent_path())};
  for (const std::string& setting : changed_settings(before.now, after)) {
    const Owner owner = owner_of(setting);
    if (owner == Owner::Calls || owner == Owner::Finisher) reload.taken.push_back(setting);
    if (owner == Owner::Others) reload.elsewhere.push_back(setting);
  }
  for (const std::string& setting : changed_settings(before.started, after)) {
    if (owner_of(setting) == Owner::Start) reload.restart.push_back(setting);
  }
  return reload;
}

std::string line_of(const Reload& reload) {
  std::string line = "configuration read again";
  const auto add = [&line](std::string_view what, const std::vector<std::string>& settings) {
    if (!settings.empty()) line += fmt::format("; {}: {}", what, fmt::join(settings, ", "));
  };
  add("from now on", reload.taken);
  add("only after a restart", reload.restart);
  add("for other commands", reload.elsewhere);
  return line;
}

}  // namespace tapestry::app
