#include "tests/bench/packets.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/pipeline.h"
#include "capture/file_source.h"
#include "tests/bench/measure.h"
#include "tests/support/forgetting.h"

namespace tapestry::bench {
namespace {

void count(u_char* counter, const pcap_pkthdr*, const u_char*) {
  void* const untyped = counter;
  ++*static_cast<std::uint64_t*>(untyped);
}

std::uint64_t run_pipeline(const std::filesystem::path& capture) {
  testing::Forgetting output;
  const calls::Rules rules;
  app::Pipeline pipeline(rules, output);
  const auto source = capture::open_file(capture.string());
  capture::Frame frame;
  while (source->next(frame)) pipeline.add(frame);
  pipeline.finish();
  std::uint64_t messages = 0;
  for (const Counter& counter : pipeline.counters()) {
    if (counter.name == "sip.messages") messages = counter.value;
  }
  return output.kept + messages;
}

/// CPU seconds of one way; `packets` is what it counted.
template <class Way>
double timed(Way way, const std::filesystem::path& capture, std::uint64_t& packets) {
  const double before = cpu_seconds();
  packets = way(capture);
  return cpu_seconds() - before;
}

}  // namespace

std::uint64_t count_by_libpcap(const std::filesystem::path& capture) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> file(pcap_open_offline(capture.c_str(), error.data()), pcap_close);
  if (!file) throw std::runtime_error(error.data());
  std::uint64_t packets = 0;
  void* const untyped = &packets;
  if (pcap_loop(file.get(), -1, count, static_cast<u_char*>(untyped)) < 0) {
    throw std::runtime_error(pcap_geterr(file.get()));
  }
  return packets;
}

PacketCost measure_packets(const std::filesystem::path& capture, int rounds) {
  PacketCost cost;
  cost.packets = count_by_libpcap(capture);
  std::vector<double> floor;
  std::vector<double> ours;
  for (int round = 0; round < rounds; ++round) {
    std::array<std::uint64_t, 2> counted{};
    floor.push_back(timed(count_by_libpcap, capture, counted[0]));
    ours.push_back(timed(run_pipeline, capture, counted[1]));
    if (std::ranges::count(counted, cost.packets) != 2) throw std::runtime_error("not every packet was counted");
  }
  cost.floor_ns = median(floor) * 1e9 / static_cast<double>(cost.packets);
  cost.ours_ns = median(ours) * 1e9 / static_cast<double>(cost.packets);
  return cost;
}

}  // namespace tapestry::bench
