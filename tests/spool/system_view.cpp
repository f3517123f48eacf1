#include "tests/spool/system_view.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string_view>

#include "spool/cipher.h"

namespace tapestry::spool {
namespace {

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::uint64_t hex(std::string_view text) {
  std::uint64_t value = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

constexpr std::uint64_t kLargestMapping = 64U << 20U;

std::vector<Mapping> undumped_mappings() {
  std::vector<Mapping> found;
  std::ifstream maps("/proc/self/smaps");
  Mapping now;
  for (std::string line; std::getline(maps, line);) {
    const std::size_t dash = line.find('-');
    if (line.find(':') > line.find(' ') && dash != std::string::npos) {
      now = {hex(line.substr(0, dash)), hex(line.substr(dash + 1, line.find(' ') - dash - 1))};
    }
    if (line.starts_with("VmFlags:") && line.contains(" rd ") && line.contains(" dd")) found.push_back(now);
  }
  return found;
}

void append_range(int file, std::uint64_t from, std::uint64_t bytes, std::vector<std::uint8_t>& into) {
  std::vector<std::uint8_t> block(1U << 20U);
  while (bytes > 0) {
    const ssize_t got =
        pread(file, block.data(), std::min<std::uint64_t>(bytes, block.size()), static_cast<off_t>(from));
    if (got <= 0) return;
    into.insert(into.end(), block.begin(), block.begin() + got);
    from += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::uint64_t>(got);
  }
}

}  // namespace

std::vector<std::uint8_t> undumped_memory() {
  std::vector<std::uint8_t> bytes;
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) throw std::runtime_error("cannot read this process's memory");
  for (const Mapping& mapping : undumped_mappings()) {
    // Larger ones are the shadow of a sanitizer.
    if (mapping.end - mapping.begin > kLargestMapping) continue;
    append_range(memory, mapping.begin, mapping.end - mapping.begin, bytes);
  }
  (void)close(memory);
  return bytes;
}

std::vector<std::uint8_t> unnamed_files() {
  std::vector<std::uint8_t> bytes;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const std::string target = std::filesystem::read_symlink(entry.path(), error).string();
    if (error || !target.starts_with('/') || !target.ends_with("(deleted)")) continue;
    const int file = std::stoi(entry.path().filename().string());
    append_range(file, 0, static_cast<std::uint64_t>(lseek(file, 0, SEEK_END)), bytes);
  }
  return bytes;
}

Secret file_key() {
  std::array<std::uint8_t, 2 * kKeyBytes> bytes{};
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
  return Secret(bytes);
}

std::vector<std::uint8_t> unnamed_files_in_clear() {
  std::vector<std::uint8_t> bytes = unnamed_files();
  decrypt_sectors(file_key(), 0, bytes);
  return bytes;
}

std::size_t runs_of(const std::vector<std::uint8_t>& bytes, std::uint8_t value, std::size_t length) {
  std::size_t runs = 0;
  std::size_t run = 0;
  for (const std::uint8_t byte : bytes) {
    run = byte == value ? run + 1 : 0;
    runs += run == length ? 1U : 0U;
  }
  return runs;
}

}  // namespace tapestry::spool
