#pragma once
#include <filesystem>
#include <memory>

#include "capture/live_options.h"
#include "capture/live_source.h"

namespace tapestry::capture {

/// Capture files that somebody else writes into a folder, one after the other: each is read once it is complete, in the
/// order of their first packets. Complete is what its writer closed or moved there, what did not change for
/// FolderOptions::settled, and what did not change for kOvertaken while a newer file is there. Of a file that grows
/// after that only what is new is given. Damaged files are told of, and read as far as they go; those that the system
/// does not let be read are tried again later. One thread. Linux only.
///
/// What was read and released is kept in a file, so that nothing is read twice after a restart. A file counts as read,
/// and may be deleted, when all its frames are released; before that it is gone on with behind those that are.
class FolderSource final : public LiveSource, public LiveLane {
 public:
  static constexpr std::chrono::seconds kOvertaken{5};
  /// A file that nobody was seen to close is deleted when it did not change for so long (or FolderOptions::settled).
  static constexpr std::chrono::hours kAbandoned{1};
  /// So many files wait for their release; beyond that the oldest one counts as read.
  static constexpr std::size_t kMostUnsafe = 1000;

  /// Frames of so much packet time are given at once; the next ones when what is safe was kept. So what is read again
  /// after a kill is not longer ago than what of it is recognised (rtp::FlowTable::kReadAgain).
  static constexpr std::chrono::seconds kReadAhead{60};

  /// `taken` is the file that says what was read (FolderList); it is made when it is absent. Throws std::runtime_error
  /// when it cannot be read, or when the folder cannot be watched.
  FolderSource(FolderOptions options, std::filesystem::path taken);
  ~FolderSource() override;
  FolderSource(const FolderSource&) = delete;
  FolderSource& operator=(const FolderSource&) = delete;

  [[nodiscard]] const std::string& name() const noexcept override;
  [[nodiscard]] std::vector<LiveLane*> lanes() override { return {this}; }
  [[nodiscard]] std::vector<int> descriptors() const override;
  bool next(Frame& frame) override;
  /// Keeps what is safe now: files that are safe as a whole, and once between two calls of look() what is of others.
  void release(Time safe) override;
  [[nodiscard]] bool goes_on() const noexcept override { return true; }
  /// `now` is the wall clock's.
  void look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) override;
  [[nodiscard]] Counters counters() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::capture
