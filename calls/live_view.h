#pragma once
#include "calls/call_table.h"
#include "calls/conversation_table.h"
#include "calls/leg.h"
#include "calls/live.h"
#include "calls/registrations.h"
#include "calls/roles.h"

namespace tapestry::calls {

/// Looks at conversations that go on; changes nothing. Correlator's thread only.
class LiveView {
 public:
  /// All outlive it.
  LiveView(CallTable& calls, const ConversationTable& conversations, const Roles& roles,
           const Registrations& registrations)
      : calls_(calls), conversations_(conversations), roles_(roles), registrations_(registrations) {}

  [[nodiscard]] LivePage page(const LiveQuery& query) const;
  [[nodiscard]] LiveCounts counts() const;

 private:
  [[nodiscard]] LiveConversation view_of(const Conversation& conversation) const;
  [[nodiscard]] std::vector<Leg> legs_of(const Conversation& conversation) const;

  CallTable& calls_;
  const ConversationTable& conversations_;
  const Roles& roles_;
  const Registrations& registrations_;
};

}  // namespace tapestry::calls
