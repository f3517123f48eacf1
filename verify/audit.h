#pragma once
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>

namespace tapestry::verify {

/// Octets of a line; a longer one ends the reading, for nobody who keeps an audit log wrote it.
inline constexpr std::size_t kMostAuditLine = 64U << 10U;

/// One line of an audit log (docs/audit.md), as it says itself.
struct AuditEntry {
  std::uint64_t line = 0;  ///< from 1
  std::string time;
  std::string rule;
  std::string action;
  std::string message;
  std::string call_id;
  std::string from;
  std::string source;
  std::string destination;
  bool honoured = false;
  std::string why;
  std::string effective;  ///< empty: nothing changed
};

/// One line of an access log (docs/audit.md), as it says itself.
struct AccessEntry {
  std::uint64_t line = 0;  ///< from 1
  std::string time;
  std::string action;  ///< `access`
  std::string who;
  std::string by;  ///< how `who` was known: `token`, `certificate`, `nothing`
  std::string peer;
  std::string method;
  std::string path;
  std::string range;
  std::uint64_t status = 0;    ///< of the answer; 0: a torn line's notice
  std::uint64_t unlogged = 0;  ///< refused requests before it that have no line
};

/// One line of a retention log (docs/audit.md), as it says itself.
struct RetentionEntry {
  std::uint64_t line = 0;  ///< from 1
  std::string time;
  std::string action;  ///< `hold`, `release`, `delete`
  std::string who;
  std::string matter;
  std::string kind;
  std::string value;
  std::string uuid;
  std::string reason;
  std::string rule;
};

/// What ends the trust in the lines up to `line`.
struct AuditFault {
  std::uint64_t line = 0;
  std::string what;
};

struct AuditResult {
  std::uint64_t lines = 0;
  std::uint64_t entries = 0;
  std::uint64_t honoured = 0;  ///< of an access log: answered, not refused; of a retention log: deletions
  std::uint64_t torn = 0;      ///< entries that say that a line before them was not written to its end
  std::uint64_t faults = 0;
  std::optional<AuditFault> first_fault;
  std::string head;  ///< SHA-256 of the last line, hexadecimal; 64 zeros when there is none
};

/// Reads an audit log, gives each entry to `use`, and checks the chain: each line has its own number and the hash of
/// the line before. Goes on behind a fault. Bounded memory, whatever the file holds; shares no code with the writer.
/// Never throws on bad content.
AuditResult check_audit(std::istream& log, const std::function<void(const AuditEntry&)>& use);

/// The same for an access log.
AuditResult check_access(std::istream& log, const std::function<void(const AccessEntry&)>& use);

/// The same for a retention log.
AuditResult check_retention(std::istream& log, const std::function<void(const RetentionEntry&)>& use);

}  // namespace tapestry::verify
