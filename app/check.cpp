#include "app/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/text.h"
#include "vconout/uuid.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

/// A vCon, or a tombstone, which is named by its uuid.
bool is_ours(const fs::path& file) {
  return file.extension() == ".vcon" || (file.extension() == ".json" && vconout::is_uuid(file.stem().string()));
}

std::vector<fs::path> vcons_below(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (!fs::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    const std::size_t first = files.size();
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && is_ours(entry.path())) files.push_back(entry.path());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  }
  return files;
}

}  // namespace

int check(const std::vector<std::string>& paths, const verify::Options& options, std::ostream& out, std::ostream& err) {
  const std::vector<fs::path> files = vcons_below(paths);
  if (files.empty()) {
    err << "tapestry: no vCon to verify\n";
    return 2;
  }
  std::size_t bad = 0;
  for (const fs::path& file : files) {
    const std::vector<std::string> faults = verify::faults_of(file, options);
    bad += faults.empty() ? 0U : 1U;
    for (const std::string& fault : faults) {
      out << printable(file.string()) << ": " << printable(fault) << "\n";
    }
  }
  out << fmt::format("{} {}, {} with faults\n", files.size(), files.size() == 1 ? "file" : "files", bad);
  return bad == 0 ? 0 : 1;
}

}  // namespace tapestry::app
