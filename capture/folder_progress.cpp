#include "capture/folder_progress.h"

namespace tapestry::capture {

bool FolderProgress::release(Time safe) {
  const std::uint64_t before = safe_.frames;
  if (given_.frames > (marks_.empty() ? safe_ : marks_.back().reached).frames) mark();
  while (!marks_.empty() && marks_.front().newest <= safe) {
    safe_ = marks_.front().reached;
    marks_.pop_front();
  }
  return safe_.frames > before;
}

void FolderProgress::mark() {
  marked_ = newest_;
  if (marks_.size() == kMostMarks) marks_.pop_back();
  marks_.push_back({given_, newest_});
}

}  // namespace tapestry::capture
