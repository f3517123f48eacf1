#include "spool/spill_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "spool/cipher.h"
#include "spool/unnamed_file.h"

namespace tapestry::spool {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error("spool: " + what + ": " + std::generic_category().message(error));
}

std::uint64_t whole(std::uint64_t bytes, std::uint64_t unit) noexcept { return (bytes + unit - 1) / unit * unit; }

}  // namespace

/// The sectors that some bytes are in, as they are in clear.
struct SpillFile::Sectors {
  std::uint64_t offset = 0;
  std::size_t before = 0;  ///< of them, in front of the bytes
  std::vector<std::uint8_t> clear{};

  Sectors(std::uint64_t at, std::uint64_t bytes)
      : offset(at / kSectorBytes * kSectorBytes), before(at - offset), clear(whole(before + bytes, kSectorBytes)) {}
  ~Sectors() { wipe(clear); }
  Sectors(const Sectors&) = delete;
  Sectors& operator=(const Sectors&) = delete;
};

SpillFile::SpillFile(std::filesystem::path folder, std::uint64_t slot_bytes, const Secret& key)
    : folder_(std::move(folder)),
      slot_bytes_(whole(slot_bytes, kSectorBytes)),
      key_(key.empty() ? random_sector_key() : key) {}

SpillFile::~SpillFile() {
  if (file_ >= 0) (void)close(file_);
}

std::uint64_t SpillFile::round_up(std::uint64_t bytes) const noexcept { return whole(bytes, slot_bytes_); }

void SpillFile::write_sealed(std::uint64_t offset, Bytes bytes) const {
  while (!bytes.empty()) {
    const ssize_t done = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("cannot write", done < 0 ? errno : ENOSPC);
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void SpillFile::open_sectors(Sectors& sectors) const {
  read_sealed(sectors.offset, sectors.clear);
  decrypt_sectors(key_, sectors.offset / kSectorBytes, sectors.clear);
}

void SpillFile::rewrite(std::uint64_t offset, Bytes bytes) {
  const std::unique_lock lock(sector_mutex_);
  Sectors sectors(offset, bytes.size());
  open_sectors(sectors);
  std::ranges::copy(bytes, std::span(sectors.clear).subspan(sectors.before).begin());
  encrypt_sectors(key_, sectors.offset / kSectorBytes, sectors.clear, sectors.clear);
  write_sealed(sectors.offset, sectors.clear);
}

std::uint64_t SpillFile::add(Bytes bytes) {
  if (file_ < 0) file_ = open_unnamed(folder_);
  const bool reuse = bytes.size() <= slot_bytes_ && !free_.empty();
  const std::uint64_t offset = reuse ? *free_.begin() : end_;
  // The last sector is filled up with what the block before left: sealed again, it tells nothing.
  const std::uint64_t clear = bytes.size() / kSectorBytes * kSectorBytes;
  sealed_.resize(whole(bytes.size(), kSectorBytes));
  encrypt_sectors(key_, offset / kSectorBytes, bytes.first(clear), std::span(sealed_).first(clear));
  if (clear < bytes.size()) {
    const std::span<std::uint8_t> last = std::span(sealed_).subspan(clear);
    std::ranges::copy(bytes.subspan(clear), last.begin());
    encrypt_sectors(key_, (offset + clear) / kSectorBytes, last, last);
  }
  write_sealed(offset, sealed_);
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

void SpillFile::read_sealed(std::uint64_t offset, std::span<std::uint8_t> into) const {
  while (!into.empty()) {
    const ssize_t done = pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("cannot read", done < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(done);
    into = into.subspan(static_cast<std::size_t>(done));
  }
}

void SpillFile::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
  const std::shared_lock lock(sector_mutex_);
  Sectors sectors(offset, into.size());
  open_sectors(sectors);
  std::ranges::copy(std::span(sectors.clear).subspan(sectors.before, into.size()), into.begin());
}

}  // namespace tapestry::spool
