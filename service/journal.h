#pragma once
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::service {

/// syslog(3)'s.
enum class Level : std::uint8_t { Error = 3, Warning = 4, Notice = 5, Info = 6 };

/// One more thing that a line in the journal can be found by: `journalctl CONVERSATION=…`.
struct Field {
  std::string_view name;  ///< A-Z, digits and `_`, not with `_` first (systemd.journal-fields(7)); a literal
  std::string value;      ///< any bytes; empty: the field is left out
};
using Fields = std::vector<Field>;

/// Of a line by its first word: `alarm: ` is an error, `warning: ` a warning, all else a notice.
[[nodiscard]] Level level_of(std::string_view line) noexcept;

/// One event for whoever runs the recorder: what happened, never what was said or keyed, nor a key.
struct Entry {
  Level level = Level::Info;
  std::string message;  ///< one line
  Fields fields{};
};

/// Where entries go: to the journal with their fields when `err` is the standard error stream and that is the journal's
/// (`journal_stream`: what JOURNAL_STREAM says, systemd.exec(5)), else as lines `tapestry: message` to `err`. What came
/// from the wire loses its control characters either way. One thread.
class Journal {
 public:
  Journal(std::ostream& err, std::string_view journal_stream);

  void add(const Entry& entry);
  [[nodiscard]] bool with_fields() const noexcept { return with_fields_; }

 private:
  std::ostream& err_;
  bool with_fields_;
};

/// What the journal is sent for an entry, `NAME=value` each: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER and the fields.
[[nodiscard]] std::vector<std::string> journal_fields(const Entry& entry);

/// Whether `descriptor` is the stream that JOURNAL_STREAM's value, device and inode `8:1234`, names.
[[nodiscard]] bool is_journal_stream(int descriptor, std::string_view journal_stream) noexcept;

/// Without control characters: each becomes `?`.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace tapestry::service
