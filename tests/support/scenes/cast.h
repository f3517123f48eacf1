#pragma once
#include "tests/support/scenes/script.h"

/// Who plays in the scenes. Phones are in 10.1.0.0/16, servers in 10.2.0.0/16, the customers' trunk is 10.9.0.10.
namespace tapestry::scenes::cast {

inline const std::string kTrunkIp = "10.9.0.10";
inline const std::string kPbxIp = "10.2.0.5";

Peer customer();         ///< +12025550101, "cust"
Peer other_customer();   ///< +12025550177 on the same trunk, "cust2"
Peer agent(int number);  ///< 1: sip:1001@pbx.example.com, 10.1.0.21, "a1"; 2, 3 likewise
Peer supervisor();       ///< sip:2001@pbx.example.com, 10.1.0.41, "sup"
Peer pbx();              ///< the PBX under the dialled number, +18005550100
/// The PBX when it calls for `peer`: under that peer's name, from its own address.
Peer pbx_for(const Peer& peer);
Peer mixer();       ///< conf88, 10.2.0.8; has no voice of its own
Peer music();       ///< moh, 10.2.0.9, "moh"
Peer ivr();         ///< ivr1, 10.2.0.6, "ivr"
Peer queue();       ///< queue1, 10.2.0.7, "queue"
Peer park();        ///< park1, 10.2.0.10, "moh"
Peer voicemail();   ///< voicemail1, 10.2.0.11, "ivr"
Peer payment();     ///< pay1, 10.2.0.12, "ivr"
Peer recorder();    ///< srs, 10.2.0.20
Peer controller();  ///< a call controller, cti, 10.2.0.30

}  // namespace tapestry::scenes::cast
