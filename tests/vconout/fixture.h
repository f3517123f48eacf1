#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "vconout/vcon.h"

namespace tapestry::vconout::test {

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

Time at(std::string_view rfc3339);
std::string slurp(const std::filesystem::path& path);
void spill(const std::filesystem::path& path, std::string_view text);

constexpr std::string_view kUuid = "019f15a6-a752-826f-bb82-041452eb905f";

/// Options with a fixed clock.
Options options();

/// A conversation with its outcome, ready for build_vcon().
struct Scene {
  calls::Interaction interaction;
  std::vector<FinishedDialog> dialogs;
  [[nodiscard]] std::string build() const;
};

/// Customer 0 and agent 1 talk for 4 s from 2026-11-20T08:00:00Z: hold from 1 s to 2 s, pci gap from 2.5 s to 3.5 s.
Scene recorded_scene();
/// A pause from `from` to `to`, asked for and ended by INFOs of the agent.
calls::Pause pause(Time from, Time to);
/// The recorded scene, whose pci gap tells of its pause, which is the interaction's, too.
Scene paused_scene();
/// The paused scene, cut at its pause: segments from 0 s to 2.5 s and from 3.5 s to 4 s, the pause's shell between
/// them, and a text behind the recording.
Scene cut_scene();
/// Customer 0 calls agent 1, who is busy.
Scene busy_scene();

/// The vCon's first attachment of that purpose; null when there is none.
nlohmann::json attachment(const nlohmann::json& vcon, const std::string& purpose);

/// A file of the scene's first dialog: a stereo WAV of 8 kHz with a tone, digital silence inside the gaps.
std::string wav_of(const Scene& scene, std::size_t file = 0);

}  // namespace tapestry::vconout::test
