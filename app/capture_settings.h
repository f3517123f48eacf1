#pragma once
#include <vector>

#include "capture/live_options.h"

namespace tapestry::app {

/// All [[capture]] tables, by kind. Folders stand alone: their packets are older than those of the others.
struct CaptureSettings {
  std::vector<capture::InterfaceOptions> interfaces;
  std::vector<capture::FolderOptions> folders;
  std::vector<capture::HepOptions> hep;
  std::vector<int> cpus;  ///< that the capturing thread may run on; empty: any

  [[nodiscard]] bool empty() const noexcept { return interfaces.empty() && folders.empty() && hep.empty(); }
};

}  // namespace tapestry::app
