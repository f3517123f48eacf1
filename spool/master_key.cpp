#include "spool/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "core/descriptor.h"
#include "spool/cipher.h"

namespace tapestry::spool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCredential = "credential:";

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw std::runtime_error("spool: master key " + file.string() + ": " + what);
}

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

bool make_whole(const fs::path& file, Bytes bytes) {
  const std::string made = file.string() + "." + std::to_string(getpid());
  const Descriptor descriptor(open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  bool done = descriptor.get() >= 0 && write(descriptor.get(), bytes.data(), bytes.size()) == std::ssize(bytes) &&
              fsync(descriptor.get()) == 0 && (link(made.c_str(), file.c_str()) == 0 || errno == EEXIST);
  int error = errno;
  (void)unlink(made.c_str());
  // What is sealed with it later must not outlive its name, nor its folder's.
  const fs::path folder = fs::absolute(file).parent_path();
  for (const fs::path& names : {folder, folder.parent_path()}) {
    if (!done) break;
    const Descriptor open_names(open(names.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    done = open_names.get() >= 0 && fsync(open_names.get()) == 0;
    error = errno;
  }
  errno = error;
  return done;
}

Secret load_or_make_master_key(const fs::path& path, bool& made) {
  made = !fs::exists(path);
  if (made && !make_whole(path, random_key().bytes())) fail(path, std::generic_category().message(errno));
  return read_key(path, true);
}

}  // namespace tapestry::spool
