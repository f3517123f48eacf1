#include "calls/rules.h"

namespace tapestry::calls {

std::optional<Role> parse_role(std::string_view text) noexcept {
  for (const Role role : {Role::Agent, Role::Customer, Role::Supervisor, Role::Sme, Role::Thirdparty, Role::Bot,
                          Role::Recorder, Role::Pbx, Role::Trunk}) {
    if (to_string(role) == text) return role;
  }
  return std::nullopt;
}

}  // namespace tapestry::calls
