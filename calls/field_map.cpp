#include "calls/field_map.h"

#include <algorithm>
#include <functional>

#include "calls/noting.h"
#include "core/card_numbers.h"
#include "sipparse/address.h"
#include "sipparse/body.h"
#include "sipparse/uui_forms.h"

namespace tapestry::calls {
namespace {

using sip::HeaderName;

std::string& field_of(ContactCentre& fields, MapField field) noexcept {
  switch (field) {
    case MapField::Campaign:
      return fields.campaign;
    case MapField::Skill:
      return fields.skill;
    case MapField::ContactList:
      return fields.contact_list;
    case MapField::InteractionType:
      return fields.interaction_type;
    case MapField::InteractionId:
    case MapField::Key:
      return fields.interaction_id;
  }
  return fields.campaign;
}

bool begins_dialog(const sip::Message& message) {
  return message.request && message.method == "INVITE" &&
         message.value(HeaderName::To).find("tag=") == std::string_view::npos;
}

using Take = std::function<bool(std::string_view)>;

bool any_header(const FieldRule& rule, const sip::Message& message, const Take& take) {
  return std::ranges::any_of(message.headers, [&](const sip::Header& header) {
    if (rule.source == MapSource::Header) return header.is_named(rule.name) && take(header.value);
    if (!tells_queue(header)) return false;
    return std::ranges::any_of(sip::split_list(header.value, kMaxNotes),
                               [&](std::string_view one) { return take(uri_of(one)); });
  });
}

/// Hands each text of the message that the rule looks at to `take` until it says true.
bool any_text(const FieldRule& rule, const sip::Message& message, const Take& take) {
  switch (rule.source) {
    case MapSource::Dialled:
      return begins_dialog(message) && take(uri_of(message.request_uri));
    case MapSource::Uui:
      return std::ranges::any_of(sip::user_to_user(message),
                                 [&](const sip::CarriedUserToUser& carried) { return take(carried.value.data); });
    case MapSource::Body:
      return std::ranges::any_of(sip::body_parts(message), [&](const sip::BodyPart& part) {
        return part.bytes.size() <= kMaxFieldBody && sip::equals_ignore_case(part.type, rule.name) &&
               take(as_text(part.bytes));
      });
    case MapSource::Header:
    case MapSource::Queue:
      return any_header(rule, message, take);
  }
  return false;
}

std::string rewrite_of(const FieldRule& rule) { return rule.value.empty() ? "\\1" : rule.value; }

}  // namespace

void check_field_rule(const FieldRule& rule) { Pattern(rule.pattern).check_replacement(rewrite_of(rule)); }

FieldMap::FieldMap(const std::vector<FieldRule>& rules) {
  for (const FieldRule& rule : rules) {
    check_field_rule(rule);
    entries_.push_back({rule, Pattern(rule.pattern)});
  }
}

std::string FieldMap::value_of(const Entry& entry, const sip::Message& message) {
  std::string value;
  (void)any_text(entry.rule, message, [&](std::string_view text) {
    const auto found = entry.pattern.extract(text, rewrite_of(entry.rule));
    if (!found || found->empty()) return false;
    value = mask_card_numbers(*found).substr(0, kMaxFieldBytes);
    return true;
  });
  return value;
}

void FieldMap::apply(ContactCentre& fields, const sip::Message& message) const {
  for (const Entry& entry : entries_) {
    if (entry.rule.field == MapField::Key) continue;
    std::string& field = field_of(fields, entry.rule.field);
    if (field.empty()) field = value_of(entry, message);
  }
}

std::vector<std::string> FieldMap::keys(const sip::Message& message) const {
  std::vector<std::string> keys;
  for (const Entry& entry : entries_) {
    if (entry.rule.field != MapField::Key) continue;
    if (std::string key = value_of(entry, message); !key.empty()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace tapestry::calls
