#include "calls/text_messages.h"

#include <algorithm>

#include "core/card_numbers.h"
#include "sipparse/body.h"
#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

constexpr std::string_view kText = "text/";

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), sip::lower);
  return result;
}

}  // namespace

void keep_text(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  if (!message.request || message.method != "MESSAGE") return;
  const std::size_t sender = index_of(sides.sender);
  const std::pair<std::size_t, std::uint32_t> name{sender, message.cseq};
  if (std::ranges::find(call.text_names, name) != call.text_names.end()) return;
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (part.bytes.empty() || !sip::starts_with_ignore_case(part.type, kText)) continue;
    if (call.texts.list.size() == kMaxTexts) {
      ++call.texts.left_out;
      return;
    }
    call.texts.list.push_back({.party = sender,
                               .time = info.time,
                               .mediatype = lower_case(part.type),
                               .text = mask_card_numbers(as_text(part.bytes)).substr(0, kMaxTextBytes)});
    call.text_names.push_back(name);
    return;
  }
}

}  // namespace tapestry::calls
