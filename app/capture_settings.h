#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "capture/interface_source.h"

namespace tapestry::app {

/// All [[capture]] tables, by kind.
struct CaptureSettings {
  std::vector<capture::InterfaceOptions> interfaces;
  std::vector<int> cpus;  ///< that the capturing thread may run on; empty: any

  [[nodiscard]] bool empty() const noexcept { return interfaces.empty(); }
};

}  // namespace tapestry::app
