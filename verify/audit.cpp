#include "verify/audit.h"

#include <fmt/format.h>

#include "verify/crypto.h"
#include "verify/json.h"

namespace tapestry::verify {
namespace {

enum class End : std::uint8_t { Line, File, TooLong };

/// The next line without its end.
End read_line(std::istream& log, std::string& line) {
  line.clear();
  for (int next = log.get(); next != std::istream::traits_type::eof(); next = log.get()) {
    if (next == '\n') return End::Line;
    if (line.size() == kMostAuditLine) return End::TooLong;
    line += static_cast<char>(next);
  }
  return End::File;
}

/// A member that is a text. False when it is none.
bool take(Json object, std::string_view name, std::string& into) {
  const auto text = object[name].text();
  into = text.value_or(std::string_view());
  return text.has_value();
}

bool read_members(Json object, AuditEntry& entry) {
  const auto honoured = object["honoured"].truth();
  const bool texts = take(object, "time", entry.time) && take(object, "rule", entry.rule) &&
                     take(object, "action", entry.action) && take(object, "message", entry.message) &&
                     take(object, "call_id", entry.call_id) && take(object, "from", entry.from) &&
                     take(object, "source", entry.source) && take(object, "destination", entry.destination) &&
                     take(object, "why", entry.why);
  const bool effective = take(object, "effective", entry.effective) || object["effective"].is_null();
  entry.honoured = honoured.value_or(false);
  return honoured && texts && effective;
}

bool read_members(Json object, AccessEntry& entry) {
  const auto status = object["status"].index();
  const auto unlogged = object["unlogged"].index();
  entry.status = status.value_or(0);
  entry.unlogged = unlogged.value_or(0);
  return status && unlogged && take(object, "time", entry.time) && take(object, "action", entry.action) &&
         take(object, "who", entry.who) && take(object, "by", entry.by) && take(object, "peer", entry.peer) &&
         take(object, "method", entry.method) && take(object, "path", entry.path) && take(object, "range", entry.range);
}

bool read_members(Json object, RetentionEntry& entry) {
  return take(object, "time", entry.time) && take(object, "action", entry.action) && take(object, "who", entry.who) &&
         take(object, "matter", entry.matter) && take(object, "kind", entry.kind) &&
         take(object, "value", entry.value) && take(object, "uuid", entry.uuid) &&
         take(object, "reason", entry.reason) && take(object, "rule", entry.rule);
}

constexpr std::uint64_t kLeastRefusal = 400;  // RFC 9110 §15: what is below was answered

bool counts(const AuditEntry& entry) { return entry.honoured; }
bool counts(const AccessEntry& entry) { return entry.status != 0 && entry.status < kLeastRefusal; }
bool counts(const RetentionEntry& entry) { return entry.action == "delete"; }

template <class Entry>
struct Chained {
  Entry entry;
  std::uint64_t seq = 0;
  std::string previous;
  std::string last_whole;  ///< of a torn line's notice
};

template <class Entry>
std::optional<Chained<Entry>> read_entry(std::string_view line) {
  const auto document = Document::parse(line);
  if (!document) return std::nullopt;
  const Json object = document->root();
  Chained<Entry> read;
  const auto seq = object["seq"].index();
  if (!seq || !take(object, "previous", read.previous) || !read_members(object, read.entry)) return std::nullopt;
  (void)take(object, "last_whole", read.last_whole);
  read.seq = *seq;
  return read;
}

template <class Entry>
class Checker {
 public:
  Checker(AuditResult& result, const std::function<void(const Entry&)>& use) : result_(result), use_(use) {
    result_.head = std::string(64, '0');
    last_whole_ = result_.head;
  }

  void take_line(std::string_view line, bool ended) {
    ++result_.lines;
    auto read = read_entry<Entry>(line);
    if (!ended) fault(result_.lines, "it has no end");
    if (read) {
      take_entry(*read);
    } else if (torn_ == 0) {
      torn_ = result_.lines;
    }
    result_.head = sha256_hex(line);
    ended_ = ended;
    if (read) last_whole_ = result_.head;
  }

  /// No line comes any more.
  void finish() {
    if (torn_ != 0 && ended_) fault(torn_, "it is no entry");
  }

  void fault(std::uint64_t line, std::string what) {
    ++result_.faults;
    if (!result_.first_fault) result_.first_fault = AuditFault{line, std::move(what)};
  }

 private:
  void take_entry(Chained<Entry>& read) {
    const bool notice = read.entry.action == "torn";
    if (torn_ != 0 && !notice) fault(torn_, "it is no entry");
    if (read.seq != result_.lines) {
      fault(result_.lines, fmt::format("its number is {}: lines were taken away or added before it", read.seq));
    }
    if (read.previous != result_.head || (notice && read.last_whole != last_whole_)) {
      fault(result_.lines, "it does not follow what stands before it, which was changed, taken away or added");
    }
    torn_ = 0;
    ++result_.entries;
    result_.honoured += counts(read.entry) ? 1U : 0U;
    result_.torn += notice ? 1U : 0U;
    read.entry.line = result_.lines;
    use_(read.entry);
  }

  AuditResult& result_;
  const std::function<void(const Entry&)>& use_;
  std::string last_whole_;
  std::uint64_t torn_ = 0;  ///< the first of the last lines that are no entries; 0: the last line is one
  bool ended_ = true;
};

template <class Entry>
AuditResult check(std::istream& log, const std::function<void(const Entry&)>& use) {
  AuditResult result;
  Checker<Entry> checker(result, use);
  std::string line;
  for (;;) {
    const End end = read_line(log, line);
    if (end == End::TooLong) {
      checker.fault(result.lines + 1, fmt::format("it is longer than {} bytes", kMostAuditLine));
      return result;
    }
    if (end == End::Line || !line.empty()) checker.take_line(line, end == End::Line);
    if (end == End::File) break;
  }
  checker.finish();
  return result;
}

}  // namespace

AuditResult check_audit(std::istream& log, const std::function<void(const AuditEntry&)>& use) {
  return check(log, use);
}

AuditResult check_access(std::istream& log, const std::function<void(const AccessEntry&)>& use) {
  return check(log, use);
}

AuditResult check_retention(std::istream& log, const std::function<void(const RetentionEntry&)>& use) {
  return check(log, use);
}

}  // namespace tapestry::verify
