#include "sipparse/message.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::sip {
namespace {

constexpr std::string_view kInvite =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    "From: <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:bob@example.com>\r\n"
    "Call-ID: abc@192.0.2.1\r\n"
    "CSeq: 7 INVITE\r\n";

Message parse(std::string_view text) {
  const ParseResult result = parse_message(as_bytes(text));
  REQUIRE(result.message);
  return *result.message;
}

}  // namespace

TEST_CASE("a request gives its line, headers, dialog fields and body") {
  const std::string text = std::string(kInvite) + "Content-Length: 4\r\n\r\nbody and more";
  const Message message = parse(text);
  CHECK(message.request);
  CHECK(message.method == "INVITE");
  CHECK(message.request_uri == "sip:bob@example.com");
  CHECK(message.call_id == "abc@192.0.2.1");
  CHECK(message.has_cseq);
  CHECK(message.cseq == 7);
  CHECK(message.headers.size() == 6);
  CHECK(as_text(message.body) == "body");
  CHECK(message.size == text.size() - 9);
  CHECK_FALSE(message.snapped);
}

TEST_CASE("a response takes its method from CSeq") {
  const Message message = parse("SIP/2.0 180 Ringing a bell\r\nCSeq: 3 INVITE\r\n\r\n");
  CHECK_FALSE(message.request);
  CHECK(message.status == 180);
  CHECK(message.reason == "Ringing a bell");
  CHECK(message.method == "INVITE");
  CHECK(parse("SIP/2.0 200\r\nCSeq: 3 BYE\r\n\r\n").status == 200);
}

TEST_CASE("a status outside 100..699 is none") {
  CHECK(parse("SIP/2.0 099 x\r\nCSeq: 3 INVITE\r\n\r\n").status == 0);
  CHECK(parse("SIP/2.0 700 x\r\nCSeq: 3 INVITE\r\n\r\n").status == 0);
  CHECK(parse("SIP/2.0 99999999999999999999 x\r\nCSeq: 3 INVITE\r\n\r\n").status == 0);
}

TEST_CASE("compact names, folds and blanks around the colon are read") {
  const Message message = parse(
      "INVITE tel:+15551234 SIP/2.0\n"
      "i \t:\n one@two\n"
      "CSEQ:\r\n 0009\r\n\tINVITE\n"
      "f:a\n"
      "u: talk, hold\n"
      "X-Own  : v\n"
      "m:\n\n"
      "rest");
  CHECK(message.call_id == "one@two");
  CHECK(message.cseq == 9);
  CHECK(message.value(HeaderName::From) == "a");
  REQUIRE(message.find("allow-events") != nullptr);
  CHECK(message.find("allow-events")->value == "talk, hold");
  CHECK(message.find("U") == message.find("allow-events"));
  REQUIRE(message.find("x-own") != nullptr);
  CHECK(message.find("x-own")->value == "v");
  CHECK(message.find("call-id") == message.find(HeaderName::CallId));
  CHECK(message.find(HeaderName::Contact) != nullptr);
  CHECK(message.value(HeaderName::Contact).empty());
  CHECK(message.find("nothing") == nullptr);
  CHECK(as_text(message.body) == "rest");
}

TEST_CASE("lines that are no header field are passed over") {
  const Message message =
      parse("BYE sip:a SIP/2.0\r\n folded before any header\r\nno colon\r\n: no name\r\nCSeq: 1 BYE\r\n\r\n");
  CHECK(message.headers.size() == 1);
  CHECK(message.cseq == 1);
}

TEST_CASE("line ends before the start line are skipped and no other junk") {
  CHECK(parse("\r\n\r\n\nBYE sip:a SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n").size == 34);
  CHECK(parse_message(as_bytes("x\r\nBYE sip:a SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n")).error == ParseError::NotSip);
  CHECK(parse_message(as_bytes(" BYE sip:a SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n")).error == ParseError::NotSip);
}

