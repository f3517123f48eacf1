#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "tls/dtls_record.h"

namespace tapestry::tls {

/// Puts one handshake message together from fragments in any order, repeated or overlapping. A fragment of another
/// message begins anew. Memory is bounded by kMaxMessage.
class DtlsAssembly {
 public:
  static constexpr std::size_t kMaxMessage = 4096;  ///< a longer message is passed over

  /// The whole message's body once it is there, valid until the next call.
  std::optional<Bytes> add(const DtlsFragment& fragment);

 private:
  std::optional<std::uint16_t> sequence_;
  std::vector<std::uint8_t> body_;
  std::vector<bool> have_;
  std::size_t missing_ = 0;
};

}  // namespace tapestry::tls
