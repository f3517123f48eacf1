#include "mux/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace tapestry::mux {

OutputFile::OutputFile(const Destination& to)
    : path_(to.path.string()),
      observer_(to.observer),
      descriptor_(open(path_.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0640)) {
  if (descriptor_ < 0) fail(std::generic_category().message(errno));
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) (void)close(descriptor_);
}

void OutputFile::write(Bytes bytes) {
  if (observer_) observer_(bytes);
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail(std::generic_category().message(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void OutputFile::fail(const std::string& what) const {
  throw std::runtime_error("mux: cannot write " + path_ + ": " + what);
}

}  // namespace tapestry::mux
