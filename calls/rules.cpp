#include "calls/rules.h"

namespace tapestry::calls {

std::optional<Role> parse_role(std::string_view text) noexcept {
  for (const Role role : {Role::Agent, Role::Customer, Role::Supervisor, Role::Sme, Role::Thirdparty, Role::Bot,
                          Role::Recorder, Role::Pbx, Role::Trunk}) {
    if (to_string(role) == text) return role;
  }
  return std::nullopt;
}

std::optional<MapField> parse_map_field(std::string_view text) noexcept {
  if (text == "campaign") return MapField::Campaign;
  if (text == "skill") return MapField::Skill;
  if (text == "contact_list") return MapField::ContactList;
  if (text == "interaction_type") return MapField::InteractionType;
  if (text == "interaction_id") return MapField::InteractionId;
  if (text == "key") return MapField::Key;
  return std::nullopt;
}

bool parse_map_source(std::string_view text, FieldRule& rule) {
  const std::size_t blank = text.find(' ');
  const std::string_view word = text.substr(0, blank);
  rule.name = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
  if (rule.name.contains(' ')) return false;
  const bool named = !rule.name.empty();
  if (word == "header" && named) {
    rule.source = MapSource::Header;
  } else if (word == "body" && named) {
    rule.source = MapSource::Body;
  } else if (text == "uui") {
    rule.source = MapSource::Uui;
  } else if (text == "dialled") {
    rule.source = MapSource::Dialled;
  } else if (text == "queue") {
    rule.source = MapSource::Queue;
  } else {
    return false;
  }
  return true;
}

}  // namespace tapestry::calls
