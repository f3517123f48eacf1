#include "sipparse/dialog_reference.h"

#include <catch2/catch.hpp>

using namespace tapestry;

TEST_CASE("a Replaces value names a dialog by its Call-ID and both tags") {
  const auto dialog = sip::parse_dialog_reference(" 425928@phone.example.org ; to-tag=7743 ;from-tag=6472;early-only");
  REQUIRE(dialog);
  CHECK(dialog->call_id == "425928@phone.example.org");
  CHECK(dialog->one_tag == "7743");
  CHECK(dialog->another_tag == "6472");
  CHECK(dialog->early_only);
}

TEST_CASE("a Target-Dialog value names it by local and remote tags") {
  const auto dialog =
      sip::parse_dialog_reference("fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544");
  REQUIRE(dialog);
  CHECK(dialog->one_tag == "kkaz-");
  CHECK(dialog->another_tag == "6544");
  CHECK_FALSE(dialog->early_only);
}

TEST_CASE("a dialog without a Call-ID or one of its tags is none") {
  CHECK_FALSE(sip::parse_dialog_reference(""));
  CHECK_FALSE(sip::parse_dialog_reference(";to-tag=1;from-tag=2"));
  CHECK_FALSE(sip::parse_dialog_reference("id;to-tag=1"));
  CHECK_FALSE(sip::parse_dialog_reference("id;from-tag=1"));
  CHECK_FALSE(sip::parse_dialog_reference("id;to-tag=;from-tag=1"));
}

TEST_CASE("Refer-To asks for an INVITE to its URI when it names no method") {
  const auto target = sip::parse_refer_to("\"Two\" <sip:1002@pbx.example.com:5070;transport=tcp>;x=y");
  REQUIRE(target);
  CHECK(target->uri == "sip:1002@pbx.example.com");
  CHECK(target->method == "INVITE");
  CHECK_FALSE(target->replaces);
  CHECK(target->call_id.empty());
  CHECK(target->feature.empty());
}

TEST_CASE("Refer-To without angle brackets, with a tel URI, and with a method") {
  CHECK(sip::parse_refer_to("sip:1002@pbx.example.com")->uri == "sip:1002@pbx.example.com");
  CHECK(sip::parse_refer_to("<tel:+12025550101>")->uri == "tel:+12025550101");
  CHECK(sip::parse_refer_to("<sip:room@focus.example.com;method=bye>")->method == "BYE");
}

TEST_CASE("Refer-To carries an escaped Replaces among its URI's headers") {
  const auto target = sip::parse_refer_to(
      "<sip:1002@pbx.example.com?Subject=a&rEPLACES=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>");
  REQUIRE(target);
  REQUIRE(target->replaces);
  CHECK(target->replaces->call_id == "12345@192.168.118.3");
  CHECK(target->replaces->one_tag == "12345");
  CHECK(target->replaces->another_tag == "5FFE-3994");
}

TEST_CASE("Refer-To names the call that a BYE is asked for") {
  const auto target = sip::parse_refer_to("<sip:1002@pbx.example.com;method=BYE?Call-ID=a%25b%40host>");
  REQUIRE(target);
  CHECK(target->call_id == "a%b@host");
}

TEST_CASE("a feature referral names the feature, with its parameters") {
  CHECK(sip::parse_refer_to("<urn:feature:HoldCall>")->feature == "HoldCall");
  CHECK(sip::parse_refer_to("<URN:ietf:feature:MonitorCall;action=start>")->feature == "MonitorCall;action=start");
  CHECK(sip::parse_refer_to("<urn:feature:HoldCall>")->uri.empty());
}

TEST_CASE("a Refer-To of another scheme has no address, and one without a URI is none") {
  const auto other = sip::parse_refer_to("<http://example.com/>");
  CHECK((!other || other->uri.empty()));
  CHECK_FALSE(sip::parse_refer_to(""));
  CHECK_FALSE(sip::parse_refer_to("<>"));
}

TEST_CASE("a sipfrag begins with a status line") {
  CHECK(sip::sipfrag_status("SIP/2.0 100 Trying") == 100);
  CHECK(sip::sipfrag_status("sip/2.0 699 \r\n") == 699);
  CHECK(sip::sipfrag_status("SIP/2.0 200") == 200);
  for (const char* none : {"", "SIP/2.0 ", "SIP/2.0 99 x", "SIP/2.0 099 x", "SIP/2.0 700 x", "SIP/2.0 2",
                           "SIP/2.0 20 OK", "SIP/3.0 200 OK", "INVITE sip:a@b SIP/2.0", "SIP/2.0 -20"}) {
    INFO(none);
    CHECK_FALSE(sip::sipfrag_status(none));
  }
}

TEST_CASE("a Refer-To whose method is empty asks for an INVITE") {
  const auto target = sip::parse_refer_to("<sip:1002@pbx.example.com;method=?Subject=x>");
  REQUIRE(target);
  CHECK(target->method == "INVITE");
}
