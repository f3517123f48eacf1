// Phones that the call itself does not name: what they registered tells whose they are.
#include <fmt/core.h>

#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 12;
const std::string kContact = "sip:line7@10.1.0.21:5060";

/// A customer's call to the pilot 8000, which the PBX sends to a contact; nothing in it names agent 1.
Scene pilot_call(Script& script) {
  Leg leg = script.leg(customer(), agent(1));
  leg.request_uri = kContact;
  leg.callee.identity = "<sip:8000@pbx.example.com>";
  leg.callee.contact = "<" + kContact + ">";
  script.talk(connect(script, 1, leg), kEnd, leg);
  bye(script, kEnd, leg, Side::Caller);
  Conversation truth = plain_truth({leg.call_id}, recording_of(agent(1), 2.02, kEnd, {{2.02, kEnd, "cust"}}));
  truth.absent = {"sip:8000@pbx.example.com", "sip:line7@10.1.0.21"};
  return script.end({truth});
}

std::string lines_of(const std::string& method, unsigned cseq) {
  return fmt::format(
      "Via: SIP/2.0/UDP 10.1.0.21:5060;branch=z9hG4bKreg{1}\r\nFrom: <sip:1001@pbx.example.com>;tag=r1\r\n"
      "To: <sip:1001@pbx.example.com>;tag=r2\r\nCall-ID: registration@10.1.0.21\r\nCSeq: {1} {0}\r\n",
      method, cseq);
}

Scene registers(std::string name) {
  Script script(std::move(name),
                "Agent 1's phone registers a contact that says nothing of agent 1; then it is called.");
  const Endpoint phone = testing::endpoint("10.1.0.21:5060");
  const Endpoint registrar = testing::endpoint("10.2.0.5:5060");
  const std::string contact = "Contact: <" + kContact + ">;expires=3600\r\nContent-Length: 0\r\n\r\n";
  script.datagram(0.2, phone, registrar,
                  "REGISTER sip:pbx.example.com SIP/2.0\r\n" + lines_of("REGISTER", 1) + contact);
  script.datagram(0.22, registrar, phone, "SIP/2.0 200 OK\r\n" + lines_of("REGISTER", 1) + contact);
  return pilot_call(script);
}

Scene package(std::string name) {
  Script script(std::move(name), "The same, told by the registration package; an old document comes late.");
  const Endpoint registrar = testing::endpoint("10.2.0.5:5060");
  const Endpoint watcher = testing::endpoint("10.2.0.30:5060");
  const auto tell = [&](double at, unsigned version, const std::string& contacts) {
    const std::string body = fmt::format(
        "<?xml version=\"1.0\"?>\r\n<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"{}\" state=\"full\">"
        "<registration aor=\"sip:1001@pbx.example.com\" id=\"a\" state=\"active\">{}</registration></reginfo>\r\n",
        version, contacts);
    script.datagram(at, registrar, watcher,
                    "NOTIFY sip:cti@10.2.0.30 SIP/2.0\r\n" + lines_of("NOTIFY", version + 1) +
                        "Event: reg\r\nSubscription-State: active;expires=600\r\n"
                        "Content-Type: application/reginfo+xml\r\n" +
                        fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body));
  };
  const std::string contact =
      "<contact id=\"1\" state=\"active\" event=\"registered\" expires=\"3600\"><uri>" + kContact + "</uri></contact>";
  script.datagram(0.1, watcher, registrar,
                  "SUBSCRIBE sip:1001@pbx.example.com SIP/2.0\r\n" + lines_of("SUBSCRIBE", 1) +
                      "Event: reg\r\nExpires: 600\r\nContent-Length: 0\r\n\r\n");
  tell(0.2, 3, contact);
  tell(0.4, 2, "");
  return pilot_call(script);
}

}  // namespace

std::vector<SceneEntry> registration_scenes() {
  return {{"registered_contact", registers}, {"registered_by_package", package}};
}

}  // namespace tapestry::scenes
