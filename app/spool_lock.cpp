#include "app/spool_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "spool/master_key.h"
#include "spool/token_key.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMasterKey = "spool.key";
constexpr const char* kWrappedKey = "master-key";
constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kLook{50};

/// The errno, or 0. Who was killed may have left a child that has not executed its own program yet, and has the lock
/// until then.
int lock(int file) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error != EWOULDBLOCK || std::chrono::steady_clock::now() >= until) return error;
    std::this_thread::sleep_for(kLook);
  }
  return 0;
}

void make_private_folder(const fs::path& folder) {
  if (fs::exists(folder)) return;
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
}

}  // namespace

SpoolLock::SpoolLock(const fs::path& folder, const std::string& file, const std::string& who) {
  make_private_folder(folder);
  const fs::path path = folder / file;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  const int error = file_ < 0 ? errno : lock(file_);
  if (error == 0) return;
  if (file_ >= 0) (void)::close(file_);
  if (error == EWOULDBLOCK) {
    throw std::runtime_error(fmt::format("another {} works on the spool {}", who, folder.string()));
  }
  throw std::runtime_error(fmt::format("cannot lock {}: {}", path.string(), std::generic_category().message(error)));
}

SpoolLock::~SpoolLock() { (void)::close(file_); }

Secret open_master_key(const SpoolSettings& settings, const fs::path& out) {
  if (settings.master_key.starts_with(spool::kTokenScheme)) {
    const fs::path folder = spool_folder(settings, out);
    make_private_folder(folder);
    return spool::open_token_key(settings.master_key, folder / kWrappedKey);
  }
  if (!settings.master_key.empty()) return spool::load_master_key(settings.master_key);
  fs::create_directories(out / "keys");
  bool made = false;
  return spool::load_or_make_master_key(out / "keys" / kMasterKey, made);
}

}  // namespace tapestry::app
