#include "calls/redirection_notes.h"

#include "calls/noting.h"
#include "sipparse/address.h"
#include "sipparse/uri_headers.h"

namespace tapestry::calls {
namespace {

using Fields = std::vector<NoteField>;

std::string text_of(std::string_view parameters, std::string_view name) {
  return std::string(sip::parameter(parameters, name).value_or(""));
}

Fields diversion(const sip::NameAddress& address) {
  return {{"kind", "diversion"},
          {"uri", sip::address_of_record(*address.uri)},
          {"reason", text_of(address.parameters, "reason")},
          {"counter", text_of(address.parameters, "counter")},
          {"privacy", text_of(address.parameters, "privacy")},
          {"screen", text_of(address.parameters, "screen")}};
}

Fields history(const sip::NameAddress& address) {
  Fields fields{{"kind", "history-info"},
                {"uri", sip::address_of_record(*address.uri)},
                {"index", text_of(address.parameters, "index")},
                {"cause", text_of(address.uri->parameters, "cause")}};
  for (const char* how : {"rc", "mp", "np"}) fields.push_back({how, text_of(address.parameters, how)});
  for (std::string_view rest = address.uri->headers; const auto header = sip::take_uri_header(rest);) {
    if (sip::equals_ignore_case(header->name, "Reason")) fields.push_back({"reason", sip::unescape(header->value)});
    if (sip::equals_ignore_case(header->name, "Privacy")) fields.push_back({"privacy", sip::unescape(header->value)});
  }
  return fields;
}

/// Calls `note` with each address of a header that has a URI.
template <class Function>
void for_each_address(std::string_view list, Function note) {
  for (const std::string_view one : sip::split_list(list, kMaxNotes)) {
    const auto address = sip::parse_name_address(one);
    if (address && address->uri) note(*address);
  }
}

/// What the response says for its reason: the header (RFC 3326) or the phrase.
std::string reason_of(const sip::Message& message) {
  const std::string_view reason = message.value(sip::HeaderName::Reason);
  return std::string(reason.empty() ? message.reason : reason);
}

void note_contacts(Notes& notes, const char* kind, const sip::Message& message, const MessageInfo& info) {
  bool any = false;
  for (const sip::Header& header : message.headers) {
    if (header.name != sip::HeaderName::Contact) continue;
    for_each_address(header.value, [&](const sip::NameAddress& address) {
      any = true;
      add_note(notes, NoteKind::Redirection,
               {{"kind", kind},
                {"uri", sip::address_of_record(*address.uri)},
                {"reason", reason_of(message)},
                {"q", text_of(address.parameters, "q")}},
               message, info);
    });
  }
  if (any) return;
  add_note(notes, NoteKind::Redirection, {{"kind", kind}, {"reason", reason_of(message)}}, message, info);
}

}  // namespace

void note_redirection(Notes& notes, const sip::Message& message, const MessageInfo& info) {
  for (const sip::Header& header : message.headers) {
    if (header.name != sip::HeaderName::Diversion && header.name != sip::HeaderName::HistoryInfo) continue;
    const auto read = header.name == sip::HeaderName::Diversion ? diversion : history;
    for_each_address(header.value, [&](const sip::NameAddress& address) {
      add_note(notes, NoteKind::Redirection, read(address), message, info);
    });
  }
  if (message.request || message.method != "INVITE") return;
  if (message.status == 181) note_contacts(notes, "forwarded", message, info);
  if (message.status / 100 == 3) note_contacts(notes, "redirect", message, info);
}

}  // namespace tapestry::calls
