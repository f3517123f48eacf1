#include "sipparse/xml.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("elements come with local names, attributes, text and children") {
  const auto root = parse_xml(
      "<?xml version=\"1.0\"?>\r\n<!-- x --><d:a xmlns:d='urn:x' d:n=\"1 &amp; 2\"> x <d:b>y<![CDATA[<z>]]></d:b><c/> "
      "w</d:a>");
  REQUIRE(root);
  CHECK(root->name == "a");
  CHECK(root->attribute("n") == "1 & 2");
  CHECK(root->attribute("m").empty());
  CHECK(root->text == "x  w");
  REQUIRE(root->children.size() == 2);
  CHECK(root->child_text("b") == "y<z>");
  CHECK(root->child("c") != nullptr);
  CHECK(root->child("d") == nullptr);
}

TEST_CASE("a document type is skipped and its entities mean nothing") {
  const auto root = parse_xml("<!DOCTYPE a [<!ENTITY e \"4\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&e;&x;</a>");
  REQUIRE(root);
  CHECK(root->text == "&e;&x;");
}

TEST_CASE("what is not well-formed or beyond the bounds is not read") {
  for (const char* text : {"", " ", "text", "<a>", "<a></b>", "<a b></a>"}) CHECK_FALSE(parse_xml(text));
  std::string deep;
  for (std::size_t n = 0; n <= kMaxXmlDepth; ++n) deep += "<a>";
  for (std::size_t n = 0; n <= kMaxXmlDepth; ++n) deep += "</a>";
  CHECK_FALSE(parse_xml(deep));
  CHECK(parse_xml(deep.substr(3, deep.size() - 7)));
  std::string many = "<a>";
  for (std::size_t n = 1; n < kMaxXmlElements; ++n) many += "<b/>";
  CHECK(parse_xml(many + "</a>"));
  CHECK_FALSE(parse_xml(many + "<b/></a>"));
  CHECK_FALSE(parse_xml("<a>" + std::string(kMaxXmlBytes, 'x') + "</a>"));
}

}  // namespace tapestry::sip
