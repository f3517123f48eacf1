#include "spool/record_reader.h"

#include <vector>

namespace tapestry::spool {

RecordReader::~RecordReader() { close(); }

void RecordReader::close() {
  if (file_ >= 0) disk_.close(file_);
  file_ = -1;
}

bool RecordReader::open(std::uint32_t segment) {
  if (file_ >= 0 && head_.number == segment) return true;
  close();
  const auto file = disk_.open(segment_name(segment), false);
  if (!file) return false;
  file_ = *file;
  std::vector<std::uint8_t> bytes(SegmentHead::kHeadBytes);
  const auto have = read_all(disk_, file_, 0, bytes);
  const auto head = have && *have == bytes.size() ? segment_head_in(bytes) : std::nullopt;
  if (!head || head->number != segment) {
    close();
    return false;
  }
  head_ = *head;
  return true;
}

std::expected<Record, Missing> RecordReader::read(const LogPlace& place) {
  const std::unexpected gone(Missing::Gone);
  if (place.length < kAlignment || place.length > kMaxPayload + 2 * kAlignment || !open(place.segment)) return gone;
  std::vector<std::uint8_t> bytes(place.length);
  const auto have = read_all(disk_, file_, place.offset, bytes);
  const auto head = have && *have == bytes.size() ? head_in(bytes) : std::nullopt;
  Secret key;
  if (!head || head->size() != bytes.size() || !is_whole(*head, bytes)) return gone;
  if (keys_.find(head->key, key) != KeyState::Live) return gone;
  if (head->wiped) return std::unexpected(Missing::Wiped);
  auto record = opened(*head, bytes, head_.epoch, key);
  if (!record) return gone;
  return std::move(*record);
}

}  // namespace tapestry::spool
