#pragma once
#include "calls/call_table.h"
#include "calls/conversation_table.h"
#include "calls/key_index.h"
#include "calls/relays.h"
#include "calls/roles.h"
#include "core/counter.h"

namespace tapestry::calls {

/// Finds out which open calls serve one conversation and joins them. Evidence comes with messages and media, in any
/// order, and weak evidence when a call is about to be closed. Correlator's thread only.
class Linker {
 public:
  /// All five outlive it.
  Linker(const Rules& rules, CallTable& calls, ConversationTable& conversations, const Roles& roles,
         const Registrations& registrations)
      : rules_(rules), calls_(calls), conversations_(conversations), roles_(roles), registrations_(registrations) {}

  /// A new call: gets a conversation of its own.
  void on_open(Call& call);
  /// A message was taken into the call.
  void on_message(Call& call, Time time);
  /// Both calls' SDPs name both ends of one stream.
  void on_shared_media(const Call& one, const Call& another, Time time);
  /// A chunk of one of the call's audio streams, in clear: another call's may carry the same payloads.
  void on_media(const Call& call, const Track& track, const rtp::Chunk& chunk);
  /// Nothing more will be heard of the call: looks for what only its whole tells (a mix at a phone, a consultation, one
  /// host's two legs).
  void on_over(Call& call);
  /// The call is closed.
  void forget(const Call& call);

  [[nodiscard]] Counters counters() const;

 private:
  void link(const Call& one, const Call& another, LinkKind kind, Time time, std::string evidence, int strength);
  void index_keys(Call& call, Time time);
  void index_references(Call& call);
  void index_referrals(Call& call);
  void index_focus(Call& call, Time time);
  void index_ends(Call& call);
  void index_end(Call& call, Side side, const std::vector<std::string>& told);
  void find_referral(const Call& call, Time time);
  void find_phone_links(const Call& call);
  void find_proximity(const Call& call);
  [[nodiscard]] const Call* nearest(const Call& call, int& strength);

  const Rules& rules_;
  CallTable& calls_;
  ConversationTable& conversations_;
  const Roles& roles_;
  const Registrations& registrations_;
  KeyIndex index_;
  RelayFinder relays_;
  std::uint64_t ambiguous_ = 0;
};

}  // namespace tapestry::calls
