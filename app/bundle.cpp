#include "app/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>

#include "app/config.h"
#include "core/release.h"
#include "vconout/digest.h"
#include "vconout/file.h"
#include "vconout/hex.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 65536;
constexpr mode_t kOwnersFile = 0600;
constexpr mode_t kOwnersFolder = 0700;
constexpr std::string_view kSums = "SHA256SUMS";

using Archive = std::unique_ptr<archive, Release<archive_write_free>>;
using Entry = std::unique_ptr<archive_entry, Release<archive_entry_free>>;
/// Fills the room; 0 at the end.
using Source = std::function<std::size_t(std::span<std::uint8_t>)>;

}  // namespace

struct Bundle::State {
  fs::path place;
  fs::path partial;
  std::int64_t seconds = 0;
  bool tar = false;
  std::optional<vconout::File> file{};  ///< of a tar file
  Archive archive{};
  std::string sums;

  [[noreturn]] void fail(std::string_view name) const {
    const char* why = archive_error_string(archive.get());
    throw std::runtime_error(
        fmt::format("cannot write {} to {}: {}", name, place.string(), why == nullptr ? "unknown" : why));
  }
  void require(int result, std::string_view name) const {
    if (result < ARCHIVE_WARN) fail(name);
  }
  void open();
  void add(const std::string& name, std::uint64_t bytes, const Source& source);
};

void Bundle::State::open() {
  if (tar) {
    file.emplace(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kOwnersFile);
    archive.reset(archive_write_new());
    require(archive_write_set_format_pax_restricted(archive.get()), "a head");
    require(archive_write_open_fd(archive.get(), file->descriptor()), "a head");
    return;
  }
  if (::mkdir(partial.c_str(), kOwnersFolder) != 0) vconout::fail_errno("make", partial);
  archive.reset(archive_write_disk_new());
  require(archive_write_disk_set_options(archive.get(), ARCHIVE_EXTRACT_SECURE_NODOTDOT), "a folder");
}

void Bundle::State::add(const std::string& name, std::uint64_t bytes, const Source& source) {
  const Entry entry(archive_entry_new());
  const std::string path = tar ? name : (partial / name).string();
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), kOwnersFile);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
  archive_entry_set_mtime(entry.get(), seconds, 0);
  require(archive_write_header(archive.get(), entry.get()), name);
  vconout::Digest running(vconout::Digest::Kind::Sha256);
  std::array<std::uint8_t, kBlockBytes> block{};
  std::uint64_t left = bytes;
  while (left != 0) {
    const std::size_t got = source(std::span(block).first(std::min<std::uint64_t>(left, kBlockBytes)));
    if (got == 0) throw std::runtime_error(fmt::format("{} became shorter while it was read", name));
    running.add(Bytes(block).first(got));
    if (archive_write_data(archive.get(), block.data(), got) < 0) fail(name);
    left -= got;
  }
  require(archive_write_finish_entry(archive.get()), name);
  if (name != kSums) sums += fmt::format("{}  {}\n", vconout::hex(running.finish()), name);
}

Bundle::Bundle(fs::path place, Time now) : state_(std::make_unique<State>()) {
  state_->place = std::move(place);
  state_->partial = state_->place.string() + ".partial";
  state_->seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  state_->tar = state_->place.extension() == ".tar";
  if (fs::exists(fs::symlink_status(state_->place))) {
    throw ConfigError(fmt::format("{} is there already", state_->place.string()));
  }
  fs::remove_all(state_->partial);
  vconout::make_folders(vconout::folder_of(state_->place));
  state_->open();
}

Bundle::~Bundle() {
  if (state_->partial.empty()) return;
  state_->archive.reset();
  std::error_code ignored;
  fs::remove_all(state_->partial, ignored);
}

void Bundle::add_text(const std::string& name, std::string_view text) {
  const Bytes bytes = as_bytes(text);
  std::size_t at = 0;
  state_->add(name, bytes.size(), [&](std::span<std::uint8_t> room) {
    const Bytes part = bytes.subspan(at, std::min(room.size(), bytes.size() - at));
    std::ranges::copy(part, room.begin());
    at += part.size();
    return part.size();
  });
}

void Bundle::add_file(const std::string& name, const fs::path& from) {
  vconout::File file(from, O_RDONLY | O_NOFOLLOW);
  struct stat status{};
  if (::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) vconout::fail_errno("read", from);
  state_->add(name, static_cast<std::uint64_t>(status.st_size),
              [&](std::span<std::uint8_t> room) { return file.read(room); });
}

void Bundle::finish() {
  const std::string sums = state_->sums;
  add_text(std::string(kSums), sums);
  state_->require(archive_write_close(state_->archive.get()), "the end");
  if (state_->file) state_->file->sync();
  if (!state_->tar) {
    const vconout::File folder(state_->partial, O_RDONLY | O_DIRECTORY);
    if (::syncfs(folder.descriptor()) != 0) vconout::fail_errno("sync", state_->partial);
  }
  if (::renameat2(AT_FDCWD, state_->partial.c_str(), AT_FDCWD, state_->place.c_str(), RENAME_NOREPLACE) != 0) {
    vconout::fail_errno("rename into place", state_->place);
  }
  vconout::sync_folder(vconout::folder_of(state_->place));
  state_->partial.clear();
}

}  // namespace tapestry::app
