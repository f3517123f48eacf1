#include "spool/segment.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace tapestry::spool {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error("spool: " + what + ": " + std::generic_category().message(error));
}

int open_unnamed(const std::filesystem::path& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  // Not every file system has O_TMPFILE.
  std::string name = (folder / "segment-XXXXXX").string();
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) fail("cannot make a segment in " + folder.string(), errno);
  (void)unlink(name.c_str());
  return named;
}

}  // namespace

Segment::Segment(const std::filesystem::path& folder) : file_(open_unnamed(folder)) {}

Segment::~Segment() {
  if (file_ >= 0) (void)close(file_);
}

Segment::Segment(Segment&& from) noexcept : file_(std::exchange(from.file_, -1)) {}

void Segment::write_at(std::uint64_t offset, Bytes bytes) const {
  while (!bytes.empty()) {
    const ssize_t done = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("cannot write a segment", done < 0 ? errno : ENOSPC);
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void Segment::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  while (!into.empty()) {
    const ssize_t done = pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("cannot read a segment", done < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(done);
    into = into.subspan(static_cast<std::size_t>(done));
  }
}

}  // namespace tapestry::spool
