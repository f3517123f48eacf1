#include "tls/key_log_line.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::tls {
namespace {

std::string hex(std::size_t octets, char digit) { return std::string(2 * octets, digit); }
LineKind kind_of(const std::string& line) {
  KeyLogLine out;
  return parse_key_log_line(line, out);
}

}  // namespace

TEST_CASE("lines with the secrets of TLS 1.2 and 1.3 are read, in either case of digits, with any end of line") {
  KeyLogLine line;
  REQUIRE(parse_key_log_line("CLIENT_RANDOM " + hex(32, '1') + " " + hex(48, 'a') + "\r\n", line) == LineKind::Secret);
  CHECK(line.label == KeyLabel::MasterSecret);
  CHECK(line.client_random[0] == 0x11);
  CHECK(line.client_random[31] == 0x11);
  REQUIRE(line.secret.bytes().size() == 48);
  CHECK(line.secret.bytes()[47] == 0xaa);
  REQUIRE(parse_key_log_line("CLIENT_TRAFFIC_SECRET_0 " + hex(32, '2') + " " + hex(32, 'B'), line) == LineKind::Secret);
  CHECK(line.label == KeyLabel::ClientTraffic0);
  CHECK(line.secret.bytes().size() == 32);
  CHECK(line.secret.bytes()[0] == 0xbb);
  REQUIRE(parse_key_log_line("SERVER_TRAFFIC_SECRET_0 " + hex(32, '2') + " " + hex(48, 'c') + "\n", line) ==
          LineKind::Secret);
  CHECK(line.label == KeyLabel::ServerTraffic0);
}

TEST_CASE("comments, empty lines and other labels are no secrets") {
  CHECK(kind_of("") == LineKind::Unused);
  CHECK(kind_of("\r\n") == LineKind::Unused);
  CHECK(kind_of("# SSL/TLS secrets log file") == LineKind::Unused);
  CHECK(kind_of("SERVER_HANDSHAKE_TRAFFIC_SECRET " + hex(32, '1') + " " + hex(32, '2')) == LineKind::Unused);
  CHECK(kind_of("EXPORTER_SECRET " + hex(32, '1') + " " + hex(32, '2')) == LineKind::Unused);
  CHECK(kind_of("RSA 0011223344556677 " + hex(48, '2')) == LineKind::Unused);
  CHECK(kind_of("NEW_LABEL x") == LineKind::Unused);
}

TEST_CASE("half lines, odd digits and wrong lengths are malformed") {
  CHECK(kind_of("CLIENT_RANDOM") == LineKind::Malformed);
  CHECK(kind_of("CLIENT_RANDOM " + hex(32, '1')) == LineKind::Malformed);
  CHECK(kind_of("CLIENT_RANDOM " + hex(31, '1') + " " + hex(48, '2')) == LineKind::Malformed);
  CHECK(kind_of("CLIENT_RANDOM " + hex(32, '1') + " " + hex(47, '2')) == LineKind::Malformed);
  CHECK(kind_of("CLIENT_RANDOM " + hex(32, '1') + " " + hex(48, '2') + "3") == LineKind::Malformed);
  CHECK(kind_of("CLIENT_RANDOM " + hex(32, 'g') + " " + hex(48, '2')) == LineKind::Malformed);
  CHECK(kind_of("CLIENT_RANDOM " + hex(32, '1') + " " + hex(48, 'x')) == LineKind::Malformed);
  CHECK(kind_of("CLIENT_TRAFFIC_SECRET_0 " + hex(32, '1') + " " + hex(40, '2')) == LineKind::Malformed);
}

}  // namespace tapestry::tls
