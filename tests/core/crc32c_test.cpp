#include "core/crc32c.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

using namespace tapestry;

TEST_CASE("CRC-32C gives the values of RFC 3720 appendix B.4") {
  const std::vector<std::uint8_t> zeros(32, 0);
  const std::vector<std::uint8_t> ones(32, 0xff);
  std::vector<std::uint8_t> rising(32);
  std::iota(rising.begin(), rising.end(), std::uint8_t{0});
  const std::vector<std::uint8_t> falling(rising.rbegin(), rising.rend());
  for (const auto& crc : {crc32c, crc32c_by_table}) {
    CHECK(crc(zeros, 0) == 0x8a9136aaU);
    CHECK(crc(ones, 0) == 0x62a8ab43U);
    CHECK(crc(rising, 0) == 0x46dd794eU);
    CHECK(crc(falling, 0) == 0x113fdb5cU);
    CHECK(crc(as_bytes("123456789"), 0) == 0xe3069283U);
    CHECK(crc({}, 0) == 0);
  }
}

TEST_CASE("CRC-32C goes on from what came before, at any place") {
  const Bytes all = as_bytes("a recorder that anybody can trust writes everything down once");
  for (std::size_t at = 0; at <= all.size(); ++at) {
    CHECK(crc32c(all.subspan(at), crc32c(all.first(at))) == crc32c_by_table(all));
  }
}
