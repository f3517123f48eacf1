#include "vconout/chained_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/card_numbers.h"
#include "vconout/digest.h"
#include "vconout/file.h"
#include "vconout/hex.h"
#include "vconout/utf8.h"
#include "vconout/uuid.h"

namespace tapestry::vconout {
namespace {

constexpr mode_t kMode = 0600;
constexpr mode_t kGroupMode = 0660;
constexpr mode_t kAccess = 07777;
/// What is read of an existing file: lines that several crashes tore, one after another, and one that is whole.
constexpr std::uint64_t kTailBytes = 8 * kMostAuditLine;
constexpr std::string_view kCut = "...";

/// The file is this process's alone for as long as it lives.
class Locked {
 public:
  Locked(const File& file, const std::filesystem::path& path) : descriptor_(file.descriptor()) {
    while (::flock(descriptor_, LOCK_EX) != 0) {
      if (errno != EINTR) fail_errno("lock", path);
    }
  }
  ~Locked() { (void)::flock(descriptor_, LOCK_UN); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  int descriptor_;
};

std::string hash_of(std::string_view line) { return hex(digest(Digest::Kind::Sha256, as_bytes(line))); }

/// Of a line that add() wrote; nothing for any other.
std::optional<std::uint64_t> seq_of(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("seq") || !json["seq"].is_number_unsigned()) return std::nullopt;
  return json["seq"].get<std::uint64_t>();
}

std::string read_tail(const File& file, std::uint64_t size, const std::filesystem::path& path) {
  std::string tail(std::min(size, kTailBytes), '\0');
  std::uint64_t at = size - tail.size();
  for (std::span<char> room(tail); !room.empty();) {
    const ssize_t got = ::pread(file.descriptor(), room.data(), room.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail_errno("read", path);
    at += static_cast<std::uint64_t>(got);
    room = room.subspan(static_cast<std::size_t>(got));
  }
  return tail;
}

/// The whole lines of a file's end, first to last; `begins` when it is the whole file.
std::vector<std::string_view> lines_of(std::string_view tail, bool begins) {
  std::vector<std::string_view> lines;
  bool whole = begins;
  while (!tail.empty()) {
    const std::size_t end = std::min(tail.find('\n'), tail.size());
    if (whole) lines.push_back(tail.substr(0, end));
    whole = true;
    tail.remove_prefix(std::min(end + 1, tail.size()));
  }
  return lines;
}

std::string bounded(std::string text) {
  if (text.size() > kMostAuditText) text = text.substr(0, kMostAuditText - kCut.size()).append(kCut);
  return to_utf8(text);
}

}  // namespace

// Masked first: of a number that is cut nothing would tell that it was one.
std::string audit_text(std::string_view wire) { return bounded(mask_card_numbers(wire)); }

std::string audit_path(std::string_view wire) {
  std::string masked;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(wire.find('/', at), wire.size());
    const std::string_view name = wire.substr(at, end - at);
    masked += is_uuid(name) ? std::string(name) : mask_card_numbers(name);
    if (end == wire.size()) return bounded(std::move(masked));
    masked += '/';
    at = end + 1;
  }
}

ChainedLog::ChainedLog(std::filesystem::path file, Sync sync, Writers writers)
    : path_(std::move(file)), sync_(sync), writers_(writers) {
  refresh();
}

void ChainedLog::open_existing() {
  if (!std::filesystem::exists(std::filesystem::symlink_status(path_))) return;
  file_ = std::make_unique<File>(path_, O_RDWR | O_APPEND | O_NOFOLLOW);
  settle_access();
}

/// A file with a second name may be something else's.
void ChainedLog::settle_access() {
  struct stat status{};
  if (::fstat(file_->descriptor(), &status) != 0) fail_errno("look at", path_);
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1 || status.st_uid != ::geteuid()) return;
  file_->give_to_owner_of(folder_of(path_));
  if (writers_ == Writers::Owner || (status.st_mode & kAccess) == kGroupMode) return;
  if (::fchmod(file_->descriptor(), kGroupMode) != 0) fail_errno("let its group write", path_);
}

void ChainedLog::refresh() {
  if (!file_) open_existing();
  if (!file_) return;
  const Locked locked(*file_, path_);
  catch_up();
}

ChainedLog::~ChainedLog() = default;

void ChainedLog::open_new() {
  make_folders(folder_of(path_));
  // What another process just made is not opened with O_CREAT: fs.protected_regular forbids that in a sticky folder.
  const int made = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode);
  if (made < 0 && errno != EEXIST) fail_errno("open", path_);
  if (made < 0) return open_existing();
  file_ = std::make_unique<File>(made, path_);
  settle_access();
  sync_folder(folder_of(path_));
}

void ChainedLog::catch_up() {
  struct stat status{};
  if (::fstat(file_->descriptor(), &status) != 0) fail_errno("look at", path_);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!S_ISREG(status.st_mode)) throw std::runtime_error(path_.string() + " is no audit log");
  if (status.st_nlink == 0) throw std::runtime_error(path_.string() + " was taken away");
  if (size < size_) throw std::runtime_error(path_.string() + " was cut while it was in use");
  if (size == size_) return;
  const std::string tail = read_tail(*file_, size, path_);
  const std::vector<std::string_view> lines = lines_of(tail, tail.size() == size);
  std::uint64_t behind = 0;
  std::optional<std::uint64_t> seq;
  for (auto line = lines.rbegin(); line != lines.rend() && !seq; ++line) {
    seq = seq_of(*line);
    if (seq) last_whole_ = hash_of(*line);
    behind += seq ? 0U : 1U;
  }
  if (lines.empty() || (!seq && tail.size() != size)) throw std::runtime_error(path_.string() + " is no audit log");
  head_ = {.seq = seq.value_or(0) + behind, .hash = hash_of(lines.back())};
  torn_ = behind != 0 || tail.back() != '\n';
  ended_ = tail.back() == '\n';
  size_ = size;
}

void ChainedLog::append(const std::string& line) {
  const std::string written = (ended_ ? "" : "\n") + line + "\n";
  file_->write(written);
  if (sync_ == Sync::EachLine) file_->sync();
  size_ += written.size();
  head_ = {.seq = head_.seq + 1, .hash = hash_of(line)};
  last_whole_ = head_.hash;
  ended_ = true;
  torn_ = false;
}

Json ChainedLog::line_of(const Json& entry) const {
  Json line = Json::object();
  line["seq"] = head_.seq + 1;
  line.update(entry);
  line["previous"] = head_.hash;
  return line;
}

void ChainedLog::add(const Json& entry, const Json& torn) {
  if (!file_) open_new();
  const Locked locked(*file_, path_);
  catch_up();
  if (torn_) {
    Json notice = line_of(torn);
    notice["last_whole"] = last_whole_;
    append(notice.dump());
  }
  append(line_of(entry).dump());
}

}  // namespace tapestry::vconout
