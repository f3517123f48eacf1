#pragma once
#include <algorithm>
#include <cassert>
#include <memory>
#include <string>

#include "capture/byte_reader.h"

namespace tapestry::capture {

/// The part of a byte stream that is in memory: one buffer, read in large blocks and parsed in place.
class Window {
 public:
  /// The most that `peek` can be asked for.
  static constexpr std::size_t kMaxPeek = 512U << 10U;

  explicit Window(std::unique_ptr<ByteReader> reader);

  /// The next `count` bytes without taking them; fewer only at the end of the stream.
  /// The view is valid until the next peek or discard, also after skip.
  Bytes peek(std::size_t count) {
    assert(count <= kMaxPeek);
    if (end_ - begin_ < count) refill(count);
    return {buffer_.get() + begin_, std::min(count, end_ - begin_)};
  }
  /// Takes `count` bytes that peek has shown.
  void skip(std::size_t count) noexcept {
    assert(count <= end_ - begin_);
    begin_ += count;
  }
  /// Takes any number of bytes; false when the stream ends before.
  bool discard(std::uint64_t count);
  /// From here on the stream is what gzip data beginning at this place inflates to. Call before the first skip.
  void gunzip();

  /// Bytes of the (uncompressed) stream taken so far.
  [[nodiscard]] std::uint64_t offset() const noexcept { return base_ + begin_; }
  /// See ByteReader.
  [[nodiscard]] const ByteReader& reader() const noexcept { return *reader_; }

 private:
  void refill(std::size_t count);

  std::unique_ptr<ByteReader> reader_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t base_ = 0;
  bool ended_ = false;
};

}  // namespace tapestry::capture
