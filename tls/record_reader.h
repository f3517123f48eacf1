#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "core/bytes.h"
#include "tls/record_keys.h"

namespace tapestry::tls {

/// What became of the records whose keys are known.
struct RecordTally {
  std::uint64_t records = 0;        ///< opened
  std::uint64_t bytes = 0;          ///< of application data
  std::uint64_t resumed = 0;        ///< places behind a loss where the next record was found again
  std::uint64_t skipped_bytes = 0;  ///< that went into no record that opens, behind a loss
  std::uint64_t given_up = 0;       ///< directions in which no key fitted any more
};

/// The records of one direction of a TLS connection, opened. A tag proves keys and sequence number at once, so nothing
/// else is followed: what no key opens before the first record that opens is the handshake (in the clear or under
/// keys of its own), and where the numbers are not known any more, behind a loss or a KeyUpdate, a few are tried.
/// Memory is bounded by one record; work by kAhead tries per place that looks like a record, and kMaxMisses places.
class RecordReader {
 public:
  static constexpr std::uint64_t kAhead = 128;  ///< sequence numbers tried behind a loss
  static constexpr unsigned kMaxMisses = 128;   ///< records in a row that may not open
  /// Application data of one record, valid inside the call only; `lost_before`: some are missing before it.
  using Use = std::function<void(Bytes content, bool lost_before)>;

  explicit RecordReader(RecordKeys keys) : keys_(std::move(keys)) {}

  /// Next bytes in order; the first ones are the direction's first.
  void add(Bytes bytes, bool lost_before, RecordTally& tally, const Use& use);
  /// No key fits any more: `add` does nothing.
  [[nodiscard]] bool given_up() const noexcept { return given_up_; }
  /// Some record was opened.
  [[nodiscard]] bool established() const noexcept { return established_; }

 private:
  [[nodiscard]] Bytes waiting() const noexcept { return Bytes(waiting_).subspan(begin_); }
  bool step(RecordTally& tally, const Use& use);
  bool miss(std::size_t size, RecordTally& tally);
  std::optional<Plain> try_keys(RecordKeys& keys, std::uint64_t first, const RecordHeader& header, Bytes body);
  std::optional<Plain> open(const RecordHeader& header, Bytes body);
  void take(const Plain& plain, RecordTally& tally, const Use& use);

  RecordKeys keys_;
  std::uint64_t next_ = 0;  ///< sequence number of the next record
  std::vector<std::uint8_t> waiting_;
  std::size_t begin_ = 0;     ///< bytes of waiting_ that are done with
  bool established_ = false;  ///< a record was opened
  bool searching_ = false;    ///< where the next record begins, or its number, is not known
  bool lost_ = false;         ///< bytes were lost since the last application data
  bool given_up_ = false;
  unsigned misses_ = 0;
};

}  // namespace tapestry::tls
