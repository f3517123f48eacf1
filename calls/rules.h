#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "core/address.h"
#include "pause/presets.h"

namespace tapestry::calls {

/// One [[party]] entry: all conditions given must hold; the first entry that matches wins.
struct PartyRule {
  std::string uri{};         ///< regular expression (RE2) on the address of record; empty: any
  std::optional<Cidr> ip{};  ///< where its signalling or media comes from; none: any
  Role role = Role::Unknown;
  std::string name{};
  std::string uuid{};
  std::string type{};
};

/// A field of CC-02 that a [[map]] entry fills in, and what it reads.
/// `Key` is none: its values link calls, like the keys that are known by themselves.
enum class MapField : std::uint8_t { Campaign, Skill, ContactList, InteractionType, InteractionId, Key };
enum class MapSource : std::uint8_t {
  Header,   ///< each value of one header field, as sent
  Body,     ///< body parts of one type
  Uui,      ///< user-to-user information in any form
  Dialled,  ///< address of record of the Request-URI that begins the call, on each hop
  Queue,    ///< addresses of record in Diversion, History-Info and P-Called-Party-ID
};

/// One [[map]] entry; the first that matches gives the field its value.
struct FieldRule {
  MapField field = MapField::Campaign;
  MapSource source = MapSource::Uui;
  std::string name{};     ///< of the header field, or type of the body part
  std::string pattern{};  ///< regular expression (RE2)
  std::string value{};    ///< what the field becomes, `\1` standing for the first group; empty: that group alone
};

/// [pause], [[marker]] and the presets.
struct PauseRules {
  std::vector<pause::MarkerRule> markers = pause::presets();
  std::vector<Cidr> controllers{};           ///< hosts whose markers are honoured
  Duration delay = std::chrono::seconds(3);  ///< how long media waits in memory; no pre-roll is longer
  std::size_t keyed_digits = 6;              ///< as many digits within 15 s are suspicious; 0: only card numbers are
  std::string fail_closed{};  ///< expression on a queue's or the dialled address: paused from its beginning
  std::vector<std::uint16_t> text_ports{5038, 8021};  ///< of PBXes' control connections
  bool ignore = false;  ///< for the test that shows that the leak test can fail; no configuration sets it
};

/// [recording] whisper: what becomes of words that a supervisor says to the agent alone.
enum class WhisperPolicy : std::uint8_t {
  Separate,  ///< in a recording of the supervisor's own, not in the agent's
  Keep,      ///< in the agent's recording
  LeaveOut   ///< in none
};

/// Part of the configuration that calls needs.
struct Rules {
  std::vector<PartyRule> parties;
  std::vector<FieldRule> fields{};
  PauseRules pauses{};
  bool list_keys = false;  ///< [dtmf] digits = "all-digits": party_history tells keys
  bool record_unsignalled = false;
  bool proximity = true;       ///< [conversation] proximity: link legs of one host by names and times alone
  bool customer_view = false;  ///< [recording] customer_view: one recording of the customer, too
  std::string park = "^sips?:(park|orbit)";  ///< [conversation] park: regular expression on a place's address of record
  Duration parked_linger = std::chrono::hours(2);  ///< while a customer's last call was with such a place
  WhisperPolicy whisper = WhisperPolicy::Separate;
  bool keep_hold_audio = false;                      ///< [recording] hold = "keep"
  Duration linger = std::chrono::seconds(60);        ///< after the end of its last call a conversation may still go on
  Duration rejoin_gap = std::chrono::seconds(60);    ///< an agent who is back sooner goes on in the same recording
  Duration media_timeout = std::chrono::minutes(5);  ///< lost BYE: neither media nor messages for so long
  Duration silent_timeout = std::chrono::hours(4);   ///< the same for a dialog on hold or one that never had media
  Duration lookback = std::chrono::seconds(10);      ///< how long media waits for its SDP
  std::size_t lookback_bytes = 64U << 20U;
  std::size_t calls = 200'000;  ///< open at once; more: the least recently active is closed and counted
};

/// The role named `text` in a configuration; nothing when there is none of that name.
std::optional<Role> parse_role(std::string_view text) noexcept;

/// The field named `text` in a configuration: `campaign`, `skill`, `contact_list`, `interaction_type`,
/// `interaction_id`, `key`.
std::optional<MapField> parse_map_field(std::string_view text) noexcept;

/// Reads `header NAME`, `body TYPE`, `uui`, `dialled` or `queue` into the rule's source and name; false when it is none
/// of these.
bool parse_map_source(std::string_view text, FieldRule& rule);

}  // namespace tapestry::calls
