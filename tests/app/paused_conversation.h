#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/finisher.h"
#include "spool/spool.h"
#include "tests/app/temporary_folder.h"

namespace tapestry::testing {

/// A conversation of 10 s from 2026-11-20T08:00:00Z whose media is in a spool: both sides send a tone throughout, and
/// nothing is paused yet.
class PausedConversation {
 public:
  PausedConversation();

  /// Nothing is to be kept of that time, in seconds from the start.
  void pause(double from, double to, const std::string& rule = "record-header");
  /// app::finish() into out(), as WAV.
  app::Finished finish(bool cut = false, bool quarantine = false, bool beep = false);
  /// The faults of the last finish()'s vCon, with its media.
  [[nodiscard]] std::vector<std::string> faults() const;
  /// What ../shared/tools/vcon_check.py prints about it; empty when it or what it needs is not here.
  [[nodiscard]] std::string independent_check() const;
  /// The last finish()'s vCon.
  [[nodiscard]] nlohmann::json vcon() const;
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }
  [[nodiscard]] std::filesystem::path vcon_path() const { return out() / vcon_; }

  calls::Interaction interaction;

 private:
  void talk(std::uint64_t track, double hertz);

  TemporaryFolder folder_;
  spool::Spool spool_;
  vconout::KeyFiles keys_;
  vconout::Signer signer_;
  std::string vcon_;
};

/// The JSON report's conversation.
nlohmann::json json_of(const app::Finished& finished);
/// The largest absolute sample of a 16-bit WAV from `from` to `to` seconds; both channels.
int peak(const std::filesystem::path& wav, double from, double to);

}  // namespace tapestry::testing
