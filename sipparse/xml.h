#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tapestry::sip {

/// Bounds of a document; one that is larger is not read.
inline constexpr std::size_t kMaxXmlBytes = 64U << 10U;
inline constexpr std::size_t kMaxXmlElements = 2048;
inline constexpr std::size_t kMaxXmlDepth = 16;

/// An element with all that it holds. Names are local ones: whatever prefix stands for a namespace is left out.
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  ///< of the element itself, trimmed
  std::vector<XmlElement> children;

  /// The attribute's value, or empty.
  [[nodiscard]] std::string_view attribute(std::string_view wanted) const noexcept;
  /// The first child of that name; nullptr when there is none.
  [[nodiscard]] const XmlElement* child(std::string_view wanted) const noexcept;
  /// That child's text, or empty.
  [[nodiscard]] std::string_view child_text(std::string_view wanted) const noexcept;
};

/// The document's root. Nothing when it is not well-formed or beyond the bounds. Document types are skipped, so that no
/// entity but XML's own five is known. Linear.
std::optional<XmlElement> parse_xml(std::string_view document);

}  // namespace tapestry::sip
