#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace tapestry::vconout {

/// A hash over bytes that come in parts (FIPS 180-4).
class Digest {
 public:
  enum class Kind : std::uint8_t { Sha1, Sha256, Sha512 };

  explicit Digest(Kind kind);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void add(Bytes bytes);
  /// Once, at the end.
  [[nodiscard]] std::vector<std::uint8_t> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// All at once.
[[nodiscard]] std::vector<std::uint8_t> digest(Digest::Kind kind, Bytes bytes);

}  // namespace tapestry::vconout
