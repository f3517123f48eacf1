#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/time.h"

namespace tapestry::app {

/// Files that are given away together: one tar file (POSIX pax), or a folder, and in it `SHA256SUMS`, as sha256sum
/// writes it. For its owner only. It appears whole or not at all, and never replaces anything. One thread. Throws
/// std::runtime_error when the disk fails; only bundle.cpp knows libarchive.
class Bundle {
 public:
  /// A tar file when the name ends in `.tar`. Throws ConfigError when there is something of that name.
  Bundle(std::filesystem::path place, Time now);
  ~Bundle();
  Bundle(const Bundle&) = delete;
  Bundle& operator=(const Bundle&) = delete;

  /// `name`: a relative path with `/`. Each comes once.
  void add_text(const std::string& name, std::string_view text);
  void add_file(const std::string& name, const std::filesystem::path& from);
  /// Adds the checksums, and gives the bundle its place. Once, at the end.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::app
