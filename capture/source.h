#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/time.h"

namespace tapestry::capture {

/// One captured frame, as the file or ring holds it.
struct Frame {
  Time time;
  std::uint32_t link_type = 0;        ///< LINKTYPE_ number (tcpdump.org/linktypes.html)
  std::uint32_t original_length = 0;  ///< length on the wire; larger than data.size() when the capture cut it
  Bytes data;                         ///< valid until the next call of Source::next
};

/// Damage in a capture file: everything before it was read.
struct Damage {
  std::uint64_t offset = 0;  ///< byte in the uncompressed stream where it begins
  std::string what;          ///< a sentence for the operator
};

/// What a report says of one capture.
struct CaptureInfo {
  std::string file;  ///< as the user named it; `-` for stdin
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  ///< captured bytes of all frames
  std::optional<Time> first;
  std::optional<Time> last;
  std::string link_type;       ///< name of the first interface's link type, `Ethernet` for one
  std::uint64_t consumed = 0;  ///< bytes of the file taken so far, before decompression; for progress
  std::uint64_t size = 0;      ///< bytes of the file; 0 when unknown (stdin)
  std::optional<Damage> damage;
};

/// Where frames come from. One thread only.
class Source {
 public:
  virtual ~Source() = default;
  /// The next frame, or false at the end (or at damage, which info() then names).
  virtual bool next(Frame& frame) = 0;
  [[nodiscard]] virtual const CaptureInfo& info() const noexcept = 0;
};

}  // namespace tapestry::capture
