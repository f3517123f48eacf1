#include "sipparse/grammar.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("hosts are names, IPv4 addresses and IPv6 references") {
  for (const std::string_view text : {"a", "example.com", "example.com.", "x-1.y2", "192.0.2.1", "255.255.255.255",
                                      "[::1]", "[2001:db8::192.0.2.1]", "1.2.3.com"}) {
    INFO(text);
    CHECK(is_host(text));
  }
  for (const std::string_view text : {"", ".", "..", "a..", "a..b", "-a", "a-", "1.2.3", "1.2.3.256", "1.2.3.4.", "a_b",
                                      "2001:db8::1", "[]", "[192.0.2.1]", "[2001:db8:::1]", "[::1", "a.1"}) {
    INFO(text);
    CHECK_FALSE(is_host(text));
  }
}

TEST_CASE("a host may have a port") {
  CHECK(is_host_port("[::1]:5060", false));
  CHECK(is_host_port("a : 5060", true));
  for (const std::string_view text : {"a:", "a:65536", "a :5060", "2001:db8::10", "[::1", "[::1]x"}) {
    INFO(text);
    CHECK_FALSE(is_host_port(text, false));
  }
}

TEST_CASE("URIs of the grammar are told from others") {
  for (const std::string_view text : {"sip:a", "sip:a@b", "sip:a:pw@b:5060;x;y=z?h=v&g=", "sips:%00@b", "sip:;/?:@b",
                                      "tel:+1-555", "tel:*21#;phone-context=a", "urn:service:sos", "http://a/b?c=d",
                                      "soap.beep://192.0.2.103:3002", "name:John_Smith", "sip:a;%6C=%41"}) {
    INFO(text);
    CHECK(is_uri(text));
  }
  for (const std::string_view text : {"",           ":",           "sip:",       "sip:@b",
                                      "sip:a b@c",  "sip:a@b;",    "sip:a@b;;x", "sip:a@b;=y",
                                      "sip:a@b;x=", "sip:a@b?",    "sip:a@b?x",  "sip:a@b?x=y&",
                                      "sip:a%4@b",  "sip:\"a\"@b", "<sip:a>",    "sip:2001:db8::10",
                                      "tel:",       "tel:+",       "tel:abcx",   "1x:y",
                                      "x:",         "x:a b",       "nothing"}) {
    INFO(text);
    CHECK_FALSE(is_uri(text));
  }
  CHECK_FALSE(is_request_uri("sip:a@b?h=v"));
  CHECK(is_request_uri("http://a?b"));
}

TEST_CASE("tokens, words, quoted strings and values are what the grammar says") {
  CHECK(is_token("-.!%*_+`'~a0"));
  CHECK_FALSE(is_token(""));
  CHECK_FALSE(is_token("a b"));
  CHECK_FALSE(is_token("\xc3\xa4"));
  CHECK(is_word("word`~)(><:\\/\"][?}{"));
  CHECK_FALSE(is_word("a@b"));
  CHECK(is_quoted_string(R"("a\"")"));
  CHECK_FALSE(is_quoted_string(R"("a"b)"));
  CHECK_FALSE(is_quoted_string(R"("a\")"));
  CHECK(is_parameter_value("[::1]"));
  CHECK_FALSE(is_parameter_value("a/b"));
  CHECK(is_number("0012"));
  CHECK_FALSE(is_number("-1"));
}

}  // namespace tapestry::sip
