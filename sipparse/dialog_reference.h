#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

/// A dialog that a message names: Replaces (RFC 3891), Join (RFC 3911), Target-Dialog (RFC 4538).
struct DialogReference {
  std::string call_id;
  std::string one_tag;      ///< to-tag, or local-tag: which end is which depends on who reads, so both orders count
  std::string another_tag;  ///< from-tag, or remote-tag
  bool early_only = false;  ///< RFC 3891 §3
};

/// Reads a value of Replaces or Join (`id;to-tag=a;from-tag=b;early-only`) or Target-Dialog
/// (`id;local-tag=a;remote-tag=b`). Nothing without a Call-ID and both tags. Linear.
std::optional<DialogReference> parse_dialog_reference(std::string_view value);

/// What Refer-To asks for (RFC 3515, RFC 3891 §6.1, RFC 4508).
struct ReferTarget {
  std::string uri;                          ///< address of record; empty for other schemes than sip, sips and tel
  std::string method;                       ///< upper-case; `INVITE` when the URI names none
  std::optional<DialogReference> replaces;  ///< from the URI's headers
  std::string call_id;                      ///< from the URI's headers: a BYE of that dialog is asked for
  std::string feature;                      ///< of `urn:feature:X` and `urn:ietf:feature:X`: `X` with its parameters
};

/// Reads a Refer-To value. Nothing when there is no URI. Linear.
std::optional<ReferTarget> parse_refer_to(std::string_view value);

/// Status that a `message/sipfrag` body begins with (RFC 3420, RFC 3515 §2.4.5): 100..699; nothing when there is none.
std::optional<int> sipfrag_status(std::string_view body) noexcept;

}  // namespace tapestry::sip
