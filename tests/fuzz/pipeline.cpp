// Datagrams of any content, from any endpoint, at any time, through RTP, SIP and the correlator: nothing crashes, every
// kept chunk belongs to a track, and every conversation closes.
#include <cassert>
#include <set>

#include "app/pipeline.h"
#include "core/bytes.h"

namespace {

using namespace tapestry;

struct NullOutput final : calls::Output {
  std::set<calls::TrackId> open;
  std::uint64_t closed_count = 0;
  void keep(calls::TrackId track, const rtp::Chunk& chunk) override {
    assert(!chunk.empty());
    open.insert(track);
  }
  void discard(calls::TrackId track) override { assert(open.erase(track) == 1); }
  void closed(calls::Interaction&& interaction) override {
    assert(interaction.number == ++closed_count);
    assert(interaction.parties.size() == 2);
    for (const calls::DialogPlan& dialog : interaction.dialogs) assert(dialog.start <= dialog.end);
    for (const calls::Track& track : interaction.tracks) open.erase(track.id);
  }
  void erase(calls::TrackId, Time, Time) override {}
  void marker(const calls::MarkerReport&) override {}
  void advanced(Time) override {}
  void stream_ended(const calls::StreamReport& report) override { assert(report.stats.packets > 0); }
};

Endpoint endpoint_of(std::uint8_t choice) {
  const std::array<std::uint8_t, 4> ip{10, 0, 0, static_cast<std::uint8_t>(choice & 3U)};
  return {IpAddress::from_bytes(ip), static_cast<std::uint16_t>((choice & 4U) != 0 ? 5060 : 4000 + (choice >> 4U))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  NullOutput output;
  {
    calls::Rules rules;
    rules.calls = 64;
    rules.lookback_bytes = 4096;
    rules.record_unsignalled = size > 0 && (data[0] & 1U) != 0;
    app::Pipeline pipeline(rules, output);
    Cursor cursor(Bytes(data, size));
    cursor.skip(1);
    Time time(std::chrono::seconds(1'790'000'000));
    // Each record: time step, two endpoints, length, bytes.
    while (cursor.left() >= 5) {
      const std::uint8_t step = cursor.u8();
      time += step < 250 ? Duration(std::chrono::milliseconds(step)) : Duration(std::chrono::hours(step - 250));
      const Endpoint source = endpoint_of(cursor.u8());
      const Endpoint destination = endpoint_of(cursor.u8());
      const std::size_t length = std::min<std::size_t>(cursor.u16(), cursor.left());
      capture::Frame clock;
      clock.time = time;
      pipeline.add(clock);
      pipeline.on_datagram({time, source, destination, cursor.take(length), false});
    }
    pipeline.finish();
  }
  assert(output.open.empty());
  return 0;
}
