#include "app/run_service.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "app/config_sections.h"

namespace tapestry::app {
namespace {

using service::Level;
using service::Privileges;

constexpr std::chrono::seconds kLook{1};  // between looks at what changes slowly
/// What Correlator::replace_rules takes.
constexpr std::array<std::string_view, 2> kTaken{"party", "map"};

/// Calls what was there before, too.
template <typename Mine>
void append(std::function<void(RunView&)>& hook, Mine mine) {
  hook = [before = std::move(hook), mine = std::move(mine)](RunView& view) {
    if (before) before(view);
    mine(view);
  };
}

}  // namespace

Reload read_again(const std::string& before, const std::string& after, const std::filesystem::path& file) {
  Reload reload{.config = parse_config(after, file.string(), file.parent_path())};
  for (std::string& section : changed_sections(before, after)) {
    const bool taken = std::ranges::find(kTaken, section) != kTaken.end();
    (taken ? reload.taken : reload.restart).push_back(std::move(section));
  }
  return reload;
}

RunService::RunService(std::filesystem::path file, std::string text, service::Journal& journal)
    : file_(std::move(file)), text_(std::move(text)), journal_(journal) {}

void RunService::join(RunHooks& hooks) {
  append(hooks.ready, [this](RunView& view) {
    look_after_privileges(view.captures);
    notice_.ready();
    tell_status(view);
  });
  append(hooks.turn, [this](RunView& view) { turn(view); });
  append(hooks.reload, [this](RunView& view) { reload(view); });
  append(hooks.stopping, [this](RunView&) {
    notice_.stopping();
    notice_.status("finishing what is open");
  });
}

void RunService::turn(RunView& view) {
  const Clock::time_point now = Clock::now();
  notice_.progress(now);
  if (now - looked_ < kLook) return;
  looked_ = now;
  look_after_privileges(view.captures);
  tell_status(view);
}

void RunService::look_after_privileges(const LiveCaptures& captures) {
  if (lost_) return;
  if (!privileges_ && !captures.need_privileges()) {
    privileges_ = service::drop_privileges();
    if (*privileges_ == Privileges::Root) journal_.add({Level::Notice, "running as root: privileges are kept"});
    if (*privileges_ == Privileges::Failed) journal_.add({Level::Warning, "privileges could not be given up"});
  }
  if (privileges_ == Privileges::Dropped && captures.are_denied()) {
    journal_.add({Level::Warning,
                  "an interface came back, and opening it needs privileges that were given up: the "
                  "service ends, to be started again"});
    lost_ = true;
    (void)std::raise(SIGTERM);
  }
}

void RunService::tell_status(RunView& view) {
  std::string status =
      fmt::format("capturing; {} conversations are being finished", view.work.pool.backlog().conversations);
  if (status == status_) return;
  status_ = std::move(status);
  notice_.status(status_);
}

void RunService::reload(RunView& view) {
  notice_.reloading();
  try {
    std::string text = config_text(file_);
    const Reload again = read_again(text_, text, file_);
    view.work.pipeline.correlator().replace_rules(again.config.rules.parties, again.config.rules.fields);
    text_ = std::move(text);
    std::string line = "configuration read again";
    if (!again.taken.empty()) line += fmt::format("; from now on: {}", fmt::join(again.taken, ", "));
    if (!again.restart.empty()) line += fmt::format("; only after a restart: {}", fmt::join(again.restart, ", "));
    journal_.add({again.restart.empty() ? Level::Notice : Level::Warning, std::move(line)});
  } catch (const std::runtime_error& error) {
    journal_.add({Level::Error, fmt::format("the configuration is wrong, and the old one goes on: {}", error.what())});
  }
  notice_.ready();
}

}  // namespace tapestry::app
