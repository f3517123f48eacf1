#include "sipparse/parameters.h"

#include <algorithm>

#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

/// Position of the first comma outside quotes and angle brackets; npos when there is none.
std::size_t top_level_comma(std::string_view text) noexcept {
  std::size_t at = find_unquoted(text, ",<");
  while (at != std::string_view::npos && text[at] == '<') {
    at = text.find('>', at);
    if (at != std::string_view::npos) at = find_unquoted(text, ",<", at);
  }
  return at;
}

}  // namespace

std::optional<std::string_view> take_list_value(std::string_view& rest) noexcept {
  if (rest.data() == nullptr) return std::nullopt;
  const std::size_t comma = top_level_comma(rest);
  const std::string_view value = trim(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  return value;
}

std::vector<std::string_view> split_list(std::string_view value, std::size_t limit) {
  std::vector<std::string_view> values;
  while (values.size() < limit) {
    const auto next = take_list_value(value);
    if (!next) break;
    if (!next->empty()) values.push_back(*next);
  }
  return values;
}

std::optional<Parameter> take_parameter(std::string_view& rest) noexcept {
  if (rest.data() == nullptr) return std::nullopt;
  const std::size_t semicolon = find_unquoted(rest, ";");
  const std::string_view text = rest.substr(0, semicolon);
  rest = semicolon == std::string_view::npos ? std::string_view{} : rest.substr(semicolon + 1);
  const std::size_t equals = text.find('=');
  Parameter parameter{.name = trim(text.substr(0, equals)), .value = std::nullopt};
  if (equals != std::string_view::npos) parameter.value = trim(text.substr(equals + 1));
  return parameter;
}

std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) noexcept {
  while (const auto next = take_parameter(parameters)) {
    if (!equals_ignore_case(next->name, name)) continue;
    std::string_view value = next->value.value_or(std::string_view{});
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      value = value.substr(0, value.rfind('"'));
    }
    return value;
  }
  return std::nullopt;
}

}  // namespace tapestry::sip
