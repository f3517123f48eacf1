#include "capture/folder_watch.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kComplete = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kEvents = kComplete | IN_CREATE;

}  // namespace

FolderWatch::FolderWatch(fs::path folder, std::string pattern, std::size_t most)
    : folder_(std::move(folder)),
      pattern_(std::move(pattern)),
      most_(most),
      fd_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (fd_) watch_ = ::inotify_add_watch(fd_.get(), folder_.c_str(), kEvents);
  if (watch_ >= 0) return;
  const std::string why = std::generic_category().message(errno);
  throw std::runtime_error(fmt::format("cannot watch {}: {}", folder_.string(), why));
}

bool FolderWatch::read_events() {
  bool any = false;
  alignas(inotify_event) std::array<char, 16'384> buffer{};
  ssize_t count = 0;
  while ((count = ::read(fd_.get(), buffer.data(), buffer.size())) > 0) {
    any = true;
    std::size_t at = 0;
    while (at + sizeof(inotify_event) <= static_cast<std::size_t>(count)) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      const std::string file(name, ::strnlen(name, event.len));
      if ((event.mask & kComplete) != 0 && closed_.size() < most_ && is_wanted(file)) closed_.insert(file);
      at += sizeof event + event.len;
    }
  }
  return any;
}

void FolderWatch::renew() noexcept {
  const int watch = ::inotify_add_watch(fd_.get(), folder_.c_str(), kEvents);
  if (watch < 0 || watch == watch_) return;
  (void)::inotify_rm_watch(fd_.get(), watch_);
  watch_ = watch;
}

FolderWatch::Listing FolderWatch::list() {
  Listing listing;
  const fs::directory_iterator end;
  for (fs::directory_iterator entry(folder_, listing.error); !listing.error && entry != end;
       entry.increment(listing.error)) {
    const std::string file = entry->path().filename();
    if (!is_wanted(file)) continue;
    if (listing.files.size() == most_) {
      listing.cut = true;
      break;
    }
    const auto state = state_of(entry->path());
    if (!state) continue;
    listing.files.emplace(file, *state);
    listing.newest = std::max(listing.newest, state->changed);
  }
  if (!listing.error && !listing.cut) {
    std::erase_if(closed_, [&listing](const std::string& file) { return !listing.files.contains(file); });
  }
  return listing;
}

std::string FolderWatch::Listing::fault() const {
  if (error) return fmt::format("cannot be read: {}; it is tried again", error.message());
  return cut ? fmt::format("has more than {} files: some must wait", files.size()) : "";
}

bool FolderWatch::is_wanted(const std::string& file) const {
  return !file.empty() && file.find('\n') == std::string::npos &&
         ::fnmatch(pattern_.c_str(), file.c_str(), FNM_PERIOD) == 0;
}

}  // namespace tapestry::capture
