#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::sip {

/// Bound: of more contacts in one document nothing is kept.
inline constexpr std::size_t kMaxRegInfoContacts = 128;

/// One <contact> of a <registration> (RFC 3680 §4.7.2): what does not stand there is empty.
struct RegInfoContact {
  std::string id;
  std::string state;    ///< `active` or `terminated`
  std::string event;    ///< `registered`, `created`, `refreshed`, `expired`, `unregistered`, ...
  std::string expires;  ///< seconds
  std::string uri;
  std::string pub_gruu;   ///< public GRUU (RFC 5628 §4.2)
  std::string temp_gruu;  ///< temporary GRUU, the first one that stands there
};

/// One <registration>.
struct RegInfoRecord {
  std::string aor;
  std::string id;
  std::string state;  ///< `init`, `active` or `terminated`
  std::vector<RegInfoContact> contacts;
};

/// application/reginfo+xml (RFC 3680 §4.7).
struct RegInfo {
  std::string version;
  std::string state;  ///< `full` or `partial`
  std::vector<RegInfoRecord> records;
};

/// Reads a document; nothing when it is none or beyond the bounds of sipparse/xml.h. Linear.
std::optional<RegInfo> parse_reg_info(std::string_view document);

}  // namespace tapestry::sip
