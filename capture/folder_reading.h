#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "capture/folder_list.h"
#include "capture/folder_progress.h"
#include "capture/source.h"

namespace tapestry::capture {

/// A file of a folder that is being read, from behind what it gave before. One thread.
class FolderReading {
 public:
  /// Frames that were given before are passed over, so many in one call.
  static constexpr std::size_t kPassedAtOnce = 200'000;

  enum class Step {
    Given,
    Later,  ///< there is none yet: it is behind the limit, or more must be passed over
    Ended,
  };

  /// `file` says what the file is now, and of what it gave only the time of the first frame; `before` the rest.
  FolderReading(std::filesystem::path path, ReadFile file, FolderProgress before);

  /// The next frame, valid until the next call, when it came at or before `limit`. What does not begin with that which
  /// was given is another file, and read from its beginning. Throws ReadFailure, and std::runtime_error when the file
  /// is no capture.
  Step next(Frame& frame, Time limit);
  /// Once it Ended: what of it is damaged, a sentence; empty when nothing is.
  [[nodiscard]] std::string fault() const;
  /// No frame is asked for any more.
  void close() noexcept {
    behind_.reset();
    source_.reset();
  }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const ReadFile& file() const noexcept { return file_; }
  [[nodiscard]] const FolderProgress& progress() const noexcept { return progress_; }
  /// FolderProgress::release.
  bool release(Time safe) { return progress_.release(safe); }
  /// The file, with what of it was given, or is safe.
  [[nodiscard]] ReadFile as_given() const { return as_of(progress_.given()); }
  [[nodiscard]] ReadFile as_safe() const { return as_of(progress_.safe()); }

 private:
  void open();
  Step pass_over(Frame& frame);
  [[nodiscard]] bool is_the_same(Time time) noexcept;
  [[nodiscard]] ReadFile as_of(const Reached& reached) const;

  std::filesystem::path path_;
  ReadFile file_;
  FolderProgress progress_;
  std::uint64_t to_pass_;  ///< frames that were given before
  std::uint64_t passed_ = 0;
  std::unique_ptr<Source> source_;
  std::optional<Frame> behind_;  ///< the next one, behind the limit
};

}  // namespace tapestry::capture
