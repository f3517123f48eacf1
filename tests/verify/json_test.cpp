#include "verify/json.h"

#include <catch2/catch.hpp>

using namespace tapestry::verify;

namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("JSON values are seen through a view") {
  const auto document = Document::parse(R"({"a": [1, -1, 1.0, "x", null, true], "b": {"c": "d"}})");
  REQUIRE(document);
  const Json root = document->root();
  CHECK(root.is_object());
  CHECK(root.size() == 2);
  CHECK(root["a"].at(0).index() == 1U);
  CHECK_FALSE(root["a"].at(1).index());
  CHECK_FALSE(root["a"].at(2).index());
  CHECK(root["a"].at(2).number() == 1.0);
  CHECK(root["a"].at(3).text() == "x");
  CHECK(root["a"].at(4).is_null());
  CHECK_FALSE(root["a"].at(5).number());
  CHECK(root["b"]["c"].text() == "d");
  CHECK(root.member(1).first == "b");
}

TEST_CASE("what is not there is nothing, however deep one asks") {
  const auto document = Document::parse(R"({"a": [1]})");
  REQUIRE(document);
  const Json root = document->root();
  CHECK_FALSE(root["x"]["y"].at(3).present());
  CHECK_FALSE(root["a"].at(1).present());
  CHECK_FALSE(root["a"]["b"].present());
  CHECK(root.member(7).first.empty());
  CHECK(Json().size() == 0);
}

TEST_CASE("text that is not strict JSON is refused") {
  for (const std::string& text : {std::string(), std::string("{"), std::string("{}x"), std::string("{'a':1}"),
                                  std::string("[1,]"), std::string("NaN"), std::string("[1e999]"),
                                  std::string("\"\xff\""), std::string("{}\0", 3), std::string("\xEF\xBB\xBF{}")}) {
    CAPTURE(text);
    CHECK_FALSE(Document::parse(text));
  }
}

TEST_CASE("a member name that comes twice is refused at any depth") {
  CHECK(Document::parse(R"([{"a": 1}, {"a": 1}])"));
  CHECK_FALSE(Document::parse(R"({"a": 1, "a": 1})"));
  CHECK_FALSE(Document::parse(R"({"b": [{"a": 1, "\u0061": 1}]})"));
}

TEST_CASE("numbers of any length and exponent are read or refused, never undefined") {
  for (const char* text : {"[0.0000000000000000000000000000000000000000000000000000000000000000]",
                           "[12345678901234567890123]", "[-0.0]"}) {
    CHECK(Document::parse(text));
  }
  for (const char* text : {"[123456789012345678901234567890e38085497]", "[1e-38085497]"})
    CHECK_FALSE(Document::parse(text));
}

TEST_CASE("depth, values and length are bounded") {
  CHECK(Document::parse(nested(kMaxJsonDepth)));
  CHECK_FALSE(Document::parse(nested(kMaxJsonDepth + 1)));
  CHECK_FALSE(Document::parse(nested(1'000'000)));
  CHECK(Document::parse("\"" + std::string(200, '[') + "\\\"[\""));
  std::string many = "[0";
  for (std::size_t n = 0; n < kMaxJsonValues; ++n) many += ",0";
  CHECK_FALSE(Document::parse(many + "]"));
  CHECK_FALSE(Document::parse("\"" + std::string(kMaxJsonBytes, 'a') + "\""));
}
