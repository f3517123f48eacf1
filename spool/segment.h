#pragma once
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/bytes.h"

namespace tapestry::spool {

/// One file without a name; its space goes back to the disk when the object dies. Throws std::runtime_error when the
/// disk fails. write_at() and read_at() may run at the same time on different parts.
class Segment {
 public:
  /// Made in `folder`, which exists.
  explicit Segment(const std::filesystem::path& folder);
  ~Segment();
  Segment(Segment&& from) noexcept;
  Segment& operator=(Segment&&) = delete;

  void write_at(std::uint64_t offset, Bytes bytes) const;
  /// Fills all of `into`; a file that ends earlier is an error.
  void read_at(std::uint64_t offset, std::span<std::uint8_t> into) const;

 private:
  int file_;
};

}  // namespace tapestry::spool
