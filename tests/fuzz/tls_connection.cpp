// Real TLS connections, whose bytes the input cuts, drops, changes and mixes with its own: what comes out is what was
// sent, and memory stays bounded. The connections' keys are new in each run.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/support/tls_peers.h"
#include "tls/connection.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

const std::string kText = "INVITE sip:bob@example.com SIP/2.0\r\n\r\n";

struct Recorded {
  explicit Recorded(bool tls13) {
    testing::TlsPeers peers({.tls13 = tls13});
    peers.shake_hands();
    for (int n = 0; n < 4; ++n) {
      peers.send(true, kText);
      peers.send(false, kText);
      if (tls13) peers.update_keys(n % 2 == 0);
    }
    wires = {peers.wire(true), peers.wire(false)};
    key_log = peers.key_log();
  }
  std::array<std::string, 2> wires;
  std::string key_log;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array<Recorded, 2> kRecorded{Recorded(false), Recorded(true)};
  Cursor cursor(Bytes(data, size));
  const std::uint8_t choice = cursor.u8();
  const Recorded& recorded = kRecorded.at(choice & 1U);
  tls::KeyLog keys;
  if ((choice & 2U) != 0) keys.add(recorded.key_log);
  tls::Connection connection;
  tls::Tally tally;
  std::array<std::size_t, 2> done{};
  Time now{};
  const auto use = [](const tls::Connection::Data& data_out) { require(as_text(data_out.bytes) == kText); };
  // Each step: what to do, how many bytes.
  while (cursor.left() >= 3) {
    const std::uint8_t step = cursor.u8();
    const std::size_t side = step & 1U;
    const std::size_t length = cursor.u16() % 2048;
    const std::string& wire = recorded.wires.at(side);
    const std::size_t left = std::min(length, wire.size() - done.at(side));
    std::string bytes = wire.substr(done.at(side), left);
    done.at(side) += left;
    now += std::chrono::milliseconds(step);
    const bool lost = (step & 2U) != 0;
    if (lost) bytes.clear();
    if ((step & 4U) != 0 && !bytes.empty()) bytes[length % bytes.size()] ^= static_cast<char>(step);
    if ((step & 8U) != 0) bytes = as_text(cursor.take(std::min(length, cursor.left())));
    connection.add(side, now, as_bytes(bytes), lost, &keys, tally, use);
    if (step == 0xff) keys.add(recorded.key_log);
    require(connection.held_bytes() <= tls::Connection::kMaxHeld);
  }
  connection.give_up(tally);
  require(!connection.waiting() || tally.connections == 0);
  return 0;
}
