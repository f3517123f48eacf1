#include "app/run_control.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "app/text.h"
#include "service/privileges.h"

namespace tapestry::app {
namespace {

Time wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// Counters of captures that are packets lost, and who lost them.
constexpr std::array kLosers{std::pair<std::string_view, std::string_view>{"live.ring_drops", "kernel"},
                             std::pair<std::string_view, std::string_view>{"live.nic_missed", "nic"},
                             std::pair<std::string_view, std::string_view>{"live.hep_drops", "socket"}};

Intake intake_of(const Pipeline& pipeline) {
  return {.packets = pipeline.frames(), .bytes = pipeline.frame_bytes(), .sip_messages = pipeline.sip_messages()};
}

std::uint64_t value_of(const Counters& counters, std::string_view name) {
  const auto found = std::ranges::find(counters, name, &Counter::name);
  return found == counters.end() ? 0 : found->value;
}

std::vector<Drops> drops_of(const Counters& captured) {
  std::vector<Drops> drops;
  for (const auto& [counter, place] : kLosers) drops.push_back({std::string(place), value_of(captured, counter)});
  return drops;
}

void add_disk(const std::filesystem::path& out, ServiceStatus& status) {
  struct statvfs disk{};
  if (::statvfs(out.c_str(), &disk) != 0) return;
  status.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  status.disk_bytes = std::uint64_t{disk.f_blocks} * disk.f_frsize;
}

template <class... Each>
struct Overloaded : Each... {
  using Each::operator()...;
};

}  // namespace

ControlAnswer ControlDesk::carry_out(const ControlRequest& request, Pipeline& pipeline, const Counters& captured,
                                     const std::function<StorageStatus()>& storage) {
  return std::visit(
      Overloaded{[&](const calls::PauseCommand& command) -> ControlAnswer { return pipeline.command(command); },
                 [&](const calls::LiveQuery& query) -> ControlAnswer { return pipeline.correlator().live(query); },
                 [&](const StatusRequest&) -> ControlAnswer { return status_of(pipeline, captured, storage()); }},
      request);
}

void ControlDesk::note(const Pipeline& pipeline) { meter_.note(intake_of(pipeline), IntakeMeter::Clock::now()); }

ServiceStatus ControlDesk::status_of(Pipeline& pipeline, const Counters& captured, StorageStatus storage) const {
  ServiceStatus status;
  const Time now = wall_clock();
  status.version = version_;
  status.started = started_;
  status.uptime = to_seconds(std::max(Duration{}, now - started_));
  status.intake = intake_of(pipeline);
  status.rate = meter_.rate();
  status.drops = drops_of(captured);
  if (status.intake.packets != 0) status.lag = to_seconds(now - pipeline.now());
  status.flows = pipeline.flows();
  status.live = pipeline.correlator().live_counts();
  add_disk(out_, status);
  status.counters = pipeline.counters();
  for (const Counters& more : {captured, storage.counters}) {
    status.counters.insert(status.counters.end(), more.begin(), more.end());
  }
  status.storage = std::move(storage);
  return status;
}

RunControl::RunControl(const RunSettings& settings, std::string version, std::ostream& err)
    : socket_(settings.config.control.socket), err_(err), desk_(std::move(version), settings.out, wall_clock()) {}

void RunControl::listen(RunView& view) {
  try {
    service::without_privileges([&] {
      server_.emplace(socket_.empty() ? std::filesystem::path(kControlSocket) : socket_, queue_,
                      [&store = view.work.store] { return store.make_safe(ControlSite::kPatience); });
    });
  } catch (const std::runtime_error& error) {
    if (!socket_.empty()) throw;
    err_ << fmt::format("tapestry: no control socket: {}\n", printable(error.what())) << std::flush;
  }
}

void RunControl::join(RunHooks& hooks) {
  hooks.ready = [this, before = std::move(hooks.ready)](RunView& view) {
    listen(view);
    if (before) before(view);
  };
  hooks.turn = [this, before = std::move(hooks.turn)](RunView& view) {
    if (before) before(view);
    turn(view);
  };
  hooks.stopping = [this, before = std::move(hooks.stopping)](RunView& view) {
    queue_.close();
    server_.reset();
    if (before) before(view);
  };
}

void RunControl::turn(RunView& view) {
  desk_.note(view.work.pipeline);
  queue_.serve([&](const ControlRequest& request) {
    return desk_.carry_out(request, view.work.pipeline, view.captures.counters(),
                           [&view] { return view.work.storage(); });
  });
}

}  // namespace tapestry::app
