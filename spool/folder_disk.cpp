#include "spool/folder_disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace tapestry::spool {
namespace {

Io<void> done_or_error(int result) {
  if (result != 0) return std::unexpected(errno);
  return {};
}

Io<std::size_t> bytes_or_error(ssize_t result) {
  if (result < 0) return std::unexpected(errno);
  return static_cast<std::size_t>(result);
}

}  // namespace

FolderDisk::FolderDisk(std::filesystem::path folder) : path_(std::move(folder)) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(path_, error);
  folder_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_ < 0) {
    throw std::runtime_error("spool: cannot open " + path_.string() + ": " + std::generic_category().message(errno));
  }
  if (made) (void)fchmod(folder_, S_IRWXU);
}

FolderDisk::~FolderDisk() { (void)::close(folder_); }

Io<std::vector<std::string>> FolderDisk::list() {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return std::unexpected(error.value());
  return names;
}

Io<Disk::Handle> FolderDisk::open(const std::string& name, bool create) {
  const int file = openat(folder_, name.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
  if (file < 0) return std::unexpected(errno);
  return file;
}

void FolderDisk::close(Handle file) { (void)::close(file); }

Io<std::size_t> FolderDisk::write(Handle file, std::uint64_t offset, Bytes bytes) {
  ssize_t done = -1;
  do {
    done = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  } while (done < 0 && errno == EINTR);
  return bytes_or_error(done);
}

Io<std::size_t> FolderDisk::write_blocks(Handle file, std::uint64_t offset, Bytes bytes) {
  const int flags = fcntl(file, F_GETFL);
  // Where the file system has no such thing, or wants other blocks, they go the usual way.
  if (flags < 0 || fcntl(file, F_SETFL, flags | O_DIRECT) != 0) return write(file, offset, bytes);
  const auto done = write(file, offset, bytes);
  if (fcntl(file, F_SETFL, flags) != 0) return std::unexpected(errno);
  if (!done && done.error() == EINVAL) return write(file, offset, bytes);
  return done;
}

Io<std::size_t> FolderDisk::read(Handle file, std::uint64_t offset, std::span<std::uint8_t> into) {
  ssize_t done = -1;
  do {
    done = pread(file, into.data(), into.size(), static_cast<off_t>(offset));
  } while (done < 0 && errno == EINTR);
  return bytes_or_error(done);
}

Io<std::uint64_t> FolderDisk::size(Handle file) {
  struct stat found{};
  if (fstat(file, &found) != 0) return std::unexpected(errno);
  return static_cast<std::uint64_t>(found.st_size);
}

Io<void> FolderDisk::truncate(Handle file, std::uint64_t size) {
  return done_or_error(ftruncate(file, static_cast<off_t>(size)));
}

Io<void> FolderDisk::sync(Handle file) { return done_or_error(fdatasync(file)); }

Io<void> FolderDisk::sync_names() { return done_or_error(fsync(folder_)); }

Io<void> FolderDisk::remove(const std::string& name) { return done_or_error(unlinkat(folder_, name.c_str(), 0)); }

Io<bool> FolderDisk::lock(Handle file, bool wait) {
  int done = -1;
  do {
    done = flock(file, LOCK_EX | (wait ? 0 : LOCK_NB));
  } while (done != 0 && errno == EINTR);
  if (done != 0 && errno == EWOULDBLOCK) return false;
  if (done != 0) return std::unexpected(errno);
  return true;
}

void FolderDisk::unlock(Handle file) { (void)flock(file, LOCK_UN); }

Io<Disk::Space> FolderDisk::space() {
  struct statvfs found{};
  if (fstatvfs(folder_, &found) != 0) return std::unexpected(errno);
  // What only the system's administrator may use is not free.
  const std::uint64_t used = found.f_blocks - found.f_bfree;
  return Space{(used + found.f_bavail) * found.f_frsize, std::uint64_t{found.f_bavail} * found.f_frsize};
}

}  // namespace tapestry::spool
