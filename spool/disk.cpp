#include "spool/disk.h"

#include <cerrno>

namespace tapestry::spool {

Io<void> write_all(Disk& disk, Disk::Handle file, std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const auto done = disk.write(file, offset, bytes);
    if (!done) return std::unexpected(done.error());
    if (*done == 0) return std::unexpected(ENOSPC);
    offset += *done;
    bytes = bytes.subspan(*done);
  }
  return {};
}

Io<void> write_all_blocks(Disk& disk, Disk::Handle file, std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const auto done = disk.write_blocks(file, offset, bytes);
    if (!done) return std::unexpected(done.error());
    // What is not a whole block comes again with the rest of it.
    const std::size_t whole = *done - *done % Disk::kBlock;
    if (whole == 0) return write_all(disk, file, offset, bytes);
    offset += whole;
    bytes = bytes.subspan(whole);
  }
  return {};
}

Io<std::size_t> read_all(Disk& disk, Disk::Handle file, std::uint64_t offset, std::span<std::uint8_t> into) {
  std::size_t have = 0;
  while (have < into.size()) {
    const auto done = disk.read(file, offset + have, into.subspan(have));
    if (!done) return std::unexpected(done.error());
    if (*done == 0) break;
    have += *done;
  }
  return have;
}

}  // namespace tapestry::spool
