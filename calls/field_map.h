#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "calls/note.h"
#include "calls/rules.h"
#include "core/pattern.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Bound on a field's value: what is longer is cut. A body that is longer than the second is not looked at.
inline constexpr std::size_t kMaxFieldBytes = 256;
inline constexpr std::size_t kMaxFieldBody = 16U << 10U;

/// The [[map]] table: fields of CC-02 from what messages carry. Correlator's thread only.
class FieldMap {
 public:
  /// Throws std::runtime_error when a rule's expression or replacement is wrong.
  explicit FieldMap(const std::vector<FieldRule>& rules);

  /// Fills the fields that are still empty from the message: the first rule of a field that matches wins. Card numbers
  /// are masked, nothing of the message is kept but the values.
  void apply(ContactCentre& fields, const sip::Message& message) const;

  /// What the rules for `key` find in the message; each rule's first match.
  [[nodiscard]] std::vector<std::string> keys(const sip::Message& message) const;

 private:
  struct Entry {
    FieldRule rule;
    Pattern pattern;
  };
  /// What the rule makes of the message; empty when it does not match.
  static std::string value_of(const Entry& entry, const sip::Message& message);

  std::vector<Entry> entries_;
};

/// Checks one rule as the constructor does. Throws std::runtime_error.
void check_field_rule(const FieldRule& rule);

}  // namespace tapestry::calls
