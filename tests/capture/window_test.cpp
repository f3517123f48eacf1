#include "capture/window.h"

#include <catch2/catch.hpp>

#include "capture/memory_reader.h"

namespace tapestry::capture {
namespace {

std::vector<std::uint8_t> counting(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return bytes;
}

TEST_CASE("a window shows every byte once, whatever the steps") {
  const auto bytes = counting(5'000'000);
  Window window(std::make_unique<MemoryReader>(bytes));
  std::size_t at = 0;
  for (std::size_t step = 1; at < bytes.size(); step = step * 3 % Window::kMaxPeek + 1) {
    const Bytes shown = window.peek(step);
    REQUIRE(shown.size() == std::min(step, bytes.size() - at));
    REQUIRE(std::ranges::equal(shown, Bytes(bytes).subspan(at, shown.size())));
    window.skip(shown.size());
    at += shown.size();
    REQUIRE(window.offset() == at);
  }
  REQUIRE(window.peek(1).empty());
}

TEST_CASE("a window discards more than it can hold, and says when the stream ends before") {
  const auto bytes = counting(4'000'000);
  Window window(std::make_unique<MemoryReader>(bytes));
  REQUIRE(window.discard(3'999'999));
  REQUIRE(window.peek(10).size() == 1);
  REQUIRE_FALSE(window.discard(2));
}

}  // namespace
}  // namespace tapestry::capture
