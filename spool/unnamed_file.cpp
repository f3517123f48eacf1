#include "spool/unnamed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace tapestry::spool {

int open_unnamed(const std::filesystem::path& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  // Not every file system has O_TMPFILE.
  std::string name = (folder / "unnamed-XXXXXX").string();
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) {
    throw std::runtime_error("spool: cannot make a file in " + folder.string() + ": " +
                             std::generic_category().message(errno));
  }
  (void)unlink(name.c_str());
  return named;
}

}  // namespace tapestry::spool
