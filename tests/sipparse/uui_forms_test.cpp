#include "sipparse/uui_forms.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {
namespace {

using Found = std::vector<std::string>;

/// `form|data|encoding|purpose|content|mediatype` of each.
Found found_in(const std::string& start, const std::string& headers, const std::string& body = "") {
  const std::string text = start + "\r\nCall-ID: x\r\n" + headers + "\r\n" + body;
  const ParseResult parsed = parse_message(as_bytes(text));
  REQUIRE(parsed.message);
  Found found;
  for (const CarriedUserToUser& one : user_to_user(*parsed.message)) {
    const UserToUser& value = one.value;
    found.push_back(std::string(to_string(one.form)) + "|" + value.data + "|" + value.encoding + "|" + value.purpose +
                    "|" + value.content + "|" + one.mediatype);
  }
  return found;
}

const std::string kInvite = "INVITE sip:1001@example.com SIP/2.0";
const std::string kMoved = "SIP/2.0 302 Moved Temporarily";

Found in_headers(const std::string& headers) { return found_in(kInvite, headers); }

}  // namespace

TEST_CASE("User-to-User is read as RFC 7433 and as the draft before it have it") {
  CHECK(in_headers("User-to-User: 56a390f3d2b7310023a2;encoding=hex;purpose=isdn-uui;content=isdn-uui\r\n") ==
        Found{"header|56a390f3d2b7310023a2|hex|isdn-uui|isdn-uui|"});
  CHECK(in_headers("user-to-user: 12345\r\n") == Found{"header|12345||||"});
  CHECK(in_headers("User-to-User: \"a \\\"b\\\"; c, d\" ; encoding = text\r\n") ==
        Found{"header|a \"b\"; c, d|text|||"});
  CHECK(in_headers("User-to-User: 01;encoding=hex , 02;purpose=\"x\",\r\n 03\r\nUser-to-User: 04\r\n") ==
        Found{"header|01|hex|||", "header|02||x||", "header|03||||", "header|04||||"});
  CHECK(in_headers("User-to-User:\r\nUser-to-User: ;encoding=hex\r\nUser-to-User: \"\"\r\n").empty());
}

TEST_CASE("a header that is still escaped is read as what it stands for") {
  CHECK(in_headers("User-to-User: 00C8426613D31%3Bencoding%3Dhex\r\n") == Found{"header|00C8426613D31|hex|||"});
  CHECK(in_headers("User-to-User: 100%25\r\n") == Found{"header|100%25||||"});
}

TEST_CASE("Contact and Refer-To hand user-to-user information on, as header, parameter or body") {
  CHECK(found_in(kMoved,
                 "Contact: <sip:1001@pbx.example.com?User-to-User=56a390f3d2b7310023a2%3Bencoding%3Dhex"
                 "%3Bpurpose%3Disdn-uui%3Bcontent%3Disdn-uui>\r\n") ==
        Found{"contact-header|56a390f3d2b7310023a2|hex|isdn-uui|isdn-uui|"});
  CHECK(
      found_in(kMoved,
               "m: <sip:a@example.com>;q=0.5, <sip:b@example.com?X=1&user-to-user=01&User%2Dto-User=%22a,b%22>\r\n") ==
      Found{"contact-header|01||||", "contact-header|a,b||||"});
  CHECK(found_in(kMoved, "Contact: <sip:a@example.com;User-to-User=56a3%3Bencoding%3Dhex>\r\n") ==
        Found{"contact-parameter|56a3|hex|||"});
  CHECK(found_in(kMoved, "Contact: sip:a@example.com;uui=56a3\r\n") == Found{"contact-parameter|56a3||||"});
  CHECK(found_in("REFER sip:a@example.com SIP/2.0",
                 "Refer-To: <sip:b@example.com;uui=1?Replaces=x&User-to-User=2>\r\n") ==
        Found{"refer-to-parameter|1||||", "refer-to-header|2||||"});
  CHECK(found_in(kMoved, "Contact: <sip:a@example.com?Content-Type=application/acd&body=account%3D77>\r\n") ==
        Found{"contact-body|account=77||||application/acd"});
  CHECK(found_in("REFER sip:a@example.com SIP/2.0", "r: <sip:b@example.com?body=account%3D77>\r\n") ==
        Found{"refer-to-body|account=77||||"});
  CHECK(
      in_headers("Contact: <sip:a@example.com?body=v%3D0%0D%0A>, <sip:a@b?Content-Type=text/html&body=x>\r\n").empty());
}

TEST_CASE("the Request-URI carries it as a parameter") {
  CHECK(found_in("INVITE sip:1001@example.com;User-to-User=56a3%3Bencoding%3Dhex;x=1 SIP/2.0", "") ==
        Found{"request-parameter|56a3|hex|||"});
  CHECK(found_in("INVITE tel:+12025550101;uui=77 SIP/2.0", "") == Found{"request-parameter|77||||"});
}

TEST_CASE("body parts that are called user-to-user information are, octets come as hexadecimal digits") {
  CHECK(found_in(kInvite, "Content-Type: application/UUI;x=1\r\n", "account=77\r\n") ==
        Found{"body|account=77||||application/uui"});
  CHECK(found_in(kInvite, "Content-Type: application/vnd.example.user-to-user\r\n", std::string("\x00\x01", 2)) ==
        Found{"body|0001|hex|||application/vnd.example.user-to-user"});
  CHECK(found_in(kInvite, "Content-Type: multipart/mixed;boundary=b\r\n",
                 "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b\r\nContent-Type: application/x-uui\r\n\r\n"
                 "ABC\r\n--b--\r\n") == Found{"body|ABC||||application/x-uui"});
  CHECK(found_in(kInvite, "CSeq: 1 INVITE\r\nContent-Type: multipart/mixed;boundary=b\r\n",
                 "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
                 "ticket\r\n--b--\r\n") == Found{"body|ticket||||text/plain"});
  CHECK(found_in(kInvite, "CSeq: 1 INVITE\r\nContent-Type: text/plain\r\n", "ticket").empty());
  CHECK(found_in(kInvite, "Content-Type: application/uuid\r\n", "x").empty());
  CHECK(found_in(kInvite, "Content-Type: application/sdp\r\n", "v=0\r\n").empty());
}

TEST_CASE("Call-Info carries it in a data: URI, pictures are none") {
  CHECK(in_headers("Call-Info: <data:text/plain;charset=utf-8,account%3D77,x>;purpose=info, "
                   "<data:;base64,YWNjb3VudD03Nw==>\r\n") ==
        Found{"call-info|account=77,x||||text/plain", "call-info|account=77||||"});
  CHECK(in_headers("Call-Info: <data:image/png;base64,AAAA>;purpose=icon, <http://example.com/a>\r\n").empty());
  CHECK(in_headers("Call-Info: <data:;base64,====>, <data:text/plain>, <data:\r\n").empty());
}

TEST_CASE("of more values than the bound the first are kept") {
  std::string list = "User-to-User: 0";
  for (int n = 1; n < 40; ++n) list += "," + std::to_string(n);
  CHECK(in_headers(list + "\r\nUser-to-User: x\r\n").size() == kMaxUserToUser);
}

}  // namespace tapestry::sip
