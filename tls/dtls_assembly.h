#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "tls/dtls_record.h"

namespace tapestry::tls {

/// Puts one handshake message together from fragments in any order, repeated or overlapping. A fragment of another
/// message begins anew, which costs nothing. Bounded: kMaxMessage, kMaxRanges.
class DtlsAssembly {
 public:
  static constexpr std::size_t kMaxMessage = 4096;  ///< a longer message is passed over
  static constexpr std::size_t kMaxRanges = 32;     ///< parts that do not touch; a fragment beyond is passed over

  /// The whole message's body once it is there, valid until the next call.
  std::optional<Bytes> add(const DtlsFragment& fragment);

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  bool mark(Range range);

  std::optional<std::uint16_t> sequence_;
  std::size_t length_ = 0;
  std::vector<std::uint8_t> body_;  ///< does not shrink
  std::vector<Range> have_;         ///< in order; they do not touch
};

}  // namespace tapestry::tls
