#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace tapestry::sip {

/// Takes the next value off a comma list at top level; nothing at its end. Empty values come, too.
std::optional<std::string_view> take_list_value(std::string_view& rest) noexcept;

/// Splits a comma list at top level: commas inside quotes and angle brackets do not count; empty values are left out.
/// At most `limit` values.
std::vector<std::string_view> split_list(std::string_view value, std::size_t limit = 64);

/// One `;name=value`, trimmed; the value keeps its quotes.
struct Parameter {
  std::string_view name;
  std::optional<std::string_view> value;  ///< nothing when there is no `=`
};

/// Takes the next parameter off `a=b;c;d="e"`; nothing at its end. Empty ones come, too.
std::optional<Parameter> take_parameter(std::string_view& rest) noexcept;

/// Value of parameter `name` (any case) in `a=b;c;d="e"`; empty view for one without value, quotes removed; nothing
/// when absent.
std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) noexcept;

}  // namespace tapestry::sip
