#pragma once
#include <cstdint>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "tls/hello.h"

namespace tapestry::tls {

/// Finds the hello that begins one direction of a TLS connection, however it is cut into records and pushes. Memory is
/// bounded by kMaxHello. Linear in the bytes fed.
class HelloReader {
 public:
  struct Incomplete {};
  struct None {};                                                      ///< the direction does not begin with a hello
  using Result = std::variant<Incomplete, None, Random, ServerHello>;  ///< Random: a ClientHello's

  /// Next bytes in order. What it gave once other than Incomplete it gives again.
  const Result& add(Bytes bytes);
  [[nodiscard]] const Result& result() const noexcept { return result_; }
  /// Bytes are missing: an unfinished hello is lost.
  void lose() noexcept;

 private:
  [[nodiscard]] bool open() const noexcept { return std::holds_alternative<Incomplete>(result_); }
  [[nodiscard]] Result read_header() noexcept;
  [[nodiscard]] Result read_message() const noexcept;

  std::vector<std::uint8_t> header_;   ///< of the record at hand, until it is whole
  std::size_t record_left_ = 0;        ///< octets of the record's body to come
  std::vector<std::uint8_t> message_;  ///< the handshake message so far, with its header
  Result result_ = Incomplete{};
};

}  // namespace tapestry::tls
