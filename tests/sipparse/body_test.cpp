#include "sipparse/body.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::sip {
namespace {

/// A message with that Content-Type and body, kept alive for the views.
struct Sample {
  Sample(std::string_view type, std::string_view body)
      : bytes("INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\n" + (type.empty() ? "" : "c: " + std::string(type) + "\r\n") +
              "\r\n" + std::string(body)),
        message(*parse_message(as_bytes(bytes)).message) {}
  std::string bytes;
  Message message;
};

}  // namespace

TEST_CASE("a single body is one part") {
  const Sample sample("application/sdp; charset=x", "v=0\r\n");
  const auto parts = body_parts(sample.message);
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].type == "application/sdp");
  CHECK(parts[0].parameters == "charset=x");
  CHECK(as_text(parts[0].bytes) == "v=0\r\n");
  CHECK(body_parts(Sample("", "").message).empty());
}

TEST_CASE("a multipart gives its leaves without preamble and epilogue") {
  const Sample sample(
      "multipart/mixed;boundary=\"b 1\"",
      "preamble\r\n--b 1\r\nContent-Type: application/sdp\r\nContent-Disposition: session;x=y\r\n\r\nv=0\r\n\r\n"
      "--b 1 \r\n\r\nplain\r\n--b 12\r\n--b 1--\r\nepilogue\r\n--b 1\r\n\r\nlate");
  const auto parts = body_parts(sample.message);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].type == "application/sdp");
  CHECK(parts[0].disposition == "session;x=y");
  CHECK(as_text(parts[0].bytes) == "v=0\r\n");
  CHECK(parts[1].type.empty());
  CHECK(as_text(parts[1].bytes) == "plain\r\n--b 12");
}

TEST_CASE("a last boundary that is missing ends the last part with the body") {
  const Sample sample("multipart/mixed;boundary=b", "--b\n\nv=0\n--b\nContent-Type: text/plain\n\nrest\n");
  const auto parts = body_parts(sample.message);
  REQUIRE(parts.size() == 2);
  CHECK(as_text(parts[1].bytes) == "rest\n");
  CHECK(as_text(sdp_body(sample.message)) == "v=0");
}

TEST_CASE("nested multiparts are opened to a depth of four") {
  std::string body = "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--";
  for (int depth = 1; depth < 6; ++depth) {
    const std::string type = "multipart/mixed;boundary=x" + std::string(static_cast<std::size_t>(depth) - 1, 'x');
    const Sample sample(type, body);
    const auto parts = body_parts(sample.message);
    REQUIRE(parts.size() == 1);
    CHECK((parts[0].type == "application/sdp") == (depth <= 4));
    const std::string outer = "--x" + std::string(static_cast<std::size_t>(depth), 'x');
    body = outer + "\r\nContent-Type: " + type + "\r\n\r\n" + body + "\r\n" + outer + "--";
  }
}

TEST_CASE("no more than 32 leaves are given") {
  std::string body;
  for (int i = 0; i < 100; ++i) body += "--b\r\n\r\nx\r\n";
  CHECK(body_parts(Sample("multipart/mixed;boundary=b", body).message).size() == kMaxBodyParts);
}

TEST_CASE("a multipart without its boundary is one leaf as it is") {
  for (const std::string_view type :
       {"multipart/mixed", "multipart/mixed;boundary=", "multipart/mixed;boundary=none"}) {
    const Sample sample(type, "--b\r\n\r\nx\r\n--b--");
    const auto parts = body_parts(sample.message);
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].bytes.size() == sample.message.body.size());
  }
}

TEST_CASE("a nested multipart without its boundary is a leaf behind its siblings") {
  const Sample sample("multipart/mixed;boundary=b",
                      "--b\r\n\r\none\r\n--b\r\nContent-Type: multipart/mixed;boundary=none\r\n\r\ntwo\r\n--b--\r\n");
  const auto parts = body_parts(sample.message);
  REQUIRE(parts.size() == 2);
  CHECK(as_text(parts[1].bytes) == "two");
}

TEST_CASE("a part whose first line is no header is all body") {
  const Sample sample("multipart/mixed;boundary=b", "--b\r\nv=0\r\no=- 1 1 IN IP6 ::1\r\n--b--");
  CHECK(as_text(sdp_body(sample.message)) == "v=0\r\no=- 1 1 IN IP6 ::1");
}

TEST_CASE("the description is found by its type, or by its beginning where no type is told") {
  CHECK(as_text(sdp_body(Sample("Application/SDP", "x").message)) == "x");
  const Sample untyped("", "\r\nv=0\r\n");
  CHECK(as_text(sdp_body(untyped.message)) == "\r\nv=0\r\n");
  CHECK(sdp_body(Sample("text/plain", "v=0\r\n").message).empty());
  CHECK(sdp_body(Sample("", "hello").message).empty());
}

}  // namespace tapestry::sip
