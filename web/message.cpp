#include "web/message.h"

#include <strings.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tapestry::web {

std::optional<std::string_view> find_field(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::ranges::find_if(fields, [name](const Field& field) {
    return field.name.size() == name.size() && strncasecmp(field.name.data(), name.data(), name.size()) == 0;
  });
  if (found == fields.end()) return std::nullopt;
  return found->value;
}

Response json_response(std::string text) {
  Response response;
  response.fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = std::move(text);
  return response;
}

Response refusal(unsigned status, std::string_view code, std::string_view message) {
  const nlohmann::ordered_json error = {{"error", {{"code", code}, {"message", message}}}};
  Response response = json_response(error.dump() + "\n");
  response.status = status;
  return response;
}

}  // namespace tapestry::web
