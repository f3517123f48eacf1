#include "app/config_spool.h"

#include "spool/token_key.h"

namespace tapestry::app {
namespace {

constexpr int kLeastSegment = 1;  // MiB
constexpr int kMostSegment = 1024;
constexpr int kLeastMemory = 16;  // MiB
constexpr int kMostMemory = 65'536;

std::uint64_t mebibytes_of(const Place& place, const toml::key& key, const toml::node& node, int lowest, int highest) {
  return static_cast<std::uint64_t>(number_of(place, key, node, lowest, highest)) << 20U;
}

unsigned percent_of(const Place& place, const toml::key& key, const toml::node& node) {
  return static_cast<unsigned>(number_of(place, key, node, 1, 100));
}

}  // namespace

void read_spool(const Place& place, const toml::table& table, Config& config) {
  SpoolSettings& spool = config.spool;
  for (const auto& [key, node] : table) {
    if (key == "folder") {
      spool.folder = path_of(place, key, node);
    } else if (key == "master_key") {
      spool.master_key = text_of(place, key, node);
      if (!spool.master_key.starts_with(spool::kTokenScheme)) spool.master_key = path_of(place, key, node).string();
    } else if (key == "segment_mb") {
      spool.segment_bytes = mebibytes_of(place, key, node, kLeastSegment, kMostSegment);
    } else if (key == "memory_mb") {
      spool.memory_bytes = mebibytes_of(place, key, node, kLeastMemory, kMostMemory);
    } else if (key == "warn_percent") {
      spool.warn_percent = percent_of(place, key, node);
    } else if (key == "alarm_percent") {
      spool.alarm_percent = percent_of(place, key, node);
    } else if (key == "metadata_percent") {
      spool.metadata_percent = percent_of(place, key, node);
    } else {
      place.unknown(key, "[spool]");
    }
  }
  if (spool.warn_percent > spool.alarm_percent || spool.alarm_percent > spool.metadata_percent) {
    place.fail(table.source(), "\"warn_percent\", \"alarm_percent\" and \"metadata_percent\" must not go down");
  }
}

std::filesystem::path spool_folder(const SpoolSettings& settings, const std::filesystem::path& out) {
  return settings.folder.empty() ? out / "spool" : settings.folder;
}

}  // namespace tapestry::app
