#include "web/range.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::web {
namespace {

using Kind = RangeAnswer::Kind;

constexpr RangeAnswer kWhole{};
constexpr RangeAnswer kNone{.kind = Kind::Unsatisfiable};

RangeAnswer part(std::uint64_t first, std::uint64_t bytes) {
  return {.kind = Kind::Part, .first = first, .bytes = bytes};
}

}  // namespace

TEST_CASE("a range of bytes is the part that is there") {
  CHECK(answer_range("bytes=0-0", 10) == part(0, 1));
  CHECK(answer_range("bytes=0-9", 10) == part(0, 10));
  CHECK(answer_range("bytes=2-5", 10) == part(2, 4));
  CHECK(answer_range("bytes=2-", 10) == part(2, 8));
  CHECK(answer_range("bytes=9-400", 10) == part(9, 1));
  CHECK(answer_range("bytes=-3", 10) == part(7, 3));
  CHECK(answer_range("bytes=-400", 10) == part(0, 10));
  CHECK(answer_range(" BYTES= 1-2 ", 10) == part(1, 2));
  CHECK(answer_range("bytes=1-99999999999999999999999999", 10) == part(1, 9));
}

TEST_CASE("a range with nothing in it, and one that is none, cannot be satisfied") {
  for (const char* range :
       {"bytes=10-", "bytes=10-12", "bytes=5-4", "bytes=-0", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=1-2-3",
        "bytes=+1-2", "bytes=0x1-2", "bytes=99999999999999999999999999-", "bytes=1 -2"}) {
    INFO(range);
    CHECK(answer_range(range, 10) == kNone);
  }
  CHECK(answer_range("bytes=0-", 0) == kNone);
  CHECK(answer_range("bytes=-1", 0) == kNone);
}

TEST_CASE("other units and several ranges get the whole") {
  CHECK(answer_range("bytes=0-1,4-5", 10) == kWhole);
  CHECK(answer_range("seconds=1-2", 10) == kWhole);
  CHECK(answer_range("", 10) == kWhole);
}

TEST_CASE("every part lies inside the file, whatever the numbers") {
  for (std::uint64_t size = 0; size < 5; ++size) {
    for (int first = -1; first < 7; ++first) {
      for (int last = -1; last < 7; ++last) {
        const std::string range =
            "bytes=" + (first < 0 ? "" : std::to_string(first)) + "-" + (last < 0 ? "" : std::to_string(last));
        const RangeAnswer answer = answer_range(range, size);
        INFO(range << " of " << size);
        if (answer.kind == Kind::Part) CHECK((answer.bytes > 0 && answer.first + answer.bytes <= size));
      }
    }
  }
}

}  // namespace tapestry::web
