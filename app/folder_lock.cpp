#include "app/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace tapestry::app {
namespace {

/// The errno, or 0.
int lock(int folder, int how) {
  int done = -1;
  do {
    done = ::flock(folder, how);
  } while (done != 0 && errno == EINTR);
  return done == 0 ? 0 : errno;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, std::ostream& err)
    : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  int error = folder_ < 0 ? errno : lock(folder_, LOCK_EX | LOCK_NB);
  if (error == EWOULDBLOCK) {
    err << "tapestry: another deletion is at work in " << folder.string() << ": waiting for its end\n" << std::flush;
    error = lock(folder_, LOCK_EX);
  }
  if (error == 0) return;
  if (folder_ >= 0) (void)::close(folder_);
  throw std::runtime_error(fmt::format("cannot lock {}: {}", folder.string(), std::generic_category().message(error)));
}

FolderLock::~FolderLock() { (void)::close(folder_); }

}  // namespace tapestry::app
