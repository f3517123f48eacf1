#include "tls/record_reader.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

namespace tapestry::tls {
namespace {

RecordReader reader_of_nothing() {
  const std::array<std::uint8_t, 32> zeros{};
  return RecordReader(RecordKeys(suite_of(0x1301), Secret(zeros)));
}

}  // namespace

// What opens is tested with real peers in connection_test.cpp.
TEST_CASE("a direction in which nothing opens is given up after a bounded number of records") {
  RecordReader reader = reader_of_nothing();
  RecordTally tally;
  const std::string record = std::string("\x17\x03\x03\0\x20", 5) + std::string(32, 'x');
  unsigned fed = 0;
  while (!reader.given_up()) {
    reader.add(as_bytes(record), false, tally, [](Bytes, bool) { FAIL(); });
    REQUIRE(++fed <= RecordReader::kMaxMisses + 1);
  }
  CHECK(tally.given_up == 1);
  CHECK_FALSE(reader.established());
}

TEST_CASE("the work of a direction that is full of places like records is bounded by the bytes that came") {
  RecordReader reader = reader_of_nothing();
  RecordTally tally;
  const std::string place("\x17\x03\x03\x40\0", 5);
  std::string hostile;
  while (hostile.size() < 400'000) hostile += place;
  for (std::size_t at = 0; at < hostile.size(); at += 1000) {
    reader.add(as_bytes(hostile).subspan(at, 1000), at == 0, tally, [](Bytes, bool) { FAIL(); });
  }
  CHECK(tally.work > 0);
  CHECK(tally.work <= RecordReader::kFirstCredit + RecordReader::kWorkPerByte * hostile.size());
}

TEST_CASE("bytes that are no records cost their search only") {
  RecordReader reader = reader_of_nothing();
  RecordTally tally;
  const std::string junk(100'000, 'x');
  reader.add(as_bytes(junk), true, tally, [](Bytes, bool) { FAIL(); });
  CHECK_FALSE(reader.given_up());
  CHECK(tally.skipped_bytes >= junk.size() - kRecordHeader);
  CHECK(tally.records == 0);
}

}  // namespace tapestry::tls
