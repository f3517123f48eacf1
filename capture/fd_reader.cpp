#include "capture/fd_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace tapestry::capture {
namespace {

std::runtime_error failure(const std::string& what, const std::string& path, int error) {
  return std::runtime_error(fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(error)));
}

}  // namespace

FdReader::FdReader(std::string path) : path_(std::move(path)) {
  fd_ = path_ == "-" ? STDIN_FILENO : ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw failure("open", path_, errno);
  struct stat status{};
  if (::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
}

FdReader::~FdReader() {
  if (fd_ != STDIN_FILENO) ::close(fd_);
}

std::size_t FdReader::read(std::span<std::uint8_t> into) {
  ssize_t count = -1;
  do {
    count = ::read(fd_, into.data(), into.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw failure("read", path_, errno);
  consumed_ += static_cast<std::uint64_t>(count);
  return static_cast<std::size_t>(count);
}

}  // namespace tapestry::capture
