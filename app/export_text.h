#pragma once
#include <string>
#include <vector>

#include "core/time.h"

namespace tapestry::app {

/// A signed file of a bundle.
struct ExportedFile {
  std::string uuid;
  std::string path;
};

/// What a bundle's README.txt tells of it.
struct ExportedText {
  std::vector<ExportedFile> vcons;
  std::vector<ExportedFile> tombstones;
  std::vector<std::string> quarantined;  ///< media that was in quarantine
  std::vector<std::string> left_out;     ///< media that is, and is not in the bundle
};

/// What is there, and how to verify it with openssl and coreutils alone, and with `tapestry verify`.
std::string readme_of(const ExportedText& text, Time now);

}  // namespace tapestry::app
