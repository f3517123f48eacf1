#pragma once
#include <optional>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "core/address.h"

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

/// Part of the configuration that calls needs.
struct Rules {
  std::vector<PartyRule> parties;
  bool record_unsignalled = false;
  bool keep_hold_audio = false;                ///< [recording] hold = "keep"
  Duration linger = std::chrono::seconds(60);  ///< after the end of its last call a conversation may still go on
  Duration rejoin_gap = std::chrono::seconds(60);  ///< an agent who is back sooner goes on in the same recording
  Duration media_timeout = std::chrono::minutes(5);  ///< lost BYE: neither media nor messages for so long
  Duration silent_timeout = std::chrono::hours(4);   ///< the same for a dialog on hold or one that never had media
  Duration lookback = std::chrono::seconds(10);      ///< how long media waits for its SDP
  std::size_t lookback_bytes = 64U << 20U;
  std::size_t calls = 200'000;  ///< open at once; more: the least recently active is closed and counted
};

/// The role named `text` in a configuration; nothing when there is none of that name.
std::optional<Role> parse_role(std::string_view text) noexcept;

}  // namespace tapestry::calls
