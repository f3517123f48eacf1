#include "service/journal.h"

#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace tapestry::service {
namespace {

/// Octets of one value: what is longer is cut.
constexpr std::size_t kMostValue = 4096;

std::string pair(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + one_line(value.substr(0, kMostValue));
}

bool send(const Entry& entry) {
  std::vector<std::string> fields = journal_fields(entry);
  std::vector<iovec> parts;
  for (std::string& field : fields) parts.push_back({field.data(), field.size()});
  return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace

Level level_of(std::string_view line) noexcept {
  if (line.starts_with("alarm: ")) return Level::Error;
  return line.starts_with("warning: ") ? Level::Warning : Level::Notice;
}

Journal::Journal(std::ostream& err, std::string_view journal_stream)
    : err_(err), with_fields_(is_journal_stream(STDERR_FILENO, journal_stream)) {}

void Journal::add(const Entry& entry) {
  if (with_fields_ && send(entry)) return;
  err_ << "tapestry: " + one_line(entry.message) + "\n" << std::flush;
}

std::vector<std::string> journal_fields(const Entry& entry) {
  std::vector<std::string> fields{pair("MESSAGE", entry.message),
                                  pair("PRIORITY", std::to_string(static_cast<int>(entry.level))),
                                  pair("SYSLOG_IDENTIFIER", "tapestry")};
  for (const Field& field : entry.fields) {
    if (!field.value.empty()) fields.push_back(pair(field.name, field.value));
  }
  return fields;
}

bool is_journal_stream(int descriptor, std::string_view journal_stream) noexcept {
  const std::size_t colon = journal_stream.find(':');
  if (colon == std::string_view::npos) return false;
  dev_t device = 0;
  ino_t inode = 0;
  const char* end = journal_stream.data() + journal_stream.size();
  const auto first = std::from_chars(journal_stream.data(), journal_stream.data() + colon, device);
  const auto second = std::from_chars(journal_stream.data() + colon + 1, end, inode);
  if (first.ec != std::errc{} || second.ec != std::errc{} || second.ptr != end) return false;
  struct stat status{};
  return ::fstat(descriptor, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }, '?');
  return line;
}

}  // namespace tapestry::service
