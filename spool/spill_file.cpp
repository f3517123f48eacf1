#include "spool/spill_file.h"

#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "spool/unnamed_file.h"

namespace tapestry::spool {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error("spool: " + what + ": " + std::generic_category().message(error));
}

}  // namespace

SpillFile::SpillFile(std::filesystem::path folder, std::uint64_t slot_bytes)
    : folder_(std::move(folder)), slot_bytes_(slot_bytes) {}

SpillFile::~SpillFile() {
  if (file_ >= 0) (void)close(file_);
}

std::uint64_t SpillFile::round_up(std::uint64_t bytes) const noexcept {
  return (bytes + slot_bytes_ - 1) / slot_bytes_ * slot_bytes_;
}

void SpillFile::rewrite(std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t done = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("cannot write", done < 0 ? errno : ENOSPC);
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

std::uint64_t SpillFile::add(Bytes bytes) {
  if (file_ < 0) file_ = open_unnamed(folder_);
  const bool reuse = bytes.size() <= slot_bytes_ && !free_.empty();
  const std::uint64_t offset = reuse ? *free_.begin() : end_;
  rewrite(offset, bytes);
  if (reuse) {
    free_.erase(free_.begin());
  } else {
    end_ = round_up(offset + bytes.size());
  }
  return offset;
}

void SpillFile::free(std::uint64_t offset, std::uint64_t bytes) {
  for (std::uint64_t at = offset; at < offset + bytes; at += slot_bytes_) free_.insert(at);
  const std::uint64_t before = end_;
  while (!free_.empty() && *free_.rbegin() + slot_bytes_ == end_) {
    end_ = *free_.rbegin();
    free_.erase(std::prev(free_.end()));
  }
  // Only space is lost when it fails, and the slots are free all the same.
  if (end_ != before) (void)!ftruncate(file_, static_cast<off_t>(end_));
}

void SpillFile::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
  while (!into.empty()) {
    const ssize_t done = pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("cannot read", done < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(done);
    into = into.subspan(static_cast<std::size_t>(done));
  }
}

}  // namespace tapestry::spool
