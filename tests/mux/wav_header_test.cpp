#include "mux/wav_header.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::mux {
namespace {

const FileTags kTags{.uuid = "u", .title = "odd", .start = Time{}};

std::uint64_t little(const std::vector<std::uint8_t>& bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = size; i-- > 0;) value = value << 8U | bytes.at(at + static_cast<std::size_t>(i));
  return value;
}

std::size_t find(const std::vector<std::uint8_t>& bytes, const std::string& name) {
  return std::string(bytes.begin(), bytes.end()).find(name);
}

}  // namespace

TEST_CASE("a WAV header's lengths count what follows") {
  const auto header = wav_header({}, kTags, 1000);
  CHECK(find(header, "RIFF") == 0);
  CHECK(little(header, 4, 4) == header.size() + 4000 - 8);
  CHECK(little(header, header.size() - 4, 4) == 4000);
  CHECK(find(header, "data") == header.size() - 8);
  const std::size_t format = find(header, "fmt ") + 8;
  CHECK(little(header, format, 2) == 1);
  CHECK(little(header, format + 2, 2) == 2);
  CHECK(little(header, format + 4, 4) == 8000);
  CHECK(little(header, format + 8, 4) == 32'000);
  CHECK(little(header, format + 12, 2) == 4);
  CHECK(little(header, format + 14, 2) == 16);
  CHECK(find(header, "fact") == std::string::npos);
}

TEST_CASE("a WAV header of codes tells the law and the number of samples") {
  const auto header = wav_header({.coding = WavCoding::ALaw}, kTags, 1000);
  const std::size_t format = find(header, "fmt ");
  CHECK(little(header, format + 4, 4) == 18);
  CHECK(little(header, format + 8, 2) == 6);
  CHECK(little(header, format + 22, 2) == 8);
  CHECK(little(header, find(header, "fact") + 8, 4) == 1000);
}

TEST_CASE("a title of odd length leaves the chunks behind it at even places") {
  for (const char* title : {"", "a", "ab", "abc"}) {
    const auto header = wav_header({}, {.uuid = "u", .title = title, .start = Time{}}, 1);
    CHECK(find(header, "data") % 2 == 0);
    CHECK((find(header, "INAM") == std::string::npos) == (*title == '\0'));
  }
}

TEST_CASE("a recording of 4 GiB is RF64 with its lengths in 64 bits") {
  const std::uint64_t frames = (1ULL << 32U) / 4;
  const auto small = wav_header({}, kTags, frames - 100);
  CHECK(find(small, "RIFF") == 0);
  const auto large = wav_header({}, kTags, frames);
  CHECK(find(large, "RF64") == 0);
  CHECK(little(large, 4, 4) == 0xffffffff);
  const std::size_t sizes = find(large, "ds64");
  CHECK(sizes == 12);
  CHECK(little(large, sizes + 8, 8) == large.size() + frames * 4 - 8);
  CHECK(little(large, sizes + 16, 8) == frames * 4);
  CHECK(little(large, sizes + 24, 8) == frames);
  CHECK(little(large, large.size() - 4, 4) == 0xffffffff);
}

}  // namespace tapestry::mux
