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
  std::uint64_t work = 0;           ///< octets put through the cipher, kTryCost more for each try
  std::uint64_t given_up = 0;       ///< directions in which no key fitted any more
};

/// The records of one direction of a TLS connection, opened. A tag proves keys and sequence number at once, so nothing
/// else is followed: what no key opens before the first record that opens is the handshake (in the clear or under
/// keys of its own), and where the numbers are not known any more, behind a loss or a KeyUpdate, some are tried: at
/// each place that looks like a record the next kNear, and as many further ahead, from place to place up to kFar.
/// Memory is bounded by one record; work by kFirstCredit and kWorkPerByte for each byte that came.
class RecordReader {
 public:
  static constexpr std::uint64_t kNear = 128;
  static constexpr std::uint64_t kFar = 1U << 17U;  ///< records that may be lost in one hole
  static constexpr unsigned kMaxMisses = 2048;      ///< records in a row that may not open
  // Of work, in octets as RecordTally::work counts it.
  static constexpr std::uint64_t kFirstCredit = 2U << 20U;
  static constexpr std::uint64_t kMostCredit = 64U << 20U;  ///< so much is saved up at most
  static constexpr std::uint64_t kWorkPerByte = 16;
  static constexpr std::uint64_t kTryCost = 256;        ///< of a try beside its octets
  static constexpr std::uint64_t kUpdateCost = 16'384;  ///< of the keys after a KeyUpdate
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
  struct Sealed {
    RecordHeader header;
    Bytes body;
  };

  [[nodiscard]] Bytes waiting() const noexcept { return Bytes(waiting_).subspan(begin_); }
  bool step(RecordTally& tally, const Use& use);
  bool miss(std::size_t size, RecordTally& tally);
  [[nodiscard]] bool is_plausible(const RecordHeader& header) const noexcept;
  bool pay(std::uint64_t work, RecordTally& tally) noexcept;
  std::optional<Plain> try_numbers(RecordKeys& keys, std::uint64_t first, const Sealed& sealed, RecordTally& tally);
  std::optional<Plain> open(const Sealed& sealed, RecordTally& tally);
  void take(const Plain& plain, RecordTally& tally, const Use& use);

  RecordKeys keys_;
  std::uint64_t next_ = 0;  ///< sequence number of the next record
  std::uint64_t far_ = 0;   ///< while searching: from so far ahead of next_ on numbers are tried at the next place
  std::uint64_t credit_ = kFirstCredit;
  std::vector<std::uint8_t> waiting_;
  std::size_t begin_ = 0;     ///< bytes of waiting_ that are done with
  bool established_ = false;  ///< a record was opened
  bool searching_ = false;    ///< where the next record begins, or its number, is not known
  bool lost_ = false;         ///< bytes were lost since the last application data
  bool given_up_ = false;
  unsigned misses_ = 0;
};

}  // namespace tapestry::tls
