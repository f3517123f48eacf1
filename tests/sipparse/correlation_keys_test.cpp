#include "sipparse/correlation_keys.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {
namespace {

std::vector<std::string> keys_of(const std::string& headers) {
  const std::string text = "INVITE sip:a@example.com SIP/2.0\r\nCall-ID: x\r\n" + headers + "\r\n\r\n";
  const ParseResult parsed = parse_message(as_bytes(text));
  REQUIRE(parsed.message);
  std::vector<std::string> found;
  for (const CorrelationKey& key : correlation_keys(*parsed.message))
    found.push_back(std::string(key.kind) + " " + key.value);
  return found;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a Session-ID gives both ends' UUIDs, and the null UUID is none") {
  CHECK(keys_of("Session-ID: 7202892d00105000a000ac7e8ab6b729;remote=00000000000000000000000000000000") ==
        Keys{"session-id 7202892d00105000a000ac7e8ab6b729"});
  CHECK(keys_of("session-id:7202892D00105000A000AC7E8AB6B729; remote=47755a9de7794ba387653f2099600ef2") ==
        Keys{"session-id 7202892d00105000a000ac7e8ab6b729", "session-id 47755a9de7794ba387653f2099600ef2"});
  CHECK(keys_of("Session-ID: not-a-uuid;remote=1").empty());
}

TEST_CASE("a UCID is found among the values of User-to-User, in any escaping") {
  const Keys ucid{"ucid 00001093401581709030"};
  CHECK(keys_of("User-to-User: 00FA080001247C5E46F6E6;encoding=hex") == ucid);
  CHECK(keys_of("User-to-User: 04C8020102FA080001247C5E46F6E6;encoding=hex") == ucid);
  CHECK(keys_of("User-to-User: 56a390f3d2b7310023a2;encoding=hex, 00fa080001247c5e46f6e6;encoding=hex") == ucid);
  CHECK(keys_of("User-to-User: 00FA080001247C5E46F6E6%3Bencoding%3Dhex") == ucid);
  CHECK(keys_of("Refer-To: <sip:7001@pbx.example.com?User-to-User=00FA080001247C5E46F6E6%3Bencoding%3Dhex>") == ucid);
  CHECK(keys_of("m: <sip:7001@pbx.example.com?X=1&user-to-user=00FA080001247C5E46F6E6%3Bencoding%3Dhex>") == ucid);
}

TEST_CASE("a busy call that may be completed and the one that completes it have a key in common") {
  const auto keys = [](const std::string& start, const std::string& more) {
    const std::string text = start + "\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nFrom: <sip:+12025550101@a.example.com>;tag=1\r\n" +
                             "To: <sip:Ann@b.example.com>\r\n" + more + "\r\n";
    const ParseResult parsed = parse_message(as_bytes(text));
    REQUIRE(parsed.message);
    const auto found = correlation_keys(*parsed.message);
    return found.empty() ? std::string() : std::string(found.front().kind) + " " + found.front().value;
  };
  const std::string key = "call-completion +12025550101 to ann";
  CHECK(keys("SIP/2.0 486 Busy Here", "Call-Info: <sip:cc@b.example.com>;purpose=call-completion;m=BS\r\n") == key);
  CHECK(keys("INVITE sip:ann@b.example.com;m=BS SIP/2.0", "") == key);
  CHECK(keys("INVITE sip:ann@b.example.com SIP/2.0", "").empty());
  CHECK(keys("SIP/2.0 486 Busy Here", "Call-Info: <sip:cc@b.example.com>;purpose=icon\r\n").empty());
}

TEST_CASE("User-to-User without a UCID is no key, for it may be anything") {
  CHECK(keys_of("User-to-User: 56a390f3d2b7310023a2;encoding=hex;purpose=isdn-uui").empty());
  CHECK(keys_of("User-to-User: 00C8FA08;encoding=hex").empty());
  CHECK(keys_of("User-to-User: 00FA080001247C5E46F6;encoding=hex").empty());
  CHECK(keys_of("User-to-User: 00FA080001247C5E46F6E;encoding=hex").empty());
  CHECK(keys_of("User-to-User: \"4155551234\"").empty());
  CHECK(keys_of("User-to-User:").empty());
}

TEST_CASE("vendors' keys are brought to one form") {
  CHECK(keys_of("Cisco-Guid: 0323255855-4127789543-2194997273-1451141520") ==
        Keys{"cisco-guid 13447e2ff60911e782d50019567ea990"});
  CHECK(keys_of("Cisco-Guid: 1-2-3").empty());
  CHECK(keys_of("Cisco-Guid: 0-0-0-0").empty());
  CHECK(keys_of("Cisco-Guid: 1-2-3-4-5").empty());
  CHECK(keys_of("Cisco-Guid: 1-2-3-4294967296").empty());
  CHECK(keys_of("P-Charging-Vector: icid-value=\"AyretyU0dm+6O2IrT5tAFrbHLso=023551024\";orig-ioi=home1.net") ==
        Keys{"icid AyretyU0dm+6O2IrT5tAFrbHLso=023551024"});
  CHECK(keys_of("P-Charging-Vector: orig-ioi=home1.net; icid-value=abc") == Keys{"icid abc"});
  CHECK(keys_of("X-BroadWorks-Correlation-Info:64b1f41c-5b24-4865-9b00-c5a9acd0c1d8") ==
        Keys{"broadworks 64b1f41c-5b24-4865-9b00-c5a9acd0c1d8"});
  CHECK(keys_of("X-Genesys-CallUUID: UIVB8J6JE91C53UIM3VI59VHQ400001R") ==
        Keys{"genesys-calluuid UIVB8J6JE91C53UIM3VI59VHQ400001R"});
  CHECK(keys_of("x-inin-cnv: 4F0B2A5E-9D0C-4C35-A6F1-0E2C8D1D1B11") ==
        Keys{"genesys-cloud 4f0b2a5e-9d0c-4c35-a6f1-0e2c8d1d1b11"});
  CHECK(keys_of("X-CID: abc@host\r\nParent-Call-ID: Def") == Keys{"x-cid abc@host", "parent-call-id Def"});
}

TEST_CASE("Avaya's global session is one key, whichever header tells it") {
  CHECK(keys_of("Av-Global-Session-ID: 64BF44A0-4f61-11ea-bea2-005056b42b9e\r\n"
                "Contact: <sip:7001@10.0.0.1>;gsid=64bf44a0-4f61-11ea-bea2-005056b42b9e") ==
        Keys{"av-global-session-id 64bf44a0-4f61-11ea-bea2-005056b42b9e"});
}

TEST_CASE("keys are bounded in number and length") {
  CHECK(keys_of("X-CID: " + std::string(129, 'a')).empty());
  std::string many;
  for (int n = 0; n < 40; ++n) many += "X-CID: k" + std::to_string(n) + "\r\n";
  many.resize(many.size() - 2);
  CHECK(keys_of(many).size() == kMaxCorrelationKeys);
}

}  // namespace tapestry::sip
