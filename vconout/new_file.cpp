#include "vconout/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "vconout/file.h"

namespace tapestry::vconout {

NewFile::NewFile(std::filesystem::path target, std::string_view text, mode_t mode) : target_(std::move(target)) {
  std::string name = target_.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);  // O_EXCL and 0600 by POSIX
  if (descriptor < 0) fail_errno("make", target_);
  File file(descriptor, name);
  try {
    file.write(text);
    if (::fchmod(descriptor, mode) != 0) fail_errno("set the mode of", name);
    file.sync();
  } catch (const std::system_error&) {
    ::unlink(name.c_str());
    throw;
  }
  current_ = name;
}

NewFile::~NewFile() {
  if (!current_.empty()) ::unlink(current_.c_str());
}

void NewFile::place() {
  int result = ::renameat2(AT_FDCWD, current_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
  if (result != 0 && errno == EINVAL) {  // a file system that cannot
    result = ::link(current_.c_str(), target_.c_str());
    if (result == 0) ::unlink(current_.c_str());
  }
  if (result != 0) fail_errno("make", target_);
  current_ = target_;
}

}  // namespace tapestry::vconout
