#include "capture/folder_file.h"

#include <sys/stat.h>

#include <string>

#include "capture/fd_reader.h"
#include "capture/file_source.h"

namespace tapestry::capture {
namespace {

/// What FdReader throws is the system's.
template <typename Function>
auto or_failure(const Function& function) {
  try {
    return function();
  } catch (const std::runtime_error& error) {
    throw ReadFailure(error.what());
  }
}

class FolderReader final : public ByteReader {
 public:
  explicit FolderReader(const std::string& path)
      : reader_(or_failure([&path] { return std::make_unique<FdReader>(path); })) {}

  std::size_t read(std::span<std::uint8_t> into) override {
    return or_failure([this, into] { return reader_->read(into); });
  }
  [[nodiscard]] std::uint64_t consumed() const noexcept override { return reader_->consumed(); }
  [[nodiscard]] std::uint64_t size() const noexcept override { return reader_->size(); }

 private:
  std::unique_ptr<FdReader> reader_;
};

}  // namespace

std::optional<FileState> state_of(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const Duration changed = std::chrono::seconds(status.st_mtim.tv_sec) + Duration(status.st_mtim.tv_nsec);
  return FileState{.size = static_cast<std::uint64_t>(status.st_size),
                   .changed = changed.count(),
                   .device = status.st_dev,
                   .inode = status.st_ino};
}

std::unique_ptr<Source> open_in_folder(const std::filesystem::path& file) {
  return open_bytes(std::make_unique<FolderReader>(file.string()), file.string());
}

Time first_packet(const std::filesystem::path& file) {
  try {
    const auto source = open_in_folder(file);
    Frame frame;
    return source->next(frame) ? frame.time : Time::min();
  } catch (const std::runtime_error&) {
    return Time::min();
  }
}

}  // namespace tapestry::capture
