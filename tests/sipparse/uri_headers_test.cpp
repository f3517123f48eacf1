#include "sipparse/uri_headers.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("the headers of a URI come one by one, names unescaped, values not") {
  std::string_view rest = "Replaces=a%40b%3Bto-tag%3D1&User%2Dto-User=5&x&&body=";
  const auto next = [&]() -> std::string {
    const auto header = take_uri_header(rest);
    return header ? header->name + "|" + std::string(header->value) : "end";
  };
  CHECK(next() == "Replaces|a%40b%3Bto-tag%3D1");
  CHECK(next() == "User-to-User|5");
  CHECK(next() == "x|");
  CHECK(next() == "|");
  CHECK(next() == "body|");
  CHECK(next() == "end");
}

}  // namespace tapestry::sip
