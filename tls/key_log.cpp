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

/// A file open for reading.
class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file) : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int value() const noexcept { return value_; }

 private:
  int value_;
};

}  // namespace

std::size_t KeyLog::NameHash::operator()(const Name& name) const noexcept {
  return hash_mix(hash_bytes(name.client_random), static_cast<std::uint64_t>(name.label));
}

// A vector that grew would leave copies behind.
KeyLog::KeyLog(std::size_t max_secrets) : max_secrets_(max_secrets) { line_.reserve(kMaxKeyLogLine); }

KeyLog::~KeyLog() { forget_line(); }

void KeyLog::watch(const std::filesystem::path& file) {
  file_ = file;
  const Descriptor descriptor(file_);
  if (descriptor.value() < 0 || !read_on(descriptor.value())) {
    throw std::runtime_error(file_.string() +
                             ": the key log cannot be read: " + std::generic_category().message(errno));
  }
}

void KeyLog::poll(Time now) {
  if (file_.empty() || (now - last_poll_ < kPollInterval && last_poll_ - now < kPollInterval)) return;
  last_poll_ = now;
  refresh();
}

void KeyLog::refresh() {
  if (file_.empty()) return;
  const Descriptor descriptor(file_);
  // Between two files of a rotation there may be none: the next look finds the new one.
  if (descriptor.value() >= 0) (void)read_on(descriptor.value());
}

/// False, with errno, when the file cannot be read.
bool KeyLog::read_on(int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return false;
  const std::uint64_t inode = status.st_ino;
  if (offset_ > 0 && (inode != inode_ || status.st_size < offset_)) begin_anew();
  inode_ = inode;
  if (status.st_size == offset_) {  // nobody writes just now, so a last line needs no end
    if (!line_.empty()) take_line(as_text(line_));
    return true;
  }
  std::array<std::uint8_t, kPiece> piece{};
  ssize_t got = 0;
  while ((got = ::pread(descriptor, piece.data(), piece.size(), offset_)) > 0) {
    add(as_text(Bytes(piece).first(static_cast<std::size_t>(got))));
    offset_ += got;
  }
  const int error = errno;
  wipe(piece);
  errno = error;
  return got == 0;
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
    take_line(as_text(line_));
    forget_line();
  }
}

void KeyLog::take_line(std::string_view line) {
  KeyLogLine parsed;
  const LineKind kind = overlong_ ? LineKind::Malformed : parse_key_log_line(line, parsed);
  if (kind == LineKind::Secret) keep(parsed);
  malformed_ += kind == LineKind::Malformed ? 1U : 0U;
}

void KeyLog::keep(const KeyLogLine& line) {
  const Name name{line.label, line.client_random};
  const auto [place, fresh] = secrets_.insert_or_assign(name, line.secret);
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
  return {{"keylog.secrets", secrets_seen_},
          {"keylog.secrets_dropped", dropped_},
          {"keylog.malformed_lines", malformed_},
          {"keylog.restarts", restarts_}};
}

}  // namespace tapestry::tls
