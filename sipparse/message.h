#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "sipparse/header_name.h"

namespace tapestry::sip {

/// Bounds on what one message may hold; what lies beyond is cut off and `Message::overflowed` says so.
inline constexpr std::size_t kMaxHeaders = 512;
inline constexpr std::size_t kMaxMessageBytes = 128U << 10U;

/// One header field. `value` is what stands behind the colon, trimmed, still folded (folds are whitespace to every
/// parser here).
struct Header {
  HeaderName name = HeaderName::Other;
  std::string_view raw_name;
  std::string_view value;

  /// Whether it has that name, in any case, full or compact.
  [[nodiscard]] bool is_named(std::string_view wanted) const noexcept;
};

/// A parsed SIP message (RFC 3261 §7): views into the bytes given to parse_message, valid as long as those.
struct Message {
  bool request = false;
  std::string_view method;       ///< of the request, or of CSeq in a response; empty when neither could be read
  std::string_view request_uri;  ///< requests only
  int status = 0;                ///< responses only, 100..699; 0 when it is none of these
  std::string_view reason;
  std::vector<Header> headers;
  Bytes body;               ///< cut to Content-Length when that is shorter than what came
  bool snapped = false;     ///< Content-Length says more than there is
  bool overflowed = false;  ///< more headers than kMaxHeaders
  std::size_t size = 0;     ///< bytes from the start line to the end of the body

  std::string_view call_id;
  std::uint32_t cseq = 0;
  bool has_cseq = false;

  /// First header of that name; nullptr when there is none.
  [[nodiscard]] const Header* find(HeaderName name) const noexcept;
  /// First header with that name in any case, full or compact; for names that HeaderName does not list.
  [[nodiscard]] const Header* find(std::string_view name) const noexcept;
  /// Its value, or empty.
  [[nodiscard]] std::string_view value(HeaderName name) const noexcept;
};

enum class ParseError : std::uint8_t {
  NotSip,     ///< no start line of SIP, whatever its version (validate tells 2.0 from others)
  NoHeaders,  ///< a start line and nothing that can be used
};

/// Result of a lenient parse: everything that can be used is there.
struct ParseResult {
  std::optional<Message> message;
  ParseError error = ParseError::NotSip;  ///< set when there is no message
};

/// Parses one message that begins at the first byte (leading CR LF are skipped, RFC 3261 §7.5). Lenient on purpose: a
/// recorder must see what phones really send. Without Content-Length the body runs to the end (UDP, §18.3). Linear in
/// time; never throws but for lack of memory.
ParseResult parse_message(Bytes bytes);

/// Why a message is not one by the grammar; what an element would answer 400 (or 505) to, or drop. Valid when
/// well-formed.
enum class Verdict : std::uint8_t {
  Valid,
  BadStartLine,
  BadVersion,
  BadRequestUri,
  BadStatus,
  MissingHeader,
  RepeatedHeader,
  BadHeader,
  BadCSeq,
  MethodMismatch,
  BadContentLength,
  BodyTooShort,
  BadVia,
  BadContact,
  BadAddress,
  BadDate,
  BadNumber,
};

/// Judges a message by RFC 3261's grammar as RFC 4475 and RFC 5118 read it. For tests, counters and reports: the
/// recorder uses what it can of invalid messages, too. `bytes` are the same that were parsed.
Verdict validate(const Message& message, Bytes bytes) noexcept;

/// Name for counters and reports: `bad-via`.
std::string_view to_string(Verdict verdict) noexcept;

/// Whether a datagram or segment begins like a SIP message (after CR LF): a response line, or a request line whose
/// first line ends in SIP/2.0 or has not ended yet. Cheap: for telling SIP from all else on any port.
bool looks_like_sip(Bytes bytes) noexcept;

}  // namespace tapestry::sip
