#include "capture/pcap_reader.h"

#include <fmt/format.h>

#include <utility>

#include "capture/link_type.h"

namespace tapestry::capture {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kModified = 0xa1b2cd34;
constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kModifiedRecordHeader = 24;
// The upper half of the field holds the length of a frame check sequence and a class that nobody uses.
constexpr std::uint32_t kLinkTypeMask = 0xffff;

bool is_magic(std::uint32_t value) noexcept {
  return value == kMicroseconds || value == kNanoseconds || value == kModified;
}

}  // namespace

bool PcapReader::recognises(Bytes magic) noexcept {
  return magic.size() >= 4 && (is_magic(big32(magic, 0)) || is_magic(little32(magic, 0)));
}

PcapReader::PcapReader(Window window, std::string name) : window_(std::move(window)) {
  info_.file = std::move(name);
  info_.size = window_.reader().size();
  const Bytes header = window_.peek(kFileHeader);
  if (header.size() < kFileHeader) {
    end("the file ends inside its header");
    return;
  }
  big_endian_ = is_magic(big32(header, 0));
  const std::uint32_t magic = u32(header, 0);
  if (magic == kNanoseconds) nanoseconds_per_tick_ = 1;
  if (magic == kModified) record_header_ = kModifiedRecordHeader;
  link_type_ = u32(header, 20) & kLinkTypeMask;
  info_.link_type = link_type_name(link_type_);
  window_.skip(kFileHeader);
}

bool PcapReader::next(Frame& frame) {
  if (ended_) return false;
  const Bytes header = window_.peek(record_header_);
  if (header.size() < record_header_) return end(header.empty() ? "" : "the file ends inside a packet's header");
  const std::uint64_t seconds = u32(header, 0);
  const std::uint64_t ticks = u32(header, 4);
  const std::uint32_t captured = u32(header, 8);
  frame.original_length = u32(header, 12);
  if (captured > kMaxFrame) return end(fmt::format("a packet claims {} captured bytes", captured));
  const Bytes record = window_.peek(record_header_ + captured);
  if (record.size() < record_header_ + captured) return end("the file ends inside a packet");
  window_.skip(record.size());
  // 2^32 seconds and 2^32 microseconds are below 2^62 nanoseconds: differences of such times do not overflow either.
  frame.time = Time(Duration(seconds * 1'000'000'000 + ticks * nanoseconds_per_tick_));
  frame.link_type = link_type_;
  frame.data = record.subspan(record_header_);
  note_frame(info_, frame);
  info_.consumed = window_.reader().consumed();
  return true;
}

bool PcapReader::end(std::string what) {
  ended_ = true;
  note_end(info_, window_, window_.offset(), std::move(what));
  return false;
}

}  // namespace tapestry::capture
