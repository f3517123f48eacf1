#include "calls/seen_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tapestry::calls {

std::string dialog_of(const MessageSides& sides) { return fmt::format("{}\n{}", sides.from_tag, sides.to_tag); }

SeenMessage seen_of(const sip::Message& message, const MessageSides& sides) {
  return {.sender = sides.sender,
          .dialog = dialog_of(sides),
          .method = std::string(message.method),
          .cseq = message.cseq,
          .status = message.request ? 0 : message.status};
}

bool is_copy(std::vector<SeenMessage>& seen, const SeenMessage& message) {
  if (std::ranges::find(seen, message) != seen.end()) return true;
  if (seen.size() == kMaxSeenMarkers) seen.erase(seen.begin());
  seen.push_back(message);
  return false;
}

bool is_old(const std::vector<SeenMessage>& seen, const SeenMessage& message) {
  const auto step = [](const SeenMessage& one) {
    const int within = one.status == 0 ? (one.method == "ACK" ? 1 : 0) : (one.status >= 200 ? 1 : 0);
    return std::pair{one.cseq, within};
  };
  return std::ranges::any_of(seen, [&](const SeenMessage& one) {
    return one.sender == message.sender && one.dialog == message.dialog && (one.status == 0) == (message.status == 0) &&
           step(one) > step(message);
  });
}

}  // namespace tapestry::calls
