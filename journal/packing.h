#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/address.h"
#include "core/bytes.h"
#include "core/time.h"
#include "spool/record.h"

namespace tapestry::journal {

/// Writes values one behind the other, for Unpacker to read.
class Packer {
 public:
  Packer() = default;
  /// For about so many bytes: growing overwrites what it leaves.
  explicit Packer(std::size_t bytes) { bytes_.reserve(bytes); }
  /// As it is in memory; the same program reads it again.
  template <class T>
  void value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    store(std::span(bytes_).subspan(at), value);
  }
  void bytes(Bytes bytes) {
    value(static_cast<std::uint32_t>(bytes.size()));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void text(std::string_view text) { bytes(as_bytes(text)); }
  [[nodiscard]] spool::WipedBytes take() { return std::move(bytes_); }

 private:
  spool::WipedBytes bytes_;
};

/// Reads what a Packer wrote. After the first failed read `ok()` is false, and all is empty.
class Unpacker {
 public:
  explicit Unpacker(Bytes bytes) noexcept : cursor_(bytes) {}
  template <class T>
  T value() {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    const Bytes bytes = cursor_.take(sizeof(T));
    return cursor_.ok() ? load<T>(bytes) : T{};
  }
  Bytes bytes() {
    const auto length = value<std::uint32_t>();
    return cursor_.take(length);
  }
  std::string_view text() { return as_text(bytes()); }
  [[nodiscard]] bool ok() const noexcept { return cursor_.ok(); }

 private:
  Cursor cursor_;
};

}  // namespace tapestry::journal
