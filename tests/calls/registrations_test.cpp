#include "calls/registrations.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Registrations;

namespace {

const std::string kAor = "sip:1001@pbx.example.com";
const std::string kLine = "sip:line1@10.1.0.21";

void send(Registrations& registrations, double at, const std::string& from, const std::string& to,
          const std::string& text) {
  const auto parsed = sip::parse_message(as_bytes(text));
  (void)registrations.on_message(*parsed.message, {scene_time(at), endpoint(from), endpoint(to), "UDP"});
}

const std::string kPhone = "10.1.0.21:5060";
const std::string kRegistrar = "10.2.0.5:5060";

void answer(Registrations& registrations, double at, const std::string& contacts, const std::string& aor = kAor,
            bool asked = true) {
  const std::string rest =
      "To: <" + aor + ">;tag=1\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n" + contacts + "Content-Length: 0\r\n\r\n";
  if (asked) send(registrations, at, kPhone, kRegistrar, "REGISTER sip:pbx.example.com SIP/2.0\r\n" + rest);
  send(registrations, at, kRegistrar, kPhone, "SIP/2.0 200 OK\r\n" + rest);
}

void notify(Registrations& registrations, double at, int version, const std::string& state, const std::string& contacts,
            const std::string& subscription = "s1", bool asked = true) {
  const std::string watcher = "10.2.0.30:5060";
  const std::string ids = "Call-ID: " + subscription + "\r\nEvent: reg\r\n";
  if (asked) {
    send(registrations, at, watcher, kRegistrar,
         "SUBSCRIBE sip:1001@pbx.example.com SIP/2.0\r\nCSeq: 1 SUBSCRIBE\r\n" + ids + "Content-Length: 0\r\n\r\n");
  }
  const std::string body =
      fmt::format("<reginfo version='{}' state='{}'><registration aor='{}' state='active'>{}</registration></reginfo>",
                  version, state, kAor, contacts);
  send(registrations, at, kRegistrar, watcher,
       "NOTIFY sip:w@10.2.0.30 SIP/2.0\r\nCSeq: 2 NOTIFY\r\n" + ids +
           "Content-Type: application/reginfo+xml\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body);
}

std::string contact(const std::string& uri, const std::string& state = "active", const std::string& more = {}) {
  return fmt::format("<contact state='{}' expires='100'><uri>{}</uri>{}</contact>", state, uri, more);
}

std::string bound(const Registrations& registrations, const std::string& contact, double at) {
  return std::string(registrations.bound_to(contact, scene_time(at)).value_or(""));
}

}  // namespace

TEST_CASE("a REGISTER's answer binds its contacts for as long as it says") {
  Registrations registrations;
  answer(registrations, 10, "Contact: <sip:line1@10.1.0.21:5060>;expires=60, <sip:x@10.1.0.22>\r\nExpires: 100\r\n");
  CHECK(bound(registrations, kLine, 9).empty());
  CHECK(bound(registrations, kLine, 10) == kAor);
  CHECK(bound(registrations, kLine, 69) == kAor);
  CHECK(bound(registrations, kLine, 71).empty());
  CHECK(bound(registrations, "sip:x@10.1.0.22", 109) == kAor);
  answer(registrations, 50, "Contact: <sip:line1@10.1.0.21>;expires=60\r\n");
  CHECK(bound(registrations, kLine, 100) == kAor);
  CHECK(bound(registrations, "sip:x@10.1.0.22", 60).empty());
  answer(registrations, 90, "");
  CHECK(bound(registrations, kLine, 100).empty());
  CHECK(bound(registrations, kLine, 80) == kAor);
  CHECK(registrations.has(kAor, {}));
}
TEST_CASE("a GRUU stands for the phone that it was given to") {
  Registrations registrations;
  answer(registrations, 10,
         "Contact: <sip:line1@10.1.0.21>;temp-gruu=\"sip:tgruu.7hs@pbx.example.com;gr\";"
         "pub-gruu=\"sip:1001@pbx.example.com;gr=urn:uuid:1\"\r\n");
  CHECK(bound(registrations, "sip:tgruu.7hs@pbx.example.com", 20) == kAor);
}
TEST_CASE("a contact of two addresses of record is nobody's, one after the other each one's") {
  Registrations registrations;
  answer(registrations, 10, "Contact: <sip:line1@10.1.0.21>;expires=20\r\n");
  answer(registrations, 15, "Contact: <sip:line1@10.1.0.21>;expires=60\r\n", "sip:1002@pbx.example.com");
  CHECK(bound(registrations, kLine, 12) == kAor);
  CHECK(bound(registrations, kLine, 20).empty());
  CHECK(bound(registrations, kLine, 40) == "sip:1002@pbx.example.com");
}
TEST_CASE("a registration package binds and unbinds, in full and in parts") {
  Registrations registrations;
  notify(registrations, 10, 1, "full",
         contact("sip:line1@10.1.0.21:5060", "active", "<temp-gruu uri='sip:t1@pbx.example.com;gr'/>"));
  CHECK(bound(registrations, kLine, 20) == kAor);
  CHECK(bound(registrations, "sip:t1@pbx.example.com", 20) == kAor);
  CHECK(registrations.has(kAor, {}));
  CHECK(registrations.has("sip:1001@elsewhere", {endpoint("10.1.0.21:1").ip}));
  notify(registrations, 30, 2, "partial", contact("sip:y@10.1.0.23"));
  CHECK(bound(registrations, kLine, 35) == kAor);
  notify(registrations, 40, 3, "partial", contact("sip:line1@10.1.0.21", "terminated"));
  CHECK(bound(registrations, kLine, 45).empty());
  CHECK(bound(registrations, "sip:y@10.1.0.23", 45) == kAor);
  notify(registrations, 50, 4, "full", contact("sip:z@10.1.0.24"));
  CHECK(bound(registrations, "sip:y@10.1.0.23", 55).empty());
  CHECK(bound(registrations, "sip:z@10.1.0.24", 149) == kAor);
  CHECK(bound(registrations, "sip:z@10.1.0.24", 151).empty());
}
TEST_CASE("a registration package's version that goes back changes nothing") {
  Registrations registrations;
  notify(registrations, 10, 5, "full", contact(kLine));
  notify(registrations, 20, 5, "full", "");
  notify(registrations, 21, 4, "full", "");
  CHECK(bound(registrations, kLine, 30) == kAor);
  notify(registrations, 31, 0, "full", "", "s2");
  CHECK(bound(registrations, kLine, 40).empty());
}
TEST_CASE("contacts of one address of record are bounded, and so is what a table holds") {
  Registrations registrations;
  std::string many;
  for (std::size_t n = 0; n < 100; ++n) many += fmt::format("Contact: <sip:l{}@10.1.0.21>\r\n", n);
  answer(registrations, 10, many);
  CHECK(bound(registrations, "sip:l47@10.1.0.21", 20) == kAor);
  CHECK(bound(registrations, "sip:l99@10.1.0.21", 20).empty());
}
TEST_CASE("nobody registers by a response or a notification that was not asked for") {
  Registrations registrations;
  answer(registrations, 10, "Contact: <sip:line1@10.1.0.21>\r\n", kAor, false);
  notify(registrations, 11, 1, "full", contact(kLine), "s1", false);
  CHECK(bound(registrations, kLine, 20).empty());
  CHECK_FALSE(registrations.has(kAor, {}));
  answer(registrations, 30, "");
  notify(registrations, 31, 1, "full", contact(kLine), "s1", false);
  CHECK(bound(registrations, kLine, 40) == kAor);
}
