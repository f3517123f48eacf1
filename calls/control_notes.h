#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "calls/call_table.h"
#include "calls/signalling.h"
#include "core/hash.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Notes who controls a call from outside of its media. Field `kind`: `feature-referral` (a REFER to `urn:feature:X` or
/// `urn:ietf:feature:X`, draft-audet-sipping-feature-ref: feature, parameters, target_dialog), `dialog` (each dialog of
/// an application/dialog-info+xml body, RFC 4235) and `conference` (each endpoint of an
/// application/conference-info+xml body, RFC 4575).
void note_call_control(Notes& notes, const sip::Message& message, const MessageInfo& info);

/// Bound, by names of conferences (each has two): the first one is forgotten for one more, and counted.
inline constexpr std::size_t kMaxConferences = 20'000;

/// Finds the call that a message of another dialog is about, and notes it there. Correlator's thread only.
class ControlBook {
 public:
  explicit ControlBook(CallTable& calls) : calls_(calls) {}

  /// Remembers the conference (Call::focus) that a call is with.
  void learn(const Call& call);
  /// Takes a message that belongs to no open call. What has Target-Dialog (RFC 4538) is noted in that dialog's call,
  /// each dialog of a dialog-info body in the call with its Call-ID, a conference-info body in the last call of that
  /// conference; a dialog that replaced another gets a reference to it, and one whose end no longer renders is held by
  /// that end. What is about no open call is left out. Gives the calls that something was about.
  std::vector<Call*> note(const sip::Message& message, const MessageInfo& info);
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }

 private:
  void remember(const std::string& conference, std::uint64_t serial);

  CallTable& calls_;
  /// Serial by address of record, and by user and host.
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> focuses_;
  std::deque<std::string> order_;                                                      ///< its keys
  std::uint64_t forgotten_ = 0;
};

}  // namespace tapestry::calls
