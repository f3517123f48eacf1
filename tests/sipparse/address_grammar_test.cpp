#include "sipparse/address_grammar.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("addresses of the grammar are valid") {
  for (const std::string_view text :
       {"sip:a@b", "sip:a@b;tag=1", "<sip:a@b;lr>;tag=1", "A B <sip:a@b>", "caller<sip:a@b>",
        R"("a, \"<b" <sip:a@b> ; x = "y;")", "<http://www.example.com>;tag=3", "isbn:2983792873", R"("" <sip:a@b?h=v>)",
        "<sip:a@b>;x=[::1]"}) {
    INFO(text);
    CHECK(check_address(text, AddressForm::Any) == Verdict::Valid);
  }
}

TEST_CASE("addresses outside the grammar are bad") {
  for (const std::string_view text : {"",
                                      "<>",
                                      "sip:a@b?h=v",
                                      "sip:a,b@c",
                                      "A, B <sip:a@b>",
                                      "\"open <sip:a@b>",
                                      "< sip:a@b>",
                                      "<sip:a@b >",
                                      "<sip:a@b",
                                      "<sip:a@b>;",
                                      "<sip:a@b>;;x",
                                      "<sip:a@b>x",
                                      "<sip:a@b>;tag",
                                      "<sip:a@b>;tag=\"x\"",
                                      "<sip:a@b>;=x",
                                      "<sip:a@b>;x=\"y",
                                      "\"a\" sip:a@b",
                                      "a@b",
                                      "\"a\"",
                                      "<sip:a@b>, <sip:c@d>"}) {
    INFO(text);
    CHECK(check_address(text, AddressForm::Any) == Verdict::BadAddress);
  }
  CHECK(check_address("sip:a@b", AddressForm::Bracketed) == Verdict::BadAddress);
}

TEST_CASE("lists of addresses have no empty value") {
  CHECK(check_addresses("<sip:a@b>, <sip:c@d>", AddressForm::Bracketed) == Verdict::Valid);
  CHECK(check_addresses("", AddressForm::Any) == Verdict::BadAddress);
  CHECK(check_addresses("<sip:a@b>,", AddressForm::Any) == Verdict::BadAddress);
}

TEST_CASE("a contact is a star or addresses with numbers in range") {
  for (const std::string_view text :
       {"*", "<sip:a@b>;q=0.33;expires=4294967295", "sip:a@b, \"x,y\" <sip:c@d>;q=1.000"}) {
    INFO(text);
    CHECK(check_contact(text) == Verdict::Valid);
  }
  for (const std::string_view text :
       {"<sip:a@b>;q=1.1", "<sip:a@b>;q=", "<sip:a@b>;q=0.1234", "<sip:a@b>;expires=4294967296", "<sip:a@b>;expires"}) {
    INFO(text);
    CHECK(check_contact(text) == Verdict::BadNumber);
  }
  for (const std::string_view text : {"", "*, <sip:a@b>", "<sip:a@b>;;;", "<sip:a@b>,,<sip:c@d>", "sip:a@b?x=y"}) {
    INFO(text);
    CHECK(check_contact(text) == Verdict::BadContact);
  }
}

TEST_CASE("a Via is a protocol, a sender and parameters") {
  for (const std::string_view text :
       {"SIP/2.0/UDP a", "SIP / 2.0\r\n / TCP  a : 5060 ; branch = x , SIP/2.0/SCTP [::1]:5;rport",
        "X/1/Y 192.0.2.1;ttl=255", "SIP/2.0/UDP a;received=2001:db8::9:255;maddr=[::1];hidden"}) {
    INFO(text);
    CHECK(check_via(text) == Verdict::Valid);
  }
  for (const std::string_view text :
       {"", "SIP/2.0/UDP", "SIP/2.0 a", "SIP/2.0/UDP a;", "SIP/2.0/UDP a;;,;,,", "SIP/2.0/UDP a;received=[::1]",
        "SIP/2.0/UDP a b", "SIP/2.0/UDP a;branch=", "SIP/2.0/UDP a;maddr=-", "SIP/2.0/UDP a:x", "SIP/2.0/UDP a;x=/"}) {
    INFO(text);
    CHECK(check_via(text) == Verdict::BadVia);
  }
  CHECK(check_via("SIP/2.0/UDP a;ttl=256") == Verdict::BadNumber);
}

}  // namespace tapestry::sip
