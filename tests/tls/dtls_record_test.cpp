#include "tls/dtls_record.h"

#include <catch2/catch.hpp>
#include <vector>

namespace tapestry::tls {
namespace {

using Octets = std::vector<std::uint8_t>;

const Octets kRecord{22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 7, 0, 2, 0xaa, 0xbb};
const Octets kFragment{2, 0, 1, 0, 0, 3, 0, 0, 4, 0, 0, 2, 0xaa, 0xbb};

}  // namespace

TEST_CASE("records are taken off a datagram one by one") {
  Octets two = kRecord;
  two.insert(two.end(), kRecord.begin(), kRecord.end());
  two.push_back(1);
  Bytes rest = two;
  for (int n = 0; n < 2; ++n) {
    const auto record = take_dtls_record(rest);
    REQUIRE(record);
    CHECK(record->type == 22);
    CHECK(record->epoch == 1);
    CHECK(Octets(record->body.begin(), record->body.end()) == Octets{0xaa, 0xbb});
  }
  CHECK_FALSE(take_dtls_record(rest));
  CHECK(rest.size() == 1);
}

TEST_CASE("what is cut, or says another version, is no record") {
  for (std::size_t size = 0; size < kRecord.size(); ++size) {
    Bytes rest = Bytes(kRecord).first(size);
    CHECK_FALSE(take_dtls_record(rest));
  }
  Octets other = kRecord;
  other[1] = 3;
  Bytes rest = other;
  CHECK_FALSE(take_dtls_record(rest));
}

TEST_CASE("a first octet of 20 to 63 may be DTLS's") {
  CHECK(may_be_dtls(Octets{20}));
  CHECK(may_be_dtls(Octets{63}));
  CHECK_FALSE(may_be_dtls(Octets{19}));
  CHECK_FALSE(may_be_dtls(Octets{64}));
  CHECK_FALSE(may_be_dtls({}));
}

TEST_CASE("a fragment says where it belongs, and must fit there") {
  Bytes rest = kFragment;
  const auto fragment = take_dtls_fragment(rest);
  REQUIRE(fragment);
  CHECK(rest.empty());
  CHECK(fragment->type == 2);
  CHECK(fragment->length == 256);
  CHECK(fragment->sequence == 3);
  CHECK(fragment->offset == 4);
  CHECK(fragment->body.size() == 2);
  Octets outside = kFragment;
  outside[7] = 0;
  outside[8] = 255;
  rest = outside;
  CHECK_FALSE(take_dtls_fragment(rest));
  for (std::size_t size = 0; size < kFragment.size(); ++size) {
    rest = Bytes(kFragment).first(size);
    CHECK_FALSE(take_dtls_fragment(rest));
  }
}

}  // namespace tapestry::tls
