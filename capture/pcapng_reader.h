#pragma once
#include <optional>
#include <vector>

#include "capture/file_format.h"

namespace tapestry::capture {

/// The pcapng format (draft-ietf-opsawg-pcapng): any number of sections of either byte order and of interfaces;
/// Enhanced, Simple and obsolete Packet Blocks. Other blocks are skipped.
class PcapngReader final : public Source {
 public:
  /// Whether a file that begins with these four bytes is pcapng.
  static bool recognises(Bytes magic) noexcept;

  /// `window` stands at the first Section Header Block.
  PcapngReader(Window window, std::string name);

  bool next(Frame& frame) override;
  [[nodiscard]] const CaptureInfo& info() const noexcept override { return info_; }

 private:
  struct Interface {
    std::uint32_t link_type = 0;
    std::uint32_t snaplen = 0;
    std::uint64_t ticks_per_second = 1'000'000;
    std::int64_t offset_seconds = 0;
  };
  /// Where a packet block's parts are, relative to its body.
  struct Packet {
    std::uint32_t interface = 0;
    std::optional<std::uint64_t> ticks{};
    std::uint32_t captured = 0;
    std::uint32_t original = 0;
    std::size_t data_at = 0;
  };
  enum class Outcome : std::uint8_t { Frame, NoFrame, Ended };

  Outcome next_block(Frame& frame);
  std::optional<Bytes> take_body(std::uint32_t type, std::uint32_t length);
  bool begin_section(Bytes body);
  bool add_interface(Bytes body);
  bool read_options(Bytes options, Interface& interface);
  std::optional<Packet> parse_packet(std::uint32_t type, Bytes body) const;
  bool make_frame(const Packet& packet, Bytes body, Frame& frame);
  bool end(std::string what);
  static Time time_of(const Interface& interface, std::uint64_t ticks) noexcept;
  [[nodiscard]] std::uint16_t u16(Bytes bytes, std::size_t at) const noexcept;
  [[nodiscard]] std::uint32_t u32(Bytes bytes, std::size_t at) const noexcept;
  [[nodiscard]] std::uint64_t ticks_at(Bytes bytes, std::size_t at) const noexcept;

  Window window_;
  CaptureInfo info_;
  std::vector<Interface> interfaces_;
  std::uint64_t block_at_ = 0;
  Time latest_{};
  bool big_endian_ = false;
  bool ended_ = false;
};

}  // namespace tapestry::capture
