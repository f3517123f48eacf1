#pragma once
#include <optional>
#include <string_view>

namespace tapestry::sip {

/// A request or status line (RFC 3261 §7.1, §7.2), taken apart leniently: any run of blanks separates.
struct StartLine {
  bool request = false;
  std::string_view method;
  std::string_view request_uri;
  int status = 0;  ///< 0 when it is outside 100..699
  std::string_view reason;
  std::string_view version;  ///< `SIP/2.0` as written
};

/// Reads a start line without its line end, of any SIP version; nothing when it is none.
std::optional<StartLine> parse_start_line(std::string_view line) noexcept;

/// Whether the text is `SIP/` number `.` number in any case.
bool is_sip_version(std::string_view text) noexcept;

}  // namespace tapestry::sip
