#include "sipparse/via.h"

#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::sip {

std::optional<Via> parse_via(std::string_view value) noexcept {
  std::string_view rest = take_list_value(value).value_or(std::string_view{});
  take_until(rest, '/');
  take_until(rest, '/');
  rest = trim(rest);
  Via via;
  via.transport = take_word(rest);
  via.sent_by = trim(take_until(rest, ';'));
  via.branch = parameter(rest, "branch").value_or(std::string_view{});
  if (via.sent_by.empty()) return std::nullopt;
  return via;
}

}  // namespace tapestry::sip
