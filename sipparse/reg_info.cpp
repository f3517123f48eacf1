#include "sipparse/reg_info.h"

#include "sipparse/xml.h"

namespace tapestry::sip {
namespace {

/// An element whose attribute or text is the URI: RFC 5628 writes `<pub-gruu uri="..."/>`.
std::string uri_in(const XmlElement& contact, std::string_view name) {
  const XmlElement* element = contact.child(name);
  if (element == nullptr) return {};
  const std::string_view uri = element->attribute("uri");
  return uri.empty() ? element->text : std::string(uri);
}

RegInfoContact read_contact(const XmlElement& element) {
  RegInfoContact contact;
  contact.id = element.attribute("id");
  contact.state = element.attribute("state");
  contact.event = element.attribute("event");
  contact.expires = element.attribute("expires");
  contact.uri = element.child_text("uri");
  contact.pub_gruu = uri_in(element, "pub-gruu");
  contact.temp_gruu = uri_in(element, "temp-gruu");
  return contact;
}

}  // namespace

std::optional<RegInfo> parse_reg_info(std::string_view document) {
  const auto root = parse_xml(document);
  if (!root || root->name != "reginfo") return std::nullopt;
  RegInfo info{.version = std::string(root->attribute("version")),
               .state = std::string(root->attribute("state")),
               .records = {}};
  std::size_t contacts = 0;
  for (const XmlElement& element : root->children) {
    if (element.name != "registration" || info.records.size() == kMaxRegInfoContacts) continue;
    RegInfoRecord record{.aor = std::string(element.attribute("aor")),
                         .id = std::string(element.attribute("id")),
                         .state = std::string(element.attribute("state")),
                         .contacts = {}};
    for (const XmlElement& child : element.children) {
      if (child.name != "contact" || contacts == kMaxRegInfoContacts) continue;
      record.contacts.push_back(read_contact(child));
      ++contacts;
    }
    info.records.push_back(std::move(record));
  }
  return info;
}

}  // namespace tapestry::sip
