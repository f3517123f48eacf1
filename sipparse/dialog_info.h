#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::sip {

/// Bounds: of more dialogs in one document, and of longer values, nothing is kept.
inline constexpr std::size_t kMaxDialogsInfo = 64;

/// One end of a dialog as a notifier sees it (RFC 4235 §4.1.6).
struct DialogEnd {
  std::string identity;   ///< URI
  std::string display;    ///< display name
  std::string target;     ///< URI
  std::string rendering;  ///< value of the target's `+sip.rendering`: `no` while the call is held; may be empty
};

/// One <dialog>: what does not stand there is empty.
struct DialogState {
  std::string id;
  std::string call_id;
  std::string local_tag;
  std::string remote_tag;
  std::string direction;  ///< `initiator` or `recipient`
  std::string state;      ///< `trying`, `proceeding`, `early`, `confirmed`, `terminated`
  std::string event;      ///< why it is there: `cancelled`, `rejected`, `replaced`, `local-bye`, `remote-bye`, ...
  std::string code;       ///< of the response that made it
  std::string duration;   ///< seconds
  std::string replaces;   ///< Call-ID of the dialog that this one took the place of
  std::string referred_by;
  DialogEnd local;
  DialogEnd remote;
};

/// application/dialog-info+xml (RFC 4235 §4.1).
struct DialogInfo {
  std::string entity;  ///< URI whose dialogs these are
  std::string version;
  std::string state;  ///< `full` or `partial`
  std::vector<DialogState> dialogs;
};

/// Reads a document; nothing when it is none or beyond the bounds of sipparse/xml.h. Linear.
std::optional<DialogInfo> parse_dialog_info(std::string_view document);

}  // namespace tapestry::sip
