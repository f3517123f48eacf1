#include "calls/closed_book.h"

#include <algorithm>

#include "calls/call.h"
#include "calls/conversation_table.h"
#include "calls/key_index.h"
#include "core/bytes.h"
#include "core/hash.h"
#include "core/tables.h"

namespace tapestry::calls {

std::optional<std::uint64_t> ClosedBook::find(const std::vector<std::string>& names, std::uint64_t next,
                                              Duration now) const {
  std::optional<std::uint64_t> latest;
  for (const std::string& name : names) {
    const auto found = names_.find(hash_bytes(as_bytes(name)));
    if (found == names_.end() || found->second.conversations > kMaxSharers) continue;
    const Known& known = found->second;
    if (now - known.since > kRemembered || known.number + kMaxAmendable < next) continue;
    latest = std::max(latest.value_or(0), known.number);
  }
  return latest;
}

void ClosedBook::add(const std::vector<std::string>& names, std::uint64_t number, Duration now) {
  for (const std::string& name : names) {
    const std::uint64_t hash = hash_bytes(as_bytes(name));
    Known& known = names_[hash];
    known.number = number;
    known.since = now;
    ++known.conversations;
    order_.emplace_back(now, hash);
  }
  forget(now);
}

void ClosedBook::forget(Duration now) {
  while (!order_.empty() && (now - order_.front().first > kRemembered || order_.size() > kMaxClosedNames)) {
    const auto found = names_.find(order_.front().second);
    // One that was told again has a later place in the order.
    if (found != names_.end() && found->second.since == order_.front().first) names_.erase(found);
    order_.pop_front();
  }
  release_if_empty(names_);
}

std::vector<std::string> names_of(const Interaction& interaction) {
  std::vector<std::string> names;
  for (const DialogSummary& dialog : interaction.signalling) {
    (void)add_once(names, "call-id " + dialog.call_id, kMaxConversationCalls);
    for (const DialogKey& key : dialog.keys) (void)add_once(names, key.kind + " " + key.value, kMaxConversationCalls);
  }
  return names;
}

}  // namespace tapestry::calls
