// A bare counting loop on an interface, by libpcap: live_floor INTERFACE [keep]. SIGTERM ends it; then it prints the
// packets that it counted and those that the kernel dropped. With `keep` it does what StreamSeconds says with each.
#include <pcap/pcap.h>
#include <poll.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <string_view>

#include "tests/bench/stream_seconds.h"

namespace {

volatile std::sig_atomic_t over = 0;

void count(u_char* counter, const pcap_pkthdr*, const u_char*) {
  void* const untyped = counter;
  ++*static_cast<std::uint64_t*>(untyped);
}

struct Kept {
  std::uint64_t packets = 0;
  tapestry::bench::StreamSeconds streams;
};

void keep(u_char* kept, const pcap_pkthdr* head, const u_char* bytes) {
  void* const untyped = kept;
  Kept& all = *static_cast<Kept*>(untyped);
  ++all.packets;
  all.streams.add({bytes, head->caplen});
}

pcap_t* open(const char* interface) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* const handle = pcap_create(interface, error.data());
  if (handle == nullptr) return nullptr;
  pcap_set_snaplen(handle, 65535);
  pcap_set_promisc(handle, 1);
  pcap_set_timeout(handle, 40);
  pcap_set_buffer_size(handle, 256 << 20);
  if (pcap_activate(handle) < 0 || pcap_setnonblock(handle, 1, error.data()) < 0) return nullptr;
  bpf_program filter{};
  if (pcap_compile(handle, &filter, "udp or tcp", 1, PCAP_NETMASK_UNKNOWN) < 0 || pcap_setfilter(handle, &filter) < 0) {
    return nullptr;
  }
  pcap_setdirection(handle, PCAP_D_IN);
  return handle;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  const bool keeps = words.size() == 3 && std::string_view(words[2]) == "keep";
  if (words.size() != 2 && !keeps) return 2;
  pcap_t* const handle = open(words[1]);
  if (handle == nullptr) return 1;
  (void)std::signal(SIGTERM, [](int) { over = 1; });
  Kept kept;
  std::cerr << "capturing\n";
  void* const untyped = keeps ? static_cast<void*>(&kept) : &kept.packets;
  pollfd wait{pcap_get_selectable_fd(handle), POLLIN, 0};
  while (over == 0) {
    if (pcap_dispatch(handle, -1, keeps ? keep : count, static_cast<u_char*>(untyped)) == 0) (void)poll(&wait, 1, 50);
  }
  pcap_stat stat{};
  pcap_stats(handle, &stat);
  std::cout << kept.packets << " " << stat.ps_drop << "\n";
  pcap_close(handle);
  return 0;
}
