#include "sipparse/dtmf_body.h"

#include <optional>

#include "core/dtmf_key.h"
#include "sipparse/text.h"
#include "sipparse/xml.h"

namespace tapestry::sip {
namespace {

constexpr std::size_t kEventBytes = 4;

void add(std::string& keys, std::optional<char> key) {
  if (key && keys.size() < kMaxToldKeys) keys.push_back(*key);
}

/// Each character a key; others between them say nothing.
std::string plain(std::string_view text) {
  std::string keys;
  for (const char c : text) add(keys, parse_dtmf_key(std::string_view(&c, 1)));
  return keys;
}

/// A word for one key, or several keys in a row; nothing for other words, as `flash`.
std::string words(std::string_view text) {
  std::string keys;
  const std::string_view word = trim(text);
  add(keys, parse_dtmf_key(word));
  if (!keys.empty() || word.find_first_not_of("0123456789*#ABCDabcd") != std::string_view::npos) return keys;
  return plain(word);
}

/// Values of the lines `NAME=value` or `NAME: value`.
std::string named_lines(std::string_view text, std::string_view name) {
  std::string keys;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n");
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (!starts_with_ignore_case(line, name)) continue;
    const std::string_view rest = trim(line.substr(name.size()));
    if (rest.empty() || (rest.front() != '=' && rest.front() != ':')) continue;
    for (const char key : words(rest.substr(1))) add(keys, key);
  }
  return keys;
}

std::string event(Bytes bytes) {
  std::string keys;
  if (bytes.size() >= kEventBytes) add(keys, dtmf_key_of_event(bytes.front()));
  return keys;
}

std::string kpml(std::string_view text) {
  const auto root = parse_xml(text);
  return root && root->name == "kpml-response" ? plain(root->attribute("digits")) : std::string();
}

}  // namespace

std::string dtmf_keys(const BodyPart& part) {
  const auto is = [&](std::string_view type) { return equals_ignore_case(part.type, type); };
  const std::string_view text = as_text(part.bytes);
  if (is("application/dtmf-relay")) return named_lines(text, "Signal");
  if (is("application/dtmf")) return words(text);
  if (is("application/vnd.nortelnetworks.digits")) return named_lines(text, "d");
  if (is("audio/telephone-event") || is("application/telephone-event")) return event(part.bytes);
  if (is("application/kpml-response+xml")) return kpml(text);
  return {};
}

}  // namespace tapestry::sip
