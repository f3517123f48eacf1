#include "tls/key_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "core/hash.h"

namespace tapestry::tls {
namespace {

constexpr std::size_t kPiece = 64U << 10U;

constexpr std::int64_t kTail = 256;

/// A file open for reading. Opening does not wait for a pipe's writer.
class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file)
      : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int value() const noexcept { return value_; }

 private:
  int value_;
};

std::string error_text() { return std::generic_category().message(errno); }

/// Of the last bytes before `end`: tells whether the file is still the one that was read so far.
std::uint64_t tail_hash(int descriptor, std::int64_t end) {
  std::array<std::uint8_t, kTail> tail{};
  const auto size = static_cast<std::size_t>(std::min(kTail, end));
  const bool whole =
      ::pread(descriptor, tail.data(), size, end - static_cast<std::int64_t>(size)) == static_cast<ssize_t>(size);
  const std::uint64_t hash = whole ? hash_bytes(Bytes(tail).first(size)) : 0;
  wipe(tail);
  return hash;
}

}  // namespace

std::size_t KeyLog::NameHash::operator()(const Name& name) const noexcept {
  return hash_mix(hash_bytes(name.client_random), static_cast<std::uint64_t>(name.label));
}

// A vector that grew would leave copies behind.
KeyLog::KeyLog(std::size_t max_secrets) : max_secrets_(max_secrets) { line_.reserve(kMaxKeyLogLine); }

KeyLog::~KeyLog() { forget_line(); }

void KeyLog::watch(const std::filesystem::path& file) {
  file_ = file;
  const std::string fault = look();
  if (!fault.empty()) throw std::runtime_error(file_.string() + ": the key log cannot be read: " + fault);
}

void KeyLog::poll(Time now) {
  if (file_.empty() || (now - last_poll_ < kPollInterval && last_poll_ - now < kPollInterval)) return;
  last_poll_ = now;
  refresh();
}

void KeyLog::refresh() {
  // Between two files of a rotation there may be none: the next look finds the new one.
  if (!file_.empty()) (void)look();
}

std::string KeyLog::look() {
  const Descriptor descriptor(file_);
  struct stat status{};
  if (descriptor.value() < 0 || ::fstat(descriptor.value(), &status) != 0) return error_text();
  if (!S_ISREG(status.st_mode)) return "it is no regular file";
  const std::uint64_t device = status.st_dev;
  const std::uint64_t inode = status.st_ino;
  const bool same = device == device_ && inode == inode_ && status.st_size >= offset_;
  if (offset_ > 0 && (!same || tail_hash(descriptor.value(), offset_) != tail_)) begin_anew();
  device_ = device;
  inode_ = inode;
  if (status.st_size == offset_) {
    take_unended();
    return {};
  }
  return read_on(descriptor.value()) ? std::string() : error_text();
}

/// False, with errno, when the file cannot be read.
bool KeyLog::read_on(int descriptor) {
  std::array<std::uint8_t, kPiece> piece{};
  ssize_t got = 0;
  while ((got = ::pread(descriptor, piece.data(), piece.size(), offset_)) > 0) {
    add(as_text(Bytes(piece).first(static_cast<std::size_t>(got))));
    offset_ += got;
  }
  const int error = errno;
  wipe(piece);
  tail_ = tail_hash(descriptor, offset_);
  errno = error;
  return got == 0;
}

/// Nobody writes just now, so a last line needs no end. Should it grow all the same, the longer secret replaces this
/// one.
void KeyLog::take_unended() {
  KeyLogLine parsed;
  if (parse_line(parsed) == LineKind::Secret) keep(parsed);
}

void KeyLog::begin_anew() {
  ++restarts_;
  offset_ = 0;
  forget_line();
}

void KeyLog::forget_line() noexcept {
  wipe(line_);
  line_.clear();
  overlong_ = false;
}

void KeyLog::add(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    overlong_ = overlong_ || line_.size() + part.size() > kMaxKeyLogLine;
    if (!overlong_) line_.insert(line_.end(), part.begin(), part.end());
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
    KeyLogLine parsed;
    const LineKind kind = parse_line(parsed);
    if (kind == LineKind::Secret) keep(parsed);
    malformed_ += kind == LineKind::Malformed ? 1U : 0U;
    forget_line();
  }
}

LineKind KeyLog::parse_line(KeyLogLine& out) const noexcept {
  return overlong_ ? LineKind::Malformed : parse_key_log_line(as_text(line_), out);
}

void KeyLog::keep(const KeyLogLine& line) {
  const Name name{line.label, line.client_random};
  const auto [place, fresh] = secrets_.try_emplace(name, line.secret);
  if (!fresh && place->second == line.secret) return;
  place->second = line.secret;
  ++secrets_seen_;
  if (!fresh) return;
  order_.push_back(name);
  while (order_.size() > max_secrets_) {
    secrets_.erase(order_.front());
    order_.pop_front();
    ++dropped_;
  }
}

const Secret* KeyLog::find(KeyLabel label, const Random& client_random) const {
  const auto found = secrets_.find(Name{label, client_random});
  return found == secrets_.end() ? nullptr : &found->second;
}

Counters KeyLog::counters() const {
  KeyLogLine unended;
  const std::uint64_t malformed = malformed_ + (parse_line(unended) == LineKind::Malformed ? 1U : 0U);
  return {{"keylog.secrets", secrets_seen_},
          {"keylog.secrets_dropped", dropped_},
          {"keylog.malformed_lines", malformed},
          {"keylog.restarts", restarts_}};
}

}  // namespace tapestry::tls
