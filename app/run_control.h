#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "app/control_server.h"
#include "app/intake_meter.h"
#include "app/run.h"

namespace tapestry::app {

/// Carries out what a control socket asks of what records. On the thread that adds frames.
class ControlDesk {
 public:
  /// `out`: the output folder, whose disk is told about.
  ControlDesk(std::string version, std::filesystem::path out, Time started)
      : version_(std::move(version)), out_(std::move(out)), started_(started) {}

  /// What came in so far; `captured`: Counters of the captures, may be empty; `storage` is asked for a status.
  [[nodiscard]] ControlAnswer carry_out(const ControlRequest& request, Pipeline& pipeline, const Counters& captured,
                                        const std::function<StorageStatus()>& storage);
  /// From time to time: for rates.
  void note(const Pipeline& pipeline);

 private:
  [[nodiscard]] ServiceStatus status_of(Pipeline& pipeline, const Counters& captured, StorageStatus storage) const;

  std::string version_;
  std::filesystem::path out_;
  Time started_;
  IntakeMeter meter_;
};

/// The control socket of `tapestry run`.
class RunControl {
 public:
  RunControl(const RunSettings& settings, std::string version, std::ostream& err);

  /// Adds itself to hooks; it must outlive them. It listens from RunHooks::ready on. A socket that the configuration
  /// names and that cannot be made throws std::runtime_error there; without the usual one the service goes on, and says
  /// so on `err`.
  void join(RunHooks& hooks);

 private:
  void listen(RunView& view);
  void turn(RunView& view);

  std::filesystem::path socket_;  ///< empty: the usual one
  std::ostream& err_;
  ControlDesk desk_;
  ControlQueue queue_;
  std::optional<ControlServer> server_;
};

}  // namespace tapestry::app
