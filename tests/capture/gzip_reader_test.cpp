#include "capture/gzip_reader.h"

#include <catch2/catch.hpp>

#include <string>

#include "capture/memory_reader.h"
#include "tests/support/pcap_writer.h"

namespace tapestry::capture {
namespace {

using testing::gzip;

std::string text_of_lines() {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "line " + std::to_string(i * 31 % 9973) + "\n";
  return text;
}

struct Inflated {
  std::string text;
  std::string fault;
};

Inflated inflate_all(std::string_view compressed, std::size_t begun = 2) {
  const Bytes bytes = as_bytes(compressed);
  GzipReader reader(std::make_unique<MemoryReader>(bytes.subspan(begun)), bytes.first(begun));
  Inflated result;
  std::vector<std::uint8_t> block(1000);
  while (const std::size_t got = reader.read(block)) result.text += as_text(Bytes(block).first(got));
  result.fault = reader.fault();
  return result;
}

TEST_CASE("gzip data is inflated, also when it was partly read already") {
  const std::string text = text_of_lines();
  const std::string compressed = gzip(text);
  for (const std::size_t begun : {std::size_t{0}, std::size_t{2}, compressed.size()}) {
    const Inflated inflated = inflate_all(compressed, begun);
    REQUIRE(inflated.text == text);
    REQUIRE(inflated.fault.empty());
  }
}

TEST_CASE("several gzip members are one stream, and zeros behind them are padding") {
  const Inflated inflated = inflate_all(gzip("one ") + gzip("") + gzip("two") + std::string(512, '\0'));
  REQUIRE(inflated.text == "one two");
  REQUIRE(inflated.fault.empty());
}

TEST_CASE("gzip data that ends early gives what is there and says so") {
  const std::string text = text_of_lines();
  const std::string compressed = gzip(text);
  const Inflated inflated = inflate_all(std::string_view(compressed).substr(0, compressed.size() / 2));
  REQUIRE(!inflated.text.empty());
  REQUIRE(text.starts_with(inflated.text));
  REQUIRE(inflated.fault == "the gzip data ends too early");
}

TEST_CASE("damaged gzip data and foreign bytes behind it are told") {
  std::string compressed = gzip("something to read");
  compressed[compressed.size() - 6] ^= 1;
  REQUIRE(inflate_all(compressed).fault == "the gzip data is damaged");
  REQUIRE(inflate_all(gzip("x") + "tail").fault == "the gzip data is followed by something else");
}

}  // namespace
}  // namespace tapestry::capture
