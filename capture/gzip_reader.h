#pragma once
#include <zlib.h>

#include <memory>
#include <vector>

#include "capture/byte_reader.h"

namespace tapestry::capture {

/// Inflates gzip (RFC 1952), any number of members one after another; zeros behind the last one are padding.
class GzipReader final : public ByteReader {
 public:
  /// `begun` are bytes that were already taken from `compressed`.
  GzipReader(std::unique_ptr<ByteReader> compressed, Bytes begun);
  ~GzipReader() override;
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  std::size_t read(std::span<std::uint8_t> into) override;
  [[nodiscard]] std::uint64_t consumed() const noexcept override { return compressed_->consumed(); }
  [[nodiscard]] std::uint64_t size() const noexcept override { return compressed_->size(); }
  [[nodiscard]] std::string fault() const override { return fault_; }

 private:
  bool refill();
  bool begin_member();
  void end(std::string fault);

  std::unique_ptr<ByteReader> compressed_;
  std::vector<std::uint8_t> input_;
  z_stream stream_{};
  bool in_member_ = false;
  bool ended_ = false;
  std::string fault_;
};

}  // namespace tapestry::capture
