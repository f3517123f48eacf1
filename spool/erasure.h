#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "spool/disk.h"
#include "spool/key_table.h"
#include "spool/record.h"
#include "spool/segment_spans.h"

namespace tapestry::spool {

/// What of a key's records must go although it is on disk: all that came in [from, to).
struct Erasure {
  KeyId key = 0;
  Time from{};
  Time to{};
};

/// Takes out of a record what came in [from, to), which makes it no longer. False when nothing of it may stay.
using Mask = std::function<bool(Record&, Time from, Time to)>;

/// A record that is changed, as it will be on disk.
struct Change {
  std::uint64_t offset = 0;
  std::vector<std::uint8_t> wiped_head{};
  std::vector<std::uint8_t> bytes{};  ///< of the whole; a head that says wiped and zeros when nothing stays
};

/// What a disk refused half-way: what stays of these records is nowhere else.
struct HalfErased {
  std::uint32_t segment = 0;
  std::vector<Change> changes{};
};

/// Overwrites in all segments what `mask` takes out, in place and in three steps that are made safe one after another,
/// so that a loss of power leaves each record as it was, without its payload, or masked. Doing it again does nothing
/// more, but for payloads that were not overwritten before power was lost: these become zeros. All records must be
/// written, and safe. How many records it changed, or the disk's errno: then it must be done again, with the same
/// `half`, or what was to stay of some is lost. Throws std::runtime_error when encryption fails. Not beside a
/// LogWriter's calls. `spans`: which segments need not be looked at.
[[nodiscard]] Io<std::uint64_t> erase(Disk& disk, KeyTable& keys, const Erasure& erasure, const Mask& mask,
                                      const SegmentSpans& spans, HalfErased& half);

}  // namespace tapestry::spool
