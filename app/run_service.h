#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "app/reload.h"
#include "app/run.h"
#include "service/descriptor_store.h"
#include "service/journal.h"
#include "service/notice.h"
#include "service/privileges.h"

namespace tapestry::app {

/// `tapestry run` as a service: tells the service manager, has it keep packet rings, feeds its watchdog with turns of
/// the loop, reads the configuration again on SIGHUP, and gives up privileges once everything is open. The thread of
/// run().
class RunService {
 public:
  /// After privileges were given up an interface came back under its name, which takes them: the service is to be
  /// started again (EX_TEMPFAIL, sysexits.h).
  static constexpr int kRestartStatus = 75;

  /// `file`: the configuration's; `text`: what it held when it was read.
  RunService(std::filesystem::path file, const std::string& text, service::Journal& journal);

  /// Adds itself to hooks, and the store in which rings outlive the process; it must outlive them. First of all who do,
  /// so that threads that others start have no privileges.
  void join(RunHooks& hooks);

  /// What the process exits with when run() gave `status`.
  [[nodiscard]] int status_after(int status) const noexcept { return status == 0 && lost_ ? kRestartStatus : status; }

 private:
  using Clock = std::chrono::steady_clock;

  void turn(RunView& view);
  void reload(RunView& view);
  void look_after_privileges(const LiveCaptures& captures);
  void tell_status(RunView& view);

  std::filesystem::path file_;
  ConfigTexts texts_;
  service::Journal& journal_;
  service::Notice notice_;
  service::DescriptorStore store_;
  Clock::time_point looked_{};
  std::string status_;                             ///< as it was told last
  std::optional<service::Privileges> privileges_;  ///< none: still needed
  bool lost_ = false;  ///< an interface is to be opened, and there is no permission any more
};

}  // namespace tapestry::app
