// Writes a load of calls as a pcap file: make_load --calls 100 --seconds 60 FILE.pcap
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "tests/bench/load.h"

int main(int argc, char** argv) {
  using namespace tapestry;
  CLI::App app("makes a load of calls: SIP and two RTP streams each, in order of time");
  bench::Load load;
  std::string codec = "pcmu";
  std::string tunnel = "none";
  std::string file;
  app.add_option("--calls", load.calls, "calls at once")->check(CLI::Range(1, 24'000))->capture_default_str();
  app.add_option("--seconds", load.seconds, "talk of each call")->check(CLI::Range(1, 36'000))->capture_default_str();
  app.add_option("--spread", load.spread_seconds, "seconds within which they begin")
      ->check(CLI::Range(1, 36'000))
      ->capture_default_str();
  app.add_option("--waves", load.waves, "how often, one after the other")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--codec", codec)->check(CLI::IsMember({"pcmu", "pcma"}))->capture_default_str();
  app.add_option("--tunnel", tunnel, "what every frame is put into")
      ->check(CLI::IsMember({"none", "vxlan", "erspan2"}))
      ->capture_default_str();
  app.add_option("FILE", file, "the pcap file to write")->required();
  CLI11_PARSE(app, argc, argv);
  load.law = codec == "pcmu" ? Law::Mu : Law::A;
  if (tunnel != "none") load.tunnel = tunnel == "vxlan" ? bench::Tunnel::Vxlan : bench::Tunnel::Erspan2;
  try {
    bench::write_load(file, load);
  } catch (const std::exception& error) {
    std::cerr << "make_load: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
