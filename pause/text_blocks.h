#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace tapestry::pause {

/// `Name: value`.
struct TextField {
  std::string name;
  std::string value;  ///< without the space around it
};

/// What stands before a blank line, and a body behind it: a command, reply or event of Asterisk's manager interface and
/// of FreeSWITCH's event socket, or a message of HTTP/1.1.
struct TextBlock {
  std::string first{};              ///< its first line; it may be one of the fields, too
  std::vector<TextField> fields{};  ///< lines that are fields, in order
  std::string body{};               ///< as long as a field Content-Length says
  bool cut = false;                 ///< something of it was too long

  /// Of the first field of that name, in any case of letters; empty: there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const noexcept;
};

/// The same in lines of text up to a blank one: the body of an event. Linear.
[[nodiscard]] std::string_view value_in(std::string_view lines, std::string_view name) noexcept;

/// Cuts one direction of a TCP connection into blocks. Lines end with LF or CR LF. Memory is bounded, time linear in
/// the bytes fed, and the blocks are the same however the bytes are cut into pushes.
class TextBlocks {
 public:
  static constexpr std::size_t kMaxLine = 4U << 10U;         ///< of a longer line the rest is left out
  static constexpr std::size_t kMaxLines = 256;              ///< of a block; later ones are left out
  static constexpr std::size_t kMaxLinesBytes = 64U << 10U;  ///< of all its lines; later ones are left out
  static constexpr std::size_t kMaxBody = 64U << 10U;        ///< of a longer body the rest is left out
  /// A whole block, valid inside the call only.
  using Use = std::function<void(const TextBlock& block)>;

  /// Next bytes in order. `lost_before`: some are missing before these; the block that is open is dropped, and they are
  /// taken for the beginning of another.
  void push(Bytes bytes, bool lost_before, const Use& use);

  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }  ///< blocks that a loss cut off
  [[nodiscard]] std::uint64_t cut() const noexcept { return cut_; }          ///< blocks with TextBlock::cut

 private:
  void take_line_bytes(std::string_view& text, const Use& use);
  void take_body(std::string_view& text, const Use& use);
  void end_line(const Use& use);
  void hand_on(const Use& use);

  TextBlock block_;
  std::string line_;
  bool line_cut_ = false;
  std::size_t lines_ = 0;        ///< of block_, also those left out
  std::size_t lines_bytes_ = 0;  ///< of block_, without those left out
  std::uint64_t body_left_ = 0;  ///< bytes of the body that are still to come
  std::uint64_t dropped_ = 0;
  std::uint64_t cut_ = 0;
};

}  // namespace tapestry::pause
