#include "vconout/parties.h"

#include <algorithm>
#include <string>

namespace tapestry::vconout {
namespace {

bool has_scheme(std::string_view uri, std::string_view scheme) {
  return uri.size() >= scheme.size() && std::ranges::equal(uri.substr(0, scheme.size()), scheme, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

void add_name(Json& object, std::string_view name, std::string_view validation) {
  add_text(object, "name", name);
  add_text(object, "validation", validation);
}

Json party_of(const calls::Party& party) {
  Json object = Json::object();
  const bool sip = has_scheme(party.uri, "sip:") || has_scheme(party.uri, "sips:");
  const bool tel = has_scheme(party.uri, "tel:");
  if (sip) add_text(object, "sip", party.uri);
  if (tel) add_text(object, "tel", party.uri);
  add_text(object, "stir", party.stir);
  if (!party.name.empty()) {
    add_name(object, party.name, "none");
  } else if (!party.uri.empty() && !sip && !tel) {
    add_name(object, party.uri, "none");
  } else if (party.uri.empty() && party.uuid.empty()) {
    add_name(object, "anonymous", "none");
  }
  add_text(object, "uuid", party.uuid);
  add_text(object, "type", party.type);
  add_text(object, "role", calls::to_string(party.role));
  add_text(object, "contact_list", party.contact_list);
  return object;
}

}  // namespace

Json parties_of(const calls::Interaction& interaction, const Options& options) {
  Json list = Json::array();
  for (const auto& party : interaction.parties) list.push_back(party_of(party));
  Json recorder = Json::object();
  add_name(recorder, "Tapestry recorder " + options.host, options.host);
  recorder["type"] = "organization";
  list.push_back(std::move(recorder));
  return list;
}

}  // namespace tapestry::vconout
