#pragma once
#include "tests/support/scenes/script.h"

/// Whole transactions and usual sequences of them.
namespace tapestry::scenes {

/// How a dialog is set up.
struct Setup {
  std::string headers{};         ///< of the INVITE
  std::string answer_headers{};  ///< of the 200
  double rings = 0.3;            ///< seconds from the INVITE to 180; negative: none
  double answers = 1.0;          ///< to 200
  std::string offer = "sendrecv";
  std::string answer = "sendrecv";
};

inline constexpr double kAckSeconds = 0.02;  ///< from a 200 to its ACK

/// INVITE with an offer and 100.
void invite(Script& script, double at, Leg& leg, const Setup& setup = {});
/// 180, unless setup.rings is negative; 200 with the answer; ACK. `at` is the time of the INVITE. The time of the ACK.
double answer(Script& script, double at, Leg& leg, const Setup& setup = {});
/// Both of the above.
double connect(Script& script, double at, Leg& leg, const Setup& setup = {});
/// INVITE without an offer, 200 with it, ACK with the answer. The time of the ACK.
double connect_late_offer(Script& script, double at, Leg& leg, const Setup& setup = {});
/// A final response to the initial INVITE, and its ACK.
void reject(Script& script, double at, Leg& leg, const std::string& status, const std::string& headers = {});
/// CANCEL, its 200, 487, ACK.
void cancel(Script& script, double at, Leg& leg, const std::string& headers = {});
/// BYE and its 200.
void bye(Script& script, double at, Leg& leg, Side from, const std::string& headers = {});
/// Any request but INVITE, and its 200.
void transact(Script& script, double at, Leg& leg, Side from, const std::string& method, const Extra& extra = {},
              const std::string& status = "200 OK");
/// Re-INVITE with a new description of each end, 200, ACK.
void reinvite(Script& script, double at, Leg& leg, Side from, const std::string& offer, const std::string& answer,
              const std::string& headers = {});
/// Re-INVITEs with sendonly, and with sendrecv.
void hold(Script& script, double at, Leg& leg, Side from);
void resume(Script& script, double at, Leg& leg, Side from);
/// REFER within the dialog, 202. `target` is what Refer-To holds between its angle brackets.
void refer(Script& script, double at, Leg& leg, Side from, const std::string& target, const std::string& headers = {});
/// NOTIFY with a status line as message/sipfrag, and its 200.
void notify_refer(Script& script, double at, Leg& leg, Side from, const std::string& status);

/// The leg's tags as its callee would write them in Replaces, Join: `call-id;to-tag=..;from-tag=..`, where the to-tag
/// is that of `receiver`, the end that the header is sent to.
std::string dialog_of(const Leg& leg, Side receiver);
/// Target-Dialog's value, as the sender of a request to `receiver` writes it.
std::string target_dialog_of(const Leg& leg, Side receiver);
/// As it stands in a URI's headers part (RFC 3261 §19.1.1).
std::string escaped(const std::string& text);

/// Truth of a recording in which agent and others are heard in the same stretches.
Recording recording_of(const Peer& agent, double from, double to, const std::vector<Stretch>& others);
/// customer, agents and supervisors by their usual roles.
Party party_of(const Peer& peer, const std::string& role);

}  // namespace tapestry::scenes
