#include "tests/support/fake_disk.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace tapestry::testing {

using spool::Io;

int FakeDisk::failure(What what) {
  const std::size_t number = asked_++;
  return fails ? fails(number, what) : 0;
}

void FakeDisk::apply(const Done& done, std::size_t from, std::size_t to) {
  std::vector<std::uint8_t>& content = contents_[static_cast<std::size_t>(done.file)];
  if (done.what == What::Truncate) return content.resize(done.offset);
  if (content.size() < done.offset + to) content.resize(done.offset + to);
  std::copy(done.bytes.begin() + static_cast<std::ptrdiff_t>(from),
            done.bytes.begin() + static_cast<std::ptrdiff_t>(to),
            content.begin() + static_cast<std::ptrdiff_t>(done.offset + from));
}

FakeDisk::FakeDisk(const FakeDisk& disk, std::size_t operations, Dice& dice)
    : names_(disk.names_), contents_(disk.names_.size()) {
  std::vector<std::size_t> synced(disk.names_.size(), 0);
  std::size_t names_synced = 0;
  for (std::size_t n = 0; n < operations; ++n) {
    if (disk.done_[n].what == What::Sync) synced[static_cast<std::size_t>(disk.done_[n].file)] = n;
    if (disk.done_[n].what == What::SyncNames) names_synced = n;
  }
  for (std::size_t n = 0; n < operations; ++n) {
    const Done& done = disk.done_[n];
    const auto file = static_cast<std::size_t>(done.file);
    switch (done.what) {
      case What::Create:
        if (n < names_synced || dice.below(2) == 0) there_[names_[file]] = done.file;
        break;
      case What::Remove:
        if (n < names_synced || dice.below(2) == 0) there_.erase(names_[file]);
        break;
      case What::Write:
        for (std::size_t at = 0; at < done.bytes.size();) {
          const std::size_t left = kSector - (done.offset + at) % kSector;
          const std::size_t end = std::min(done.bytes.size(), at + left);
          if (n < synced[file] || dice.below(3) != 0) apply(done, at, end);
          at = end;
        }
        break;
      case What::Truncate:
        if (n < synced[file] || dice.below(2) == 0) apply(done, 0, 0);
        break;
      default:
        break;
    }
  }
}

Io<std::vector<std::string>> FakeDisk::list() {
  if (const int error = reading_failure(); error != 0) return std::unexpected(error);
  std::vector<std::string> names;
  for (const auto& [name, file] : there_) names.push_back(name);
  if (after_list) after_list();
  return names;
}

Io<spool::Disk::Handle> FakeDisk::open(const std::string& name, bool create) {
  if (const auto found = there_.find(name); found != there_.end()) {
    if (const int error = create ? 0 : reading_failure(); error != 0) return std::unexpected(error);
    return found->second;
  }
  if (!create) return std::unexpected(ENOENT);
  if (const int error = failure(What::Create); error != 0) return std::unexpected(error);
  const auto file = static_cast<Handle>(names_.size());
  names_.push_back(name);
  contents_.emplace_back();
  there_[name] = file;
  done_.push_back({.what = What::Create, .file = file});
  return file;
}

Io<std::size_t> FakeDisk::write(Handle file, std::uint64_t offset, Bytes bytes) {
  const int error = failure(What::Write);
  const std::size_t length = error == 0 ? bytes.size() : bytes.size() / 2;
  if (length != 0) {
    done_.push_back({What::Write, file, offset, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)}});
    apply(done_.back(), 0, length);
  }
  if (error != 0) return std::unexpected(error);
  return length;
}

Io<std::size_t> FakeDisk::write_blocks(Handle file, std::uint64_t offset, Bytes bytes) {
  const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
  if (offset % kBlock != 0 || bytes.size() % kBlock != 0 || address % kBlock != 0) std::abort();
  ++block_writes_;
  return write(file, offset, bytes);
}

Io<std::size_t> FakeDisk::read(Handle file, std::uint64_t offset, std::span<std::uint8_t> into) {
  if (const int error = reading_failure(); error != 0) return std::unexpected(error);
  const std::vector<std::uint8_t>& content = contents_[static_cast<std::size_t>(file)];
  if (offset >= content.size()) return 0;
  const std::size_t length = std::min<std::size_t>(into.size(), content.size() - offset);
  std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(offset), length, into.begin());
  return length;
}

Io<std::uint64_t> FakeDisk::size(Handle file) { return contents_[static_cast<std::size_t>(file)].size(); }

Io<void> FakeDisk::truncate(Handle file, std::uint64_t size) {
  if (const int error = failure(What::Truncate); error != 0) return std::unexpected(error);
  done_.push_back({.what = What::Truncate, .file = file, .offset = size});
  apply(done_.back(), 0, 0);
  return {};
}

Io<void> FakeDisk::sync(Handle file) {
  if (const int error = failure(What::Sync); error != 0) return std::unexpected(error);
  done_.push_back({.what = What::Sync, .file = file});
  return {};
}

Io<void> FakeDisk::sync_names() {
  if (const int error = failure(What::SyncNames); error != 0) return std::unexpected(error);
  done_.push_back({.what = What::SyncNames});
  return {};
}

Io<void> FakeDisk::remove(const std::string& name) {
  const auto found = there_.find(name);
  if (found == there_.end()) return std::unexpected(ENOENT);
  if (const int error = failure(What::Remove); error != 0) return std::unexpected(error);
  done_.push_back({.what = What::Remove, .file = found->second});
  there_.erase(found);
  return {};
}

std::vector<std::uint8_t>& FakeDisk::file(const std::string& name) {
  const auto found = std::ranges::find(names_, name);
  return contents_.at(static_cast<std::size_t>(found - names_.begin()));
}

}  // namespace tapestry::testing
