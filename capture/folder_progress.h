#pragma once
#include <cstdint>
#include <deque>

#include "core/time.h"

namespace tapestry::capture {

/// So many frames of a file, from its first one on.
struct Reached {
  std::uint64_t frames = 0;
  Time last{};  ///< of the last one of them
};

/// How many frames of a file were given, and how many of them are safe: a process that goes on after this one was
/// killed needs not read them again. One thread.
class FolderProgress {
 public:
  /// Frames become safe in steps of so much packet time, ...
  static constexpr Duration kStep = std::chrono::seconds(1);
  /// ... in greater ones when so many steps are not safe.
  static constexpr std::size_t kMostMarks = 1000;

  FolderProgress() = default;
  /// So many were given before, and are safe.
  explicit FolderProgress(const Reached& before) noexcept : given_(before), safe_(before) {}

  /// The next frame was given.
  void add(Time time) {
    ++given_.frames;
    given_.last = time;
    if (time > newest_) newest_ = time;
    if (newest_ >= marked_ + kStep) mark();
  }
  /// What came at or before `safe` is safe. True when there are more safe frames than before.
  bool release(Time safe);

  [[nodiscard]] const Reached& given() const noexcept { return given_; }
  [[nodiscard]] const Reached& safe() const noexcept { return safe_; }
  [[nodiscard]] bool is_all_safe() const noexcept { return safe_.frames == given_.frames; }

 private:
  struct Mark {
    Reached reached;
    Time newest;  ///< of all these frames
  };
  void mark();

  Reached given_;
  Reached safe_;
  Time newest_ = Time::min();
  Time marked_ = Time::min();
  std::deque<Mark> marks_;  ///< of what is not safe, in order
};

}  // namespace tapestry::capture
