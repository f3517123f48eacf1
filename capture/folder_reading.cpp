#include "capture/folder_reading.h"

#include <fmt/format.h>

#include <utility>

namespace tapestry::capture {

FolderReading::FolderReading(std::filesystem::path path, ReadFile file, FolderProgress before)
    : path_(std::move(path)),
      file_(std::move(file)),
      progress_(std::move(before)),
      to_pass_(progress_.given().frames) {}

FolderReading::Step FolderReading::next(Frame& frame, Time limit) {
  if (!source_) open();
  if (passed_ < to_pass_) {
    const Step step = pass_over(frame);
    if (step != Step::Given) return step;
  }
  if (behind_) {
    frame = *behind_;
    behind_.reset();
  } else if (!source_->next(frame)) {
    return Step::Ended;
  }
  if (frame.time > limit) {
    behind_ = frame;
    return Step::Later;
  }
  if (progress_.given().frames == 0) file_.first = frame.time;
  progress_.add(frame.time);
  return Step::Given;
}

std::string FolderReading::fault() const {
  const auto& damage = source_->info().damage;
  if (!damage) return {};
  return fmt::format("damaged at byte {}: {}; everything before it was used", damage->offset, damage->what);
}

void FolderReading::open() {
  source_ = open_in_folder(path_);
  passed_ = 0;
}

/// Given when all of it was passed over.
FolderReading::Step FolderReading::pass_over(Frame& frame) {
  for (std::size_t n = 0; passed_ < to_pass_; ++n) {
    if (n == kPassedAtOnce) return Step::Later;
    if (source_->next(frame) && is_the_same(frame.time)) continue;
    progress_ = {};
    to_pass_ = 0;
    open();
  }
  return Step::Given;
}

bool FolderReading::is_the_same(Time time) noexcept {
  ++passed_;
  if (passed_ == 1 && time != file_.first) return false;
  return passed_ < to_pass_ || time == progress_.given().last;
}

ReadFile FolderReading::as_of(const Reached& reached) const {
  ReadFile file = file_;
  file.frames = reached.frames;
  file.last = reached.last;
  return file;
}

}  // namespace tapestry::capture
