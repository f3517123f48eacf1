#pragma once
#include "capture/file_format.h"
#include "capture/wire.h"

namespace tapestry::capture {

/// The pcap format: micro- and nanoseconds, both byte orders, and the records of the "modified" (Kuznetzov) one.
class PcapReader final : public Source {
 public:
  /// Whether a file that begins with these four bytes is pcap.
  static bool recognises(Bytes magic) noexcept;

  /// `window` stands at the magic.
  PcapReader(Window window, std::string name);

  bool next(Frame& frame) override;
  [[nodiscard]] const CaptureInfo& info() const noexcept override { return info_; }

 private:
  bool end(std::string what);
  [[nodiscard]] std::uint32_t u32(Bytes bytes, std::size_t at) const noexcept {
    return big_endian_ ? big32(bytes, at) : little32(bytes, at);
  }

  Window window_;
  CaptureInfo info_;
  std::uint32_t link_type_ = 0;
  std::uint32_t nanoseconds_per_tick_ = 1000;
  std::size_t record_header_ = 16;
  bool big_endian_ = false;
  bool ended_ = false;
};

}  // namespace tapestry::capture
