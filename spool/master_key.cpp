#include "spool/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "spool/cipher.h"

namespace tapestry::spool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCredential = "credential:";

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw std::runtime_error("spool: master key " + file.string() + ": " + what);
}

/// An open file; closed when it dies.
class Descriptor {
 public:
  explicit Descriptor(int file) noexcept : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) (void)::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return file_; }

 private:
  int file_;
};

Secret read_key(const fs::path& path, bool only_owner) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, std::generic_category().message(errno));
  struct stat found{};
  if (fstat(file.get(), &found) != 0) fail(path, std::generic_category().message(errno));
  if (only_owner && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) fail(path, "others than its owner may read it");
  std::array<std::uint8_t, kKeyBytes + 1> bytes{};
  const ssize_t length = read(file.get(), bytes.data(), bytes.size());
  const Secret key{Bytes(bytes).first(kKeyBytes)};
  wipe(bytes);
  if (length != static_cast<ssize_t>(kKeyBytes)) fail(path, "it is not 32 octets long");
  return key;
}

}  // namespace

Secret load_master_key(const std::string& where) {
  if (!where.starts_with(kCredential)) return read_key(where, true);
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  const fs::path name = where.substr(kCredential.size());
  if (folder == nullptr) fail(name, "systemd gave no credentials");
  if (name.empty() || name.has_parent_path() || name == "..") fail(name, "that is no credential's name");
  return read_key(fs::path(folder) / name, false);
}

Secret load_or_make_master_key(const fs::path& path, bool& made) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  made = file.get() >= 0;
  if (!made && errno != EEXIST) fail(path, std::generic_category().message(errno));
  if (!made) return read_key(path, true);
  const Secret key = random_key();
  const ssize_t length = write(file.get(), key.bytes().data(), kKeyBytes);
  if (length != static_cast<ssize_t>(kKeyBytes) || fsync(file.get()) != 0) {
    (void)unlink(path.c_str());
    fail(path, "it could not be written");
  }
  return key;
}

}  // namespace tapestry::spool
