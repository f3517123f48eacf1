#include "capture/file_source.h"

#include <unistd.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "capture/memory_reader.h"
#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

std::string small_capture() {
  std::ostringstream out;
  PcapWriter writer(out);
  for (int i = 0; i < 3; ++i) writer.add(Time(std::chrono::seconds(i + 1)), as_bytes("some frame"));
  return out.str();
}

std::uint64_t drain(Source& source) {
  Frame frame;
  while (source.next(frame)) {
  }
  return source.info().packets;
}

std::unique_ptr<Source> open_text(std::string_view text) {
  return open_bytes(std::make_unique<MemoryReader>(as_bytes(text)), "memory");
}

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content)
      : path_(std::filesystem::temp_directory_path() / ("tapestry_capture_" + std::to_string(::getpid()))) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a capture file is read by its name, with its size and progress") {
  const std::string content = small_capture();
  const TemporaryFile file(content);
  const auto source = open_file(file.path());
  REQUIRE(drain(*source) == 3);
  REQUIRE(source->info().file == file.path());
  REQUIRE(source->info().size == content.size());
  REQUIRE(source->info().consumed == content.size());
  REQUIRE(source->info().bytes == 30);
  REQUIRE(source->info().link_type == "Ethernet");
  REQUIRE(source->info().first == Time(std::chrono::seconds(1)));
  REQUIRE(source->info().last == Time(std::chrono::seconds(3)));
  REQUIRE_FALSE(source->info().damage);
}

TEST_CASE("a gzip file is read like a plain one, its progress in compressed bytes") {
  const std::string content = gzip(small_capture());
  const TemporaryFile file(content);
  const auto source = open_file(file.path());
  REQUIRE(drain(*source) == 3);
  REQUIRE(source->info().consumed == content.size());
  REQUIRE_FALSE(source->info().damage);
}

TEST_CASE("a file that does not exist or is no capture is refused with its name") {
  REQUIRE_THROWS_WITH(open_file("/no/such/file.pcap"), Catch::Contains("/no/such/file.pcap: No such file"));
  REQUIRE_THROWS_WITH(open_file("/"), Catch::Contains("cannot read /: Is a directory"));
  REQUIRE_THROWS_WITH(open_text("just a text"), Catch::Contains("memory is neither a pcap nor a pcapng capture"));
  REQUIRE_THROWS_WITH(open_text(gzip("just a text")), Catch::Contains("neither"));
}

TEST_CASE("an empty file, or one cut inside its header, is a source without frames and damaged") {
  const std::string content = small_capture();
  for (const std::size_t size : {0U, 1U, 3U, 4U, 23U}) {
    const auto source = open_text(std::string_view(content).substr(0, size));
    REQUIRE(drain(*source) == 0);
    REQUIRE(source->info().damage.value().offset == 0);
    REQUIRE(source->info().damage.value().what == "the file ends inside its header");
  }
  REQUIRE(open_text(gzip(""))->info().damage.has_value());
}

TEST_CASE("a gzip file that is cut gives the frames before and says at which uncompressed byte it ends") {
  const std::string whole = gzip(small_capture());
  const auto source = open_text(std::string_view(whole).substr(0, whole.size() - 8));
  REQUIRE(drain(*source) == 3);
  REQUIRE(source->info().damage.value().what == "the gzip data ends too early");
  REQUIRE(source->info().damage.value().offset == 24 + 3 * 26);
}

TEST_CASE("every public capture gives as many frames as its manifest says") {
  const std::filesystem::path folder = std::filesystem::path(TAPESTRY_SHARED) / "captures";
  std::ifstream manifest(folder / "MANIFEST.json");
  if (!manifest) {
    WARN("the shared captures are absent");
    return;
  }
  const nlohmann::json files = nlohmann::json::parse(manifest).at("files");
  for (const auto& entry : files) {
    const std::string name = entry.at("file");
    INFO(name);
    if (entry.at("expected").at("file_type") == "netmon2") {
      REQUIRE_THROWS_AS(open_file(folder / name), std::runtime_error);
      continue;
    }
    const auto source = open_file(folder / name);
    CHECK(drain(*source) == entry.at("packets"));
    CHECK(source->info().consumed == source->info().size);
  }
}

}  // namespace
}  // namespace tapestry::capture
