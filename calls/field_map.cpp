#include "calls/field_map.h"

#include <stdexcept>

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
      return fields.interaction_id;
  }
  return fields.campaign;
}

bool begins_dialog(const sip::Message& message) {
  return message.request && message.method == "INVITE" &&
         message.value(HeaderName::To).find("tag=") == std::string_view::npos;
}

/// Hands each text of the message that the rule looks at to `take` until it says true.
template <class Function>
bool any_text(const FieldRule& rule, const sip::Message& message, Function take) {
  if (rule.source == MapSource::Dialled) return begins_dialog(message) && take(uri_of(message.request_uri));
  if (rule.source == MapSource::Uui) {
    for (const sip::CarriedUserToUser& carried : sip::user_to_user(message)) {
      if (take(carried.value.data)) return true;
    }
    return false;
  }
  if (rule.source == MapSource::Body) {
    for (const sip::BodyPart& part : sip::body_parts(message)) {
      const bool wanted = part.bytes.size() <= kMaxFieldBody && sip::equals_ignore_case(part.type, rule.name);
      if (wanted && take(as_text(part.bytes))) return true;
    }
    return false;
  }
  const HeaderName name = sip::header_name(rule.name);
  for (const sip::Header& header : message.headers) {
    if (rule.source == MapSource::Header) {
      const bool wanted =
          name == HeaderName::Other ? sip::equals_ignore_case(header.raw_name, rule.name) : header.name == name;
      if (wanted && take(header.value)) return true;
      continue;
    }
    const bool queue = header.name == HeaderName::Diversion || header.name == HeaderName::HistoryInfo ||
                       sip::equals_ignore_case(header.raw_name, "P-Called-Party-ID");
    if (!queue) continue;
    for (const std::string_view one : sip::split_list(header.value, kMaxNotes)) {
      if (take(uri_of(one))) return true;
    }
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

void FieldMap::apply(ContactCentre& fields, const sip::Message& message) const {
  for (const Entry& entry : entries_) {
    std::string& field = field_of(fields, entry.rule.field);
    if (!field.empty()) continue;
    (void)any_text(entry.rule, message, [&](std::string_view text) {
      const auto found = entry.pattern.extract(text, rewrite_of(entry.rule));
      if (!found || found->empty()) return false;
      field = mask_card_numbers(*found).substr(0, kMaxFieldBytes);
      return true;
    });
  }
}

}  // namespace tapestry::calls