TEST_CASE("what has no start line or no header is no message") {
  for (const std::string_view text : {"", "\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n\r\n",
                                      "INVITE sip:a\r\nA: b\r\n\r\n", "SIP/2.0 abc\r\nA: b\r\n\r\n", "SIP/2.0"}) {
    INFO(text);
    const ParseResult result = parse_message(as_bytes(text));
    CHECK_FALSE(result.message);
    CHECK(result.error == ParseError::NotSip);
  }
  const ParseResult bare = parse_message(as_bytes("BYE sip:a SIP/2.0\r\n\r\n"));
  CHECK_FALSE(bare.message);
  CHECK(bare.error == ParseError::NoHeaders);
}

TEST_CASE("the first Content-Length counts, and one that is no number is as good as none") {
  CHECK(as_text(parse("BYE sip:a SIP/2.0\r\nl: 2\r\nContent-Length: 4\r\n\r\nabcdef").body) == "ab");
  CHECK(as_text(parse("BYE sip:a SIP/2.0\r\nl: -2\r\n\r\nabcdef").body) == "abcdef");
  CHECK(as_text(parse("BYE sip:a SIP/2.0\r\nl: five\r\n\r\nabcdef").body) == "abcdef");
  CHECK(as_text(parse("BYE sip:a SIP/2.0\r\nl:\r\n\r\nabcdef").body) == "abcdef");
}

TEST_CASE("a Content-Length beyond the bytes marks the message as snapped") {
  CHECK(parse("BYE sip:a SIP/2.0\r\nl: 7\r\n\r\nabcdef").snapped);
  CHECK(parse("BYE sip:a SIP/2.0\r\nl: 18446744073709551615\r\n\r\nabcdef").snapped);
  CHECK_FALSE(parse("BYE sip:a SIP/2.0\r\nl: 6\r\n\r\nabcdef").snapped);
}

TEST_CASE("headers beyond the bound are cut off and the body is still found") {
  std::string text = "BYE sip:a SIP/2.0\r\n";
  for (std::size_t i = 0; i < kMaxHeaders + 5; ++i) text += "A: b\r\n";
  text += "\r\nbody";
  const Message message = parse(text);
  CHECK(message.headers.size() == kMaxHeaders);
  CHECK(message.overflowed);
  CHECK(as_text(message.body) == "body");
}

TEST_CASE("a message longer than the bound is cut to it") {
  const std::string text = "BYE sip:a SIP/2.0\r\nA: b\r\n\r\n" + std::string(kMaxMessageBytes, 'x');
  const Message message = parse(text);
  CHECK(message.size == kMaxMessageBytes);
  CHECK(message.overflowed);
}

TEST_CASE("any header may be empty, huge or full of folds") {
  for (const std::string_view name :
       {"Call-ID",      "From",           "To",           "CSeq",          "Via",         "Contact",
        "Content-Type", "Content-Length", "Max-Forwards", "Route",         "Warning",     "Date",
        "Replaces",     "Timestamp",      "Reason",       "Authorization", "Retry-After", "Session-Expires",
        "RAck",         "Diversion"}) {
    for (const std::string& value :
         {std::string(), std::string(60'000, '"'), std::string(60'000, '<'), std::string(60'000, '9'),
          std::string(60'000, ','), std::string(60'000, ';'), std::string(60'000, '('), std::string(60'000, '\\'),
          std::string("\"\\"), std::string("\r\n \r\n \r\n ")}) {
      const std::string text = std::string(kInvite) + std::string(name) + ": " + value + "\r\n\r\n";
      const Message message = parse(text);
      CHECK(message.headers.size() == 6);
      CHECK_FALSE(to_string(validate(message, as_bytes(text))).empty());
    }
  }
}

TEST_CASE("a CSeq beyond 32 bits is none, with its method kept") {
  const Message message = parse("SIP/2.0 200 OK\r\nCSeq: 4294967296 INVITE\r\n\r\n");
  CHECK_FALSE(message.has_cseq);
  CHECK(message.method == "INVITE");
}

}  // namespace tapestry::sip
