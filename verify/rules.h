#pragma once
#include <span>
#include <string>
#include <string_view>

#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// What a member's value may be.
enum class Shape {
  Any,
  Text,
  TextList,
  Hash,          ///< ContentHash: text or a list of texts
  Unsigned,      ///< a whole number ≥ 0
  UnsignedList,  ///< a list of them
  Indices,       ///< one or a list of them
  Seconds,       ///< a number ≥ 0
  PartyRefs,     ///< Dialog.parties: index, or a list of index, list of indices, null
  SessionIds,    ///< Dialog.session_id: a SessionId, or a list of SessionId or list of SessionId
  Object,
  Objects,
};

struct ObjectRule;

/// One member that the draft defines.
struct MemberRule {
  std::string_view name;
  Shape shape = Shape::Any;
  std::span<const std::string_view> values{};  ///< when not empty, the only texts allowed
  const ObjectRule* object = nullptr;          ///< of Shape::Object and Shape::Objects
};

/// One kind of object. Members that are not listed are allowed and not looked at.
struct ObjectRule {
  std::span<const MemberRule> members;
  std::span<const std::string_view> required{};
  void (*further)(Json, std::string_view where, Faults&) = nullptr;  ///< rules between members
};

/// The unsigned vCon of draft-ietf-vcon-vcon-core-04 §4, and its SessionId.
[[nodiscard]] const ObjectRule& vcon_rule() noexcept;
[[nodiscard]] const ObjectRule& session_id_rule() noexcept;

}  // namespace tapestry::verify
