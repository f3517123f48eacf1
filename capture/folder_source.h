#pragma once
#include <filesystem>
#include <memory>

#include "capture/live_options.h"
#include "capture/live_source.h"

namespace tapestry::capture {

/// Capture files that somebody else writes into a folder, one after the other: each is read once it is complete, in the
/// order of their first packets. Complete is what its writer closed or moved there, what did not change for
/// FolderOptions::settled, and what did not change for kOvertaken while a newer file is there. What was read is kept in
/// a file, so that nothing is read twice after a restart. Damaged files are told of, and read as far as they go. One
/// thread. Linux only.
class FolderSource final : public LiveSource, public LiveLane {
 public:
  static constexpr std::chrono::seconds kOvertaken{5};

  /// `taken` is the file that says what was read; it is made when it is absent. Throws std::runtime_error when it
  /// cannot be read, or when the folder cannot be watched.
  FolderSource(FolderOptions options, std::filesystem::path taken);
  ~FolderSource() override;
  FolderSource(const FolderSource&) = delete;
  FolderSource& operator=(const FolderSource&) = delete;

  [[nodiscard]] const std::string& name() const noexcept override;
  [[nodiscard]] std::vector<LiveLane*> lanes() override { return {this}; }
  [[nodiscard]] std::vector<int> descriptors() const override;
  bool next(Frame& frame) override;
  [[nodiscard]] bool goes_on() const noexcept override { return true; }
  void look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) override;
  [[nodiscard]] Counters counters() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::capture
