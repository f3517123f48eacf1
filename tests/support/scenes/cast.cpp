#include "tests/support/scenes/cast.h"

namespace tapestry::scenes::cast {

Peer customer() { return {"Morgan", "+12025550101@trunk.example.net", kTrunkIp, "cust"}; }
Peer other_customer() { return {"Robin", "+12025550177@trunk.example.net", kTrunkIp, "cust2"}; }

Peer agent(int number) {
  const std::string digit = std::to_string(number);
  return {"Agent " + digit, "100" + digit + "@pbx.example.com", "10.1.0.2" + digit, "a" + digit};
}

Peer supervisor() { return {"Sam", "2001@pbx.example.com", "10.1.0.41", "sup"}; }
Peer pbx() { return {"", "+18005550100@pbx.example.com", kPbxIp, ""}; }

Peer pbx_for(const Peer& peer) {
  Peer result = peer;
  result.ip = kPbxIp;
  return result;
}

Peer mixer() { return {"", "conf88@pbx.example.com", "10.2.0.8", ""}; }
Peer music() { return {"", "moh@pbx.example.com", "10.2.0.9", "moh"}; }
Peer ivr() { return {"", "ivr1@pbx.example.com", "10.2.0.6", "ivr"}; }
Peer queue() { return {"", "queue1@pbx.example.com", "10.2.0.7", "queue"}; }
Peer park() { return {"", "park1@pbx.example.com", "10.2.0.10", "moh"}; }
Peer voicemail() { return {"", "voicemail1@pbx.example.com", "10.2.0.11", "ivr"}; }
Peer payment() { return {"", "pay1@pbx.example.com", "10.2.0.12", "ivr"}; }
Peer recorder() { return {"", "srs@recorder.example.com", "10.2.0.20", ""}; }
Peer controller() { return {"", "cti@pbx.example.com", "10.2.0.30", ""}; }

}  // namespace tapestry::scenes::cast
