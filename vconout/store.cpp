#include "vconout/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "vconout/base64.h"
#include "vconout/file.h"

namespace tapestry::vconout {
namespace {

constexpr std::size_t kBlockBytes = 65536;

void write_and_rename(const std::filesystem::path& partial, const std::filesystem::path& path, std::string_view text) {
  {
    File file(partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    file.write(text);
    file.sync();
  }
  if (std::rename(partial.c_str(), path.c_str()) != 0) fail_errno("rename into place", path);
}

}  // namespace

std::string ContentHash::token() { return "sha512-" + base64url(running_.finish()); }

std::string content_hash(const std::filesystem::path& path) {
  File file(path, O_RDONLY);
  ContentHash running;
  std::array<std::uint8_t, kBlockBytes> block{};
  while (const std::size_t got = file.read(block)) running.add(Bytes(block).first(got));
  return running.token();
}

void write_whole(const std::filesystem::path& path, std::string_view text) {
  const auto folder = folder_of(path);
  make_folders(folder);
  const std::filesystem::path partial = path.string() + ".partial";
  try {
    write_and_rename(partial, path, text);
  } catch (const std::system_error&) {
    ::unlink(partial.c_str());
    throw;
  }
  sync_folder(folder);
}

void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to) {
  File(from, O_RDONLY).sync();
  make_folders(folder_of(to));
  if (std::rename(from.c_str(), to.c_str()) != 0) fail_errno("rename into place", to);
  sync_folder(folder_of(to));
}

}  // namespace tapestry::vconout
