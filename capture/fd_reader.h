#pragma once
#include <string>

#include "capture/byte_reader.h"

namespace tapestry::capture {

/// A file or stdin (`-`) through read(2). Never seeks.
class FdReader final : public ByteReader {
 public:
  /// Throws std::runtime_error, with name and reason, when it cannot be opened.
  explicit FdReader(std::string path);
  ~FdReader() override;
  FdReader(const FdReader&) = delete;
  FdReader& operator=(const FdReader&) = delete;

  std::size_t read(std::span<std::uint8_t> into) override;
  [[nodiscard]] std::uint64_t consumed() const noexcept override { return consumed_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

 private:
  std::string path_;
  int fd_ = -1;
  std::uint64_t consumed_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace tapestry::capture
