#include "sipparse/xml.h"

#include <algorithm>
#include <pugixml.hpp>

#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

std::string_view local_name(std::string_view name) noexcept {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Copies one element; false when a bound is reached.
bool copy(const pugi::xml_node& node, XmlElement& element, std::size_t depth, std::size_t& left) {
  if (depth > kMaxXmlDepth || left == 0) return false;
  --left;
  element.name = local_name(node.name());
  for (const pugi::xml_attribute& one : node.attributes()) {
    element.attributes.emplace_back(local_name(one.name()), one.value());
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) {
      if (!copy(child, element.children.emplace_back(), depth + 1, left)) return false;
    } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      element.text += child.value();
    }
  }
  element.text = std::string(trim(element.text));
  return true;
}

}  // namespace

std::string_view XmlElement::attribute(std::string_view wanted) const noexcept {
  const auto found = std::ranges::find_if(attributes, [&](const auto& one) { return one.first == wanted; });
  return found == attributes.end() ? std::string_view{} : found->second;
}

const XmlElement* XmlElement::child(std::string_view wanted) const noexcept {
  const auto found = std::ranges::find(children, wanted, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::child_text(std::string_view wanted) const noexcept {
  const XmlElement* found = child(wanted);
  return found == nullptr ? std::string_view{} : found->text;
}

std::optional<XmlElement> parse_xml(std::string_view document) {
  if (document.size() > kMaxXmlBytes) return std::nullopt;
  pugi::xml_document read;
  constexpr unsigned kOptions = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute;
  if (!read.load_buffer(document.data(), document.size(), kOptions)) return std::nullopt;
  XmlElement root;
  std::size_t left = kMaxXmlElements;
  if (read.document_element().empty() || !copy(read.document_element(), root, 1, left)) return std::nullopt;
  return root;
}

}  // namespace tapestry::sip
