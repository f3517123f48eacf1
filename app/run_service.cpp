#include "app/run_service.h"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "app/config_sections.h"

namespace tapestry::app {
namespace {

using service::Level;
using service::Privileges;

constexpr std::chrono::seconds kLook{1};  // between looks at what changes slowly

/// Calls what was there before, too.
template <typename Mine>
void append(std::function<void(RunView&)>& hook, Mine mine) {
  hook = [before = std::move(hook), mine = std::move(mine)](RunView& view) {
    if (before) before(view);
    mine(view);
  };
}

}  // namespace

RunService::RunService(std::filesystem::path file, const std::string& text, service::Journal& journal)
    : file_(std::move(file)), texts_{.started = text, .now = text}, journal_(journal) {}

void RunService::join(RunHooks& hooks) {
  hooks.store = &store_;
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
  std::string status = fmt::format("capturing; {} calls are open", view.work.pipeline.correlator().open_calls());
  if (status == status_) return;
  status_ = std::move(status);
  notice_.status(status_);
}

void RunService::reload(RunView& view) {
  notice_.reloading();
  try {
    std::string text = config_text(file_);
    const Reload again = read_again(texts_, text, file_);
    view.work.pipeline.replace_rules(again.config.rules);
    texts_.now = std::move(text);
    const bool all = again.restart.empty();
    journal_.add({all ? Level::Notice : Level::Warning, line_of(again)});
  } catch (const std::runtime_error& error) {
    journal_.add({Level::Error, fmt::format("the configuration is wrong, and the old one goes on: {}", error.what())});
  }
  notice_.ready();
}

}  // namespace tapestry::app
