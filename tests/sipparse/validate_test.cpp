// validate() and to_string(Verdict) of message.h.
#include <catch2/catch.hpp>
#include <string>

#include "sipparse/message.h"

namespace tapestry::sip {
namespace {

constexpr std::string_view kVia = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n";
constexpr std::string_view kFrom = "From: <sip:alice@example.com>;tag=1\r\n";
constexpr std::string_view kTo = "To: <sip:bob@example.com>\r\n";
constexpr std::string_view kCallId = "Call-ID: abc@192.0.2.1\r\n";
constexpr std::string_view kCSeq = "CSeq: 7 OPTIONS\r\n";

Verdict judge(std::string_view line, std::string_view more = "", std::string_view body = "") {
  std::string text(line);
  text += "\r\n";
  for (const std::string_view header : {kVia, kFrom, kTo, kCallId, kCSeq, more}) text += header;
  text += "\r\n";
  text += body;
  const auto message = parse_message(as_bytes(text)).message;
  REQUIRE(message);
  return validate(*message, as_bytes(text));
}

}  // namespace

TEST_CASE("well-formed messages are valid") {
  CHECK(judge("OPTIONS sip:b@c SIP/2.0") == Verdict::Valid);
  CHECK(judge("OPTIONS sip:b@c sip/2.0", "Content-Length: 2\r\n", "ab and more") == Verdict::Valid);
  CHECK(judge("SIP/2.0 200 OK") == Verdict::Valid);
  CHECK(judge("SIP/2.0 200 ") == Verdict::Valid);
}

TEST_CASE("start lines outside the grammar are told") {
  CHECK(judge("OPTIONS  sip:b@c SIP/2.0") == Verdict::BadStartLine);
  CHECK(judge("OPTIONS sip:b@c  SIP/2.0") == Verdict::BadStartLine);
  CHECK(judge("OPTIONS sip:b@c SIP/2.0 ") == Verdict::BadStartLine);
  CHECK(judge("OPTIONS\tsip:b@c SIP/2.0") == Verdict::BadStartLine);
  CHECK(judge("OPTIONS SIP/2.0") == Verdict::BadStartLine);
  CHECK(judge("OPTIONS sip:b@c SIP/3.0") == Verdict::BadVersion);
  CHECK(judge("OPTIONS sip:b@c; lr SIP/2.0") == Verdict::BadRequestUri);
  CHECK(judge("OPTIONS <sip:b@c> SIP/2.0") == Verdict::BadRequestUri);
  CHECK(judge("OPTIONS sip:b@c?Route=x SIP/2.0") == Verdict::BadRequestUri);
  CHECK(judge("SIP/2.0 200") == Verdict::BadStartLine);
  CHECK(judge("SIP/2.0 4294967301 OK") == Verdict::BadStatus);
  CHECK(judge("SIP/2.0 700 OK") == Verdict::BadStatus);
  CHECK(judge("SIP/2.1 200 OK") == Verdict::BadVersion);
}

TEST_CASE("a required header that is missing is told") {
  for (const std::string_view left_out : {kVia, kFrom, kTo, kCallId, kCSeq}) {
    std::string text = "OPTIONS sip:b@c SIP/2.0\r\n";
    for (const std::string_view header : {kVia, kFrom, kTo, kCallId, kCSeq}) {
      if (header != left_out) text += header;
    }
    const auto message = parse_message(as_bytes(text)).message;
    REQUIRE(message);
    CHECK(validate(*message, as_bytes(text)) == Verdict::MissingHeader);
  }
}

TEST_CASE("a header that may come once and comes twice is told") {
  for (const std::string_view header : {kFrom, kTo, kCallId, kCSeq}) {
    CHECK(judge("OPTIONS sip:b@c SIP/2.0", header) == Verdict::RepeatedHeader);
  }
  CHECK(judge("OPTIONS sip:b@c SIP/2.0", "l: 0\r\nContent-Length: 0\r\n") == Verdict::RepeatedHeader);
  CHECK(judge("OPTIONS sip:b@c SIP/2.0", kVia) == Verdict::Valid);
}

TEST_CASE("the method of CSeq must be the request's") {
  CHECK(judge("REGISTER sip:b@c SIP/2.0") == Verdict::MethodMismatch);
  CHECK(judge("options sip:b@c SIP/2.0") == Verdict::MethodMismatch);
}

TEST_CASE("a body shorter than Content-Length is told") {
  CHECK(judge("OPTIONS sip:b@c SIP/2.0", "l: 3\r\n", "ab") == Verdict::BodyTooShort);
  CHECK(judge("OPTIONS sip:b@c SIP/2.0", "l: -3\r\n", "ab") == Verdict::BadContentLength);
}

TEST_CASE("a Content-Length is not held against bare line ends") {
  const std::string text =
      "OPTIONS sip:b@c SIP/2.0\nv: SIP/2.0/UDP a\nf: sip:a@b;tag=1\nt: sip:b@c\ni: 1\nCSeq: 1 OPTIONS\nl: 9\n\nv=0\n";
  const auto message = parse_message(as_bytes(text)).message;
  REQUIRE(message);
  CHECK(message->snapped);
  CHECK(validate(*message, as_bytes(text)) == Verdict::Valid);
}

TEST_CASE("lines that are no header field are told") {
  CHECK(judge("OPTIONS sip:b@c SIP/2.0", "no colon\r\n") == Verdict::BadHeader);
  CHECK(judge("OPTIONS sip:b@c SIP/2.0", "Na me: x\r\n") == Verdict::BadHeader);
}

TEST_CASE("every verdict has a name of its own") {
  CHECK(to_string(Verdict::Valid) == "valid");
  CHECK(to_string(Verdict::BadVia) == "bad-via");
  CHECK(to_string(Verdict::BadNumber) == "bad-number");
}

}  // namespace tapestry::sip
