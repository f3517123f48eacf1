#include "tests/app/live_call.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "app/replay.h"
#include "core/time.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/pcap_writer.h"
#include "verify/verify.h"

namespace tapestry::app {

namespace fs = std::filesystem;

testing::SampleCall short_call() {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.ring_seconds = 0.5;
  call.talk_seconds = 2;
  call.hold_seconds = 1;
  call.rest_seconds = 1;
  call.loss_at = 1;
  return call;
}

std::map<std::string, std::string> made_below(const fs::path& out) {
  std::map<std::string, std::string> made;
  for (const char* kind : {"vcon", "media"}) {
    if (!fs::exists(out / kind)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(out / kind)) {
      if (!entry.is_regular_file()) continue;
      const bool vcon = entry.path().extension() == ".vcon";
      made[fs::relative(entry.path(), out)] =
          vcon ? verify::payload_of(entry.path()) : testing::read_file(entry.path());
    }
  }
  return made;
}

std::map<std::string, std::string> made_by_replay(const fs::path& capture, const fs::path& folder) {
  ReplaySettings settings;
  settings.captures = {capture};
  settings.out = folder;
  settings.config = parse_config(kParties, "t");
  settings.config.vcon.now = Time(std::chrono::seconds(1'772'500'000));
  std::ostringstream printed;
  CHECK(replay_and_print(settings, true, printed, printed) == 0);
  return made_below(folder);
}

void save(capture::InterfaceSource& source, const fs::path& file) {
  std::ofstream stream(file, std::ios::binary);
  testing::PcapWriter writer(stream, {.nanoseconds = true});
  capture::Frame frame;
  while (source.lanes().front()->next(frame)) writer.add(frame.time, frame.data);
}

}  // namespace tapestry::app
