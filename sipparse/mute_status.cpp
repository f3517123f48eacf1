#include "sipparse/mute_status.h"

#include <array>
#include <string>

#include "sipparse/body.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

constexpr std::string_view kPackage = "x-cisco-mute-status";
/// What is longer is no status.
constexpr std::size_t kMaxStatus = 1024;

bool is_word(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// The next word of letters and digits; empty at the end.
std::string_view take_word(std::string_view& text) noexcept {
  while (!text.empty() && !is_word(text.front())) text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && is_word(text[end])) ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool is_any(std::string_view word, const std::array<std::string_view, 4>& list) noexcept {
  for (const std::string_view one : list) {
    if (equals_ignore_case(word, one)) return true;
  }
  return false;
}

std::optional<bool> status_in(std::string_view text) {
  bool named = false;
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
    if (starts_with_ignore_case(word, "unmute")) return false;
    if (is_any(word, {"off", "false", "no", "0"})) return false;
    if (is_any(word, {"on", "true", "yes", "1"})) return true;
    named |= equals_ignore_case(word, "muted") || equals_ignore_case(word, "mute");
  }
  return named ? std::optional(true) : std::nullopt;
}

}  // namespace

std::optional<bool> mute_status(const Message& message) {
  if (!message.request || message.method != "INFO") return std::nullopt;
  const Header* package = message.find("Info-Package");
  if (package == nullptr) return std::nullopt;
  std::string_view parameters = package->value;
  if (!equals_ignore_case(trim(take_until(parameters, ';')), kPackage)) return std::nullopt;
  if (const auto status = status_in(parameters.substr(0, kMaxStatus))) return status;
  for (const BodyPart& part : body_parts(message)) {
    if (const auto status = status_in(as_text(part.bytes).substr(0, kMaxStatus))) return status;
  }
  return std::nullopt;
}

}  // namespace tapestry::sip
