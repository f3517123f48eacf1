#include "rtp/flow_table.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace std::chrono_literals;
using testing::endpoint;

namespace {

const Time kStart = Time(1'790'000'000s);

struct Sink : rtp::ChunkSink {
  std::map<rtp::FlowId, rtp::FlowKey> flows;
  std::map<rtp::FlowId, std::vector<std::uint16_t>> sequences;
  std::map<rtp::FlowId, rtp::FlowStats> ended;
  std::vector<std::uint32_t> chunk_sizes;
  const rtp::Chunk* last = nullptr;  ///< the flow's own, which stays where it is
  void on_flow(rtp::FlowId id, const rtp::FlowKey& key, Time) override { flows[id] = key; }
  void on_chunk(rtp::Chunk& chunk, const rtp::FlowStats&) override {
    chunk_sizes.push_back(chunk.packets());
    last = &chunk;
    rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& p) { sequences[chunk.flow()].push_back(p.sequence); });
  }
  void on_flow_end(rtp::FlowId id, const rtp::FlowStats& stats) override { ended[id] = stats; }
};

bool add(rtp::FlowTable& table, Time time, const char* from, const char* to, std::uint32_t ssrc, int sequence) {
  const auto bytes =
      testing::rtp_packet(0, static_cast<std::uint16_t>(sequence), 160U * static_cast<std::uint32_t>(sequence), ssrc,
                          false, std::vector<std::uint8_t>(160, 0xff));
  return table.add({time, endpoint(from), endpoint(to), bytes, false}).has_value();
}

}  // namespace

TEST_CASE("each flow's packets come out once, in order, in chunks of about a second") {
  Sink sink;
  rtp::FlowTable table(sink);
  for (int n = 0; n < 125; ++n) {
    const Time time = kStart + n * 20ms;
    REQUIRE(add(table, time, "10.0.0.1:4000", "10.0.0.2:5000", 1, n));
    REQUIRE(add(table, time, "10.0.0.2:5000", "10.0.0.1:4000", 2, n));
    table.flush(time - 1s);
  }
  table.finish();
  REQUIRE(sink.flows.size() == 2);
  for (const auto& [id, sequences] : sink.sequences) {
    REQUIRE(sequences.size() == 125);
    CHECK(std::is_sorted(sequences.begin(), sequences.end()));
  }
  for (const auto size : sink.chunk_sizes) CHECK(size <= 51);
  CHECK(sink.ended.at(1).packets == 125);
}

TEST_CASE("a padding count that cannot be is let pass in a stream that is known, for SRTP encrypts it") {
  Sink sink;
  rtp::FlowTable table(sink);
  auto padded = testing::rtp_packet(0, 2, 320, 7, false, as_bytes("ciphertext"));
  padded[0] |= 0x20;
  padded.back() = 0xff;
  const auto add_padded = [&] {
    return table.add({kStart, endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:5000"), padded, false});
  };
  CHECK_FALSE(add_padded());
  REQUIRE(add(table, kStart, "10.0.0.1:4000", "10.0.0.2:5000", 7, 1));
  CHECK(add_padded());
  table.finish();
  CHECK(sink.sequences.at(1) == std::vector<std::uint16_t>{1, 2});
}

TEST_CASE("flush hands out chunks of flows that fell silent") {
  Sink sink;
  rtp::FlowTable table(sink);
  add(table, kStart, "10.0.0.1:4000", "10.0.0.2:5000", 1, 1);
  table.flush(kStart - 1ms);
  CHECK(sink.chunk_sizes.empty());
  table.flush(kStart);
  CHECK(sink.chunk_sizes.size() == 1);
}

TEST_CASE("a flow that fell silent, or was forgotten, holds no memory") {
  Sink sink;
  rtp::FlowTable table(sink, {.idle = 60s});
  for (int n = 0; n < 20; ++n) add(table, kStart + n * 20ms, "10.0.0.1:4000", "10.0.0.2:5000", 1, n);
  table.flush(kStart);  // as if 1 s later: the last packet is 620 ms old
  REQUIRE(sink.last != nullptr);
  CHECK(sink.last->held_bytes() < 32);
  for (int n = 20; n < 70; ++n) add(table, kStart + 2s + n * 20ms, "10.0.0.1:4000", "10.0.0.2:5000", 1, n);
  table.flush(kStart + 2s + 400ms);  // between two packets of a flow that goes on
  CHECK(sink.last->empty());
  CHECK(sink.last->held_bytes() > 160);
  add(table, kStart + 10s, "10.0.0.1:4000", "10.0.0.2:5000", 1, 70);
  table.finish();
  CHECK(sink.last->held_bytes() < 32);
}

TEST_CASE("an idle flow is forgotten, and its next packet is a new flow") {
  Sink sink;
  rtp::FlowTable table(sink, {.idle = 60s});
  add(table, kStart, "10.0.0.1:4000", "10.0.0.2:5000", 1, 1);
  table.flush(kStart + 61s);
  CHECK(sink.ended.size() == 1);
  add(table, kStart + 62s, "10.0.0.1:4000", "10.0.0.2:5000", 1, 2);
  CHECK(sink.flows.size() == 2);
}

TEST_CASE("a flood of flows stays within the bound and is counted") {
  Sink sink;
  rtp::FlowTable table(sink, {.flows = 256});
  for (std::uint32_t n = 0; n < 5000; ++n) add(table, kStart + n * 1ms, "10.0.0.1:4000", "10.0.0.2:5000", n, 1);
  std::uint64_t evicted = 0;
  for (const Counter& counter : table.counters()) {
    if (counter.name == "rtp.flows_evicted") evicted = counter.value;
  }
  CHECK(evicted >= 5000 - 256);
  CHECK(sink.flows.size() - sink.ended.size() <= 256);
  table.finish();
  CHECK(sink.ended.size() == 5000);
  std::size_t packets = 0;
  for (const auto& [id, sequences] : sink.sequences) packets += sequences.size();
  CHECK(packets == 5000);
}

TEST_CASE("RTCP is taken and is no flow, other bytes are refused") {
  Sink sink;
  rtp::FlowTable table(sink);
  const std::vector<std::uint8_t> report{0x80, 200, 0, 1, 1, 2, 3, 4};
  CHECK(table.add({kStart, endpoint("10.0.0.1:1"), endpoint("10.0.0.2:2"), report, false}));
  CHECK_FALSE(table.add({kStart, endpoint("10.0.0.1:1"), endpoint("10.0.0.2:2"), as_bytes("INVITE"), false}));
  CHECK(sink.flows.empty());
}

TEST_CASE("what a receiver reports of a stream is in the stream's statistics") {
  struct : Sink {
    void on_chunk(rtp::Chunk& chunk, const rtp::FlowStats& stats) override {
      Sink::on_chunk(chunk, stats);
      last = stats.rtcp;
    }
    rtp::RtcpView last;
  } sink;
  rtp::FlowTable table(sink);
  add(table, kStart, "10.0.0.1:4000", "10.0.0.2:5000", 7, 1);
  const std::vector<std::uint8_t> report{0x81, 201, 0, 7, 0, 0, 0, 9, 0, 0, 0, 7, 64, 0, 0, 3,
                                         0,    0,   0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0,  0, 0, 0};
  CHECK(table.add({kStart + 1ms, endpoint("10.0.0.2:5001"), endpoint("10.0.0.1:4001"), report, false}));
  table.finish();
  CHECK(sink.last.reports == 1);
  CHECK(sink.last.last.fraction_lost == 64);
  CHECK(sink.last.last.cumulative_lost == 3);
  CHECK(sink.last.last.jitter == 5);
}
