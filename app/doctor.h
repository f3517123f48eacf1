#pragma once
#include <chrono>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "app/config.h"
#include "doctor/finding.h"

namespace tapestry::app {

struct DoctorSettings {
  Config config{};
  std::filesystem::path out = "tapestry-out";
  std::vector<std::string> interfaces{};  ///< none: those of the configuration
  std::string capture{};                  ///< a file whose traffic is looked at instead of an interface's; may be empty
  std::chrono::seconds seconds{10};       ///< of traffic from each interface; 0: none is looked at
  bool json = false;
  std::filesystem::path proc = "/proc";
  std::filesystem::path sys = "/sys";
};

/// All checks, in order.
[[nodiscard]] doctor::Findings examine(const DoctorSettings& settings);

/// `tapestry doctor`: a line per check, with what mends it, or one JSON document. 0; 1 when a check failed.
int doctor(const DoctorSettings& settings, std::ostream& out);

}  // namespace tapestry::app
