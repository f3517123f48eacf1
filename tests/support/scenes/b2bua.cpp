// One call in two dialogs, and what ties them.
#include "tests/support/scenes/bridges.h"
#include "tests/support/scenes/cast.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/scenes/usual.h"

namespace tapestry::scenes {
namespace {

using namespace cast;

constexpr double kEnd = 12;

/// Header lines that tie the dialogs; `answers` are those of both 200s.
struct Key {
  std::string outer{};
  std::string inner{};
  std::string answers{};
};

/// The customer is unknown on the inner dialog and no payload is as it was, so that nothing but the key ties them.
Scene keyed(std::string name, const Key& key, const std::string& inner_call_id_suffix = {},
            const std::string& parent_header = {}) {
  Script script(std::move(name), "Two dialogs across a B2BUA that codes media anew; one header ties them.");
  Bridge call = bridge(script, customer(), agent(1), pbx());
  if (!inner_call_id_suffix.empty()) call.inner.call_id = call.outer.call_id + inner_call_id_suffix;
  const std::string parent = parent_header.empty() ? "" : parent_header + ": " + call.outer.call_id + "\r\n";
  const double answered =
      connect(script, 1, call, Relay::Recoded, {.headers = key.outer, .answer_headers = key.answers},
              {.headers = key.inner + parent, .answer_headers = key.answers});
  talk(script, answered, kEnd, call, Relay::Recoded);
  bye(script, kEnd, call);
  return script.end({plain_truth({call.outer.call_id, call.inner.call_id},
                                 recording_of(agent(1), answered, kEnd, {{answered, kEnd, "cust"}}))});
}

Scene same_key(std::string name, const std::string& header) {
  return keyed(std::move(name), {.outer = header + "\r\n", .inner = header + "\r\n"});
}

const std::string kNil(32, '0');
const std::string kCustomerSession = "ab30317f1a784dc48ff824d0d3715d86";
const std::string kAgentSession = "47755a9de7794ba387653f2099600ef2";

Scene session_id(std::string name) {
  const std::string asked = "Session-ID: " + kCustomerSession + ";remote=" + kNil + "\r\n";
  return keyed(std::move(name), {.outer = asked,
                                 .inner = asked,
                                 .answers = "Session-ID: " + kAgentSession + ";remote=" + kCustomerSession + "\r\n"});
}
Scene session_id_old(std::string name) { return same_key(std::move(name), "Session-ID: " + kCustomerSession); }
Scene session_id_late(std::string name) {
  return keyed(std::move(name), {.answers = "Session-ID: " + kAgentSession + ";remote=" + kCustomerSession + "\r\n"});
}
Scene ucid(std::string name) { return same_key(std::move(name), "User-to-User: 00FA080001247C5E46F6E6;encoding=hex"); }
Scene ucid_among_others(std::string name) {
  return keyed(std::move(name), {.outer = "User-to-User: 00FA080001247C5E46F6E6;encoding=hex\r\n",
                                 .inner = "User-to-User: 04C802ABCDFA080001247C5E46F6E6;encoding=hex\r\n"});
}
Scene x_cid(std::string name) { return keyed(std::move(name), {}, {}, "X-CID"); }
Scene icid(std::string name) {
  return keyed(std::move(name),
               {.outer = "P-Charging-Vector: icid-value=\"pbx.5f3a77e1\";icid-generated-at=10.2.0.5\r\n",
                .inner = "P-Charging-Vector: icid-value=pbx.5f3a77e1;orig-ioi=pbx.example.com\r\n"});
}
Scene cisco_guid(std::string name) {
  return same_key(std::move(name), "Cisco-Guid: 0323255855-4127789543-2194997273-1451141520");
}
Scene cisco_gucid(std::string name) {
  return same_key(std::move(name), "Cisco-Gucid: 13447E2FF60911E782D50019567EA990");
}
Scene genesys(std::string name) {
  return same_key(std::move(name), "X-Genesys-CallUUID: UIVB8J6JE91C53UIM3VI59VHQ400001R");
}
Scene genesys_cloud(std::string name) {
  return same_key(std::move(name), "x-inin-cnv: 4d1f1f7e-6f0b-4f0f-9d3e-8d8c1f4f2a11");
}
Scene avaya(std::string name) {
  return same_key(std::move(name), "Av-Global-Session-ID: 64bf44a0-4f61-11ea-bea2-005056b42b9e");
}
Scene broadworks(std::string name) {
  return same_key(std::move(name), "X-BroadWorks-Correlation-Info:64b1f41c-5b24-4865-9b00-c5a9acd0c1d8");
}
Scene call_id_suffix(std::string name) { return keyed(std::move(name), {}, "_b2b-1"); }

/// No key at all.
Scene unkeyed(std::string name, const std::string& about, const Peer& inner_caller, Relay relay) {
  Script script(std::move(name), about);
  Bridge call = bridge(script, customer(), agent(1), inner_caller);
  const double answered = connect(script, 1, call, relay);
  talk(script, answered, kEnd, call, relay);
  bye(script, kEnd, call);
  return script.end({plain_truth({call.outer.call_id, call.inner.call_id},
                                 recording_of(agent(1), answered, kEnd, {{answered, kEnd, "cust"}}))});
}

Scene same_ssrc(std::string name) {
  return unkeyed(std::move(name), "Nothing but relayed packets ties the dialogs.", pbx(), Relay::SameSsrc);
}
Scene new_ssrc(std::string name) {
  return unkeyed(std::move(name), "Nothing but relayed payloads ties the dialogs.", pbx(), Relay::NewSsrc);
}
Scene direct(std::string name) {
  return unkeyed(std::move(name), "Nothing but the same media addresses tie the dialogs.", pbx(), Relay::Direct);
}
Scene proximity(std::string name) {
  return unkeyed(std::move(name), "Nothing but caller, host and time ties the dialogs.", pbx_for(customer()),
                 Relay::Recoded);
}

/// Two customers call through one B2BUA within the same second, and talk to agents 1 and 2.
Scene two_at_once(std::string name, bool anonymous, Relay relay) {
  Script script(std::move(name), "Two calls through one B2BUA in the same second.");
  Bridge one = bridge(script, customer(), agent(1), anonymous ? pbx() : pbx_for(customer()));
  Bridge two = bridge(script, other_customer(), agent(2), anonymous ? pbx() : pbx_for(other_customer()));
  connect(script, 1, one, relay);
  connect(script, 1.04, two, relay);
  talk(script, 2.2, kEnd, one, relay);
  talk(script, 2.26, kEnd + 0.5, two, relay);
  bye(script, kEnd, one);
  bye(script, kEnd + 0.5, two);
  Conversation second{.call_ids = {two.outer.call_id, two.inner.call_id},
                      .recordings = {recording_of(agent(2), 2.26, kEnd + 0.5, {{2.26, kEnd + 0.5, "cust2"}})},
                      .parties = {party_of(other_customer(), "customer"), party_of(agent(2), "agent")},
                      .absent = {uri(customer()), uri(agent(1))}};
  Conversation first =
      plain_truth({one.outer.call_id, one.inner.call_id}, recording_of(agent(1), 2.2, kEnd, {{2.2, kEnd, "cust"}}));
  first.absent = {uri(other_customer()), uri(agent(2))};
  return script.end({first, second});
}

Scene two_by_payload(std::string name) { return two_at_once(std::move(name), true, Relay::NewSsrc); }
Scene two_by_caller(std::string name) { return two_at_once(std::move(name), false, Relay::Recoded); }

}  // namespace

std::vector<SceneEntry> b2bua_scenes() {
  return {{"b2bua_session_id", session_id},
          {"b2bua_session_id_old", session_id_old},
          {"b2bua_session_id_late", session_id_late},
          {"b2bua_ucid", ucid},
          {"b2bua_ucid_among_others", ucid_among_others},
          {"b2bua_x_cid", x_cid},
          {"b2bua_icid", icid},
          {"b2bua_cisco_guid", cisco_guid},
          {"b2bua_cisco_gucid", cisco_gucid},
          {"b2bua_genesys", genesys},
          {"b2bua_genesys_cloud", genesys_cloud},
          {"b2bua_avaya", avaya},
          {"b2bua_broadworks", broadworks},
          {"b2bua_call_id_suffix", call_id_suffix},
          {"b2bua_same_ssrc", same_ssrc},
          {"b2bua_new_ssrc", new_ssrc},
          {"b2bua_direct_media", direct},
          {"b2bua_proximity", proximity},
          {"b2bua_two_by_payload", two_by_payload},
          {"b2bua_two_by_caller", two_by_caller}};
}

}  // namespace tapestry::scenes
