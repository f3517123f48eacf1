#include "verify/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "verify/rules.h"

namespace tapestry::verify {
namespace {

bool is_text(Json value) { return value.text().has_value(); }

/// JSON Schema's "integer" with minimum 0: `1.0` is one too.
bool is_unsigned(Json value) {
  const auto number = value.number();
  return number && *number >= 0 && std::trunc(*number) == *number;
}

template <class Test>
bool is_list_of(Json value, Test test) {
  if (!value.is_array()) return false;
  for (std::size_t n = 0; n < value.size(); ++n) {
    if (!test(value.at(n))) return false;
  }
  return true;
}

bool is_unsigned_list(Json value) { return is_list_of(value, is_unsigned); }

bool is_session_id(Json value) {
  return value.is_object() && std::ranges::all_of(session_id_rule().members, [&](const MemberRule& member) {
           return !value.has(member.name) || is_text(value[member.name]);
         });
}

bool fits(Json value, Shape shape) {
  switch (shape) {
    case Shape::Any:
      return true;
    case Shape::Text:
      return is_text(value);
    case Shape::TextList:
      return is_list_of(value, is_text);
    case Shape::Hash:
      return is_text(value) || is_list_of(value, is_text);
    case Shape::Unsigned:
      return is_unsigned(value);
    case Shape::UnsignedList:
      return is_unsigned_list(value);
    case Shape::Indices:
      return is_unsigned(value) || is_unsigned_list(value);
    case Shape::Seconds:
      return value.number() && *value.number() >= 0;
    case Shape::PartyRefs:
      return is_unsigned(value) ||
             is_list_of(value, [](Json one) { return is_unsigned(one) || is_unsigned_list(one) || one.is_null(); });
    case Shape::SessionIds:
      return is_session_id(value) ||
             is_list_of(value, [](Json one) { return is_session_id(one) || is_list_of(one, is_session_id); });
    case Shape::Object:
      return value.is_object();
    case Shape::Objects:
      return value.is_array();
  }
  return false;
}

std::string_view wanted(Shape shape) {
  switch (shape) {
    case Shape::Any:
      return "anything";
    case Shape::Text:
      return "a string";
    case Shape::TextList:
      return "a list of strings";
    case Shape::Hash:
      return "a string or a list of strings";
    case Shape::Unsigned:
      return "a whole number from 0";
    case Shape::UnsignedList:
      return "a list of whole numbers from 0";
    case Shape::Indices:
      return "a whole number from 0 or a list of them";
    case Shape::Seconds:
      return "a number from 0";
    case Shape::PartyRefs:
      return "an index or a list of index, list of indices or null";
    case Shape::SessionIds:
      return "a SessionId or a list of them";
    case Shape::Object:
      return "an object";
    case Shape::Objects:
      return "a list of objects";
  }
  return {};
}

void check_object(Json value, const ObjectRule& rule, const std::string& where, Faults& faults);

void check_member(Json value, const MemberRule& rule, const std::string& where, Faults& faults) {
  if (!fits(value, rule.shape)) return faults.add("schema", where, fmt::format("not {}", wanted(rule.shape)));
  if (!rule.values.empty() && std::ranges::find(rule.values, value.text_or_empty()) == rule.values.end()) {
    faults.add("schema", where, in_quotes(value.text_or_empty()) + " is not one of the allowed values");
  }
  if (rule.shape == Shape::Object) check_object(value, *rule.object, where, faults);
  for (std::size_t n = 0; rule.shape == Shape::Objects && n < value.size(); ++n) {
    check_object(value.at(n), *rule.object, path_join(where, n), faults);
  }
}

void check_object(Json value, const ObjectRule& rule, const std::string& where, Faults& faults) {
  const std::string_view place = where.empty() ? std::string_view("top level") : where;
  if (!value.is_object()) return faults.add("schema", place, "not an object");
  for (const std::string_view name : rule.required) {
    if (!value.has(name)) faults.add("schema", place, fmt::format("lacks {}", name));
  }
  for (const MemberRule& member : rule.members) {
    if (const Json child = value[member.name]; child.present()) {
      check_member(child, member, path_join(where, member.name), faults);
    }
  }
  if (rule.further != nullptr) rule.further(value, place, faults);
}

}  // namespace

void check_schema(Json vcon, Faults& faults) { check_object(vcon, vcon_rule(), "", faults); }

}  // namespace tapestry::verify
