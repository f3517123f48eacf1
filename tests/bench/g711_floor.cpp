#include "tests/bench/g711_floor.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "tests/bench/measure.h"
#include "tests/bench/packets.h"
#include "vconout/store.h"

namespace tapestry::bench {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> read_all(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (!file) throw std::runtime_error(entry.path().string() + " cannot be read");
  }
  return files;
}

}  // namespace

double read_hash_and_write(const fs::path& capture, const fs::path& media) {
  const std::vector<std::string> files = read_all(media);
  const fs::path folder = media.parent_path() / "floor";
  fs::create_directory(folder);
  const double before = cpu_seconds();
  count_by_libpcap(capture);
  std::size_t number = 0;
  for (const std::string& file : files) {
    vconout::ContentHash hash;
    hash.add(as_bytes(file));
    if (hash.token().empty()) throw std::runtime_error("no hash");
    vconout::write_whole(folder / std::to_string(number++), file);
  }
  const double seconds = cpu_seconds() - before;
  fs::remove_all(folder);
  return seconds;
}

}  // namespace tapestry::bench
