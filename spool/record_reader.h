#pragma once
#include <cstdint>
#include <expected>

#include "spool/disk.h"
#include "spool/key_table.h"
#include "spool/record.h"
#include "spool/segment.h"

namespace tapestry::spool {

/// Why a record is not what it was.
enum class Missing : std::uint8_t {
  Wiped,  ///< its payload was overwritten, or is just being masked (erase())
  Gone,   ///< no record is there, or no key, or the disk fails
};

/// Reads records whose places somebody kept, beside a log's writer. A segment is opened once for records that follow
/// each other in it. One thread.
class RecordReader {
 public:
  /// Both outlive it.
  RecordReader(Disk& disk, KeyTable& keys) : disk_(disk), keys_(keys) {}
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  [[nodiscard]] std::expected<Record, Missing> read(const LogPlace& place);

 private:
  [[nodiscard]] bool open(std::uint32_t segment);
  void close();

  Disk& disk_;
  KeyTable& keys_;
  Disk::Handle file_ = -1;
  SegmentHead head_{};
};

}  // namespace tapestry::spool
