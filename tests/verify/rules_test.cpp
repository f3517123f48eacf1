#include "verify/rules.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <vector>

using namespace tapestry::verify;

TEST_CASE("no object names a member twice, and only objects have members") {
  std::vector<const ObjectRule*> pending{&vcon_rule(), &session_id_rule()};
  std::set<const ObjectRule*> seen;
  while (!pending.empty()) {
    const ObjectRule* rule = pending.back();
    pending.pop_back();
    if (!seen.insert(rule).second) continue;
    std::set<std::string_view> names;
    for (const MemberRule& member : rule->members) {
      CAPTURE(member.name);
      CHECK(names.insert(member.name).second);
      CHECK((member.object != nullptr) == (member.shape == Shape::Object || member.shape == Shape::Objects));
      if (member.object != nullptr) pending.push_back(member.object);
    }
    for (const std::string_view name : rule->required) CHECK(names.contains(name));
  }
  CHECK(seen.size() == 10);
}
