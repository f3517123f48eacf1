#pragma once
#include <algorithm>

#include "capture/byte_reader.h"

namespace tapestry::capture {

/// Bytes that already lie in memory, which must outlive the reader: the seam for tests and fuzzers.
class MemoryReader final : public ByteReader {
 public:
  explicit MemoryReader(Bytes bytes) noexcept : bytes_(bytes) {}

  std::size_t read(std::span<std::uint8_t> into) override {
    const Bytes part = bytes_.subspan(used_, std::min(into.size(), bytes_.size() - used_));
    std::ranges::copy(part, into.begin());
    used_ += part.size();
    return part.size();
  }
  [[nodiscard]] std::uint64_t consumed() const noexcept override { return used_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return bytes_.size(); }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
};

}  // namespace tapestry::capture
