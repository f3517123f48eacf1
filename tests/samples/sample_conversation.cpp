// Writes the sample conversation of scripts/demo: sample_conversation FILE.pcap
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/support/sample_call.h"

int main(int argc, char** argv) {
  using namespace tapestry;
  if (argc != 2) {
    std::cerr << "usage: sample_conversation FILE.pcap\n";
    return 2;
  }
  testing::SampleCall call;
  call.start = from_rfc3339("2026-03-02T09:15:00Z").value();
  std::ofstream file(argv[1], std::ios::binary);
  testing::write_pcap(file, testing::frames_of(call));
  file.close();
  if (!file) {
    std::cerr << "sample_conversation: " << argv[1] << " cannot be written\n";
    return 1;
  }
  return 0;
}
