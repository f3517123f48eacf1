#include "capture/hep.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/support/tunnel_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Time kNow{seconds(1'700'000'000)};
const Endpoint kAgent = endpoint("172.16.0.1:40000");
const Endpoint kHomer = endpoint("172.16.0.2:9060");

Datagram outer(const Buffer& payload, bool snapped = false) { return {kNow, kAgent, kHomer, payload, snapped}; }

TEST_CASE("a HEP3 packet gives the message with its addresses and time") {
  for (const char* host : {"192.0.2.7:5080", "[2001:db8::7]:5080"}) {
    const HepFields fields{endpoint(host), endpoint(host), kNow - milliseconds(123)};
    const Buffer packet = hep(fields, "INVITE sip:a@b SIP/2.0\r\n\r\n");
    const auto inner = parse_hep(outer(packet));
    REQUIRE(inner);
    REQUIRE(inner->source == fields.source);
    REQUIRE(inner->destination == fields.destination);
    REQUIRE(inner->time == fields.time);
    REQUIRE(as_text(inner->payload) == "INVITE sip:a@b SIP/2.0\r\n\r\n");
    REQUIRE_FALSE(inner->snapped);
  }
}

TEST_CASE("an agent's clock that is far off is not believed") {
  for (const Duration off :
       {kHepClockTolerance + Duration(1000), -kHepClockTolerance - Duration(1000), Duration(std::chrono::years(10))}) {
    HepFields fields;
    fields.time = kNow + off;
    REQUIRE(parse_hep(outer(hep(fields, "x")))->time == kNow);
  }
  HepFields fields;
  fields.time = kNow + kHepClockTolerance;
  REQUIRE(parse_hep(outer(hep(fields, "x")))->time == kNow + kHepClockTolerance);
}

TEST_CASE("what follows a HEP3 packet's length is none of it") {
  Buffer bytes = hep(HepFields{}, "x");
  bytes.insert(bytes.end(), 8, 0);
  REQUIRE(parse_hep(outer(bytes)));
  REQUIRE(as_text(parse_hep(outer(bytes))->payload) == "x");
}

TEST_CASE("HEP3 of other kinds, and what is none, is left alone") {
  HepFields log;
  log.payload_type = 100;
  REQUIRE_FALSE(parse_hep(outer(hep(log, "log line"))));
  REQUIRE_FALSE(parse_hep(outer(buffer("HEP2"))));
  REQUIRE_FALSE(parse_hep(outer(buffer("HEP3"))));
  REQUIRE_FALSE(parse_hep(outer({})));
  Buffer longer = hep({}, "x");
  longer[5] = 255;
  REQUIRE_FALSE(parse_hep(outer(longer)));
  Buffer short_chunk = hep({}, "x");
  short_chunk[11] = 5;
  REQUIRE_FALSE(parse_hep(outer(short_chunk)));
}

TEST_CASE("a HEP3 packet that is cut gives nothing, unless the capture cut its payload") {
  const Buffer packet = hep({}, "a message");
  for (std::size_t size = 0; size < packet.size(); ++size) {
    const Buffer cut(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE_FALSE(parse_hep(outer(cut)));
    const auto inner = parse_hep(outer(cut, true));
    REQUIRE(inner.has_value() == (size + 9 >= packet.size()));
    if (inner) REQUIRE(inner->snapped);
  }
}

TEST_CASE("chunks of vendors are skipped") {
  Buffer packet = hep({}, "x");
  const Buffer vendor{0x12, 0x34, 0, 15, 0, 8, 'n', 'o'};
  append(packet, vendor);
  packet[5] = static_cast<std::uint8_t>(packet[5] + vendor.size());
  REQUIRE(as_text(parse_hep(outer(packet))->payload) == "x");
}

}  // namespace
}  // namespace tapestry::capture
