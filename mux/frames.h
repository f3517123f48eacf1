#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "mux/codec.h"

namespace tapestry::mux {

/// One frame of a codec whose frames are whole bytes.
struct Frame {
  Bytes bytes;  ///< a view of the payload
  std::uint32_t ticks = 0;
  bool speech = true;  ///< false: a silence descriptor, or not sent
};

/// Cuts a payload of G.729, G.723.1, GSM or iLBC (RFC 3551 §4.5, RFC 3952) into frames.
class FrameReader {
 public:
  /// The payload must outlive the reader.
  FrameReader(const Codec& codec, Bytes payload) noexcept;
  /// Nothing at the payload's end, and where no frame can begin.
  std::optional<Frame> next() noexcept;
  /// After next() gave nothing: whether the payload was frames to its end.
  [[nodiscard]] bool whole() const noexcept { return rest_.empty(); }

 private:
  std::optional<Frame> take(std::size_t bytes, std::uint32_t ticks, bool speech) noexcept;

  Coding coding_;
  bool short_frames_;
  Bytes rest_;
};

/// Bytes of an iLBC frame of 20 and of 30 ms.
constexpr std::size_t kIlbcShort = 38;
constexpr std::size_t kIlbcLong = 50;

}  // namespace tapestry::mux
