#pragma once
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "capture/interface_source.h"
#include "tests/support/sample_call.h"

namespace tapestry::app {

/// Whose calls they are, how they are signed, and that recordings are WAV files.
inline constexpr const char* kParties =
    "[[party]]\nuri = \"^sip:1[0-9]{3}@\"\nrole = \"agent\"\n[keys]\nalgorithm = \"es256\"\n"
    "[recording]\nformat = \"wav\"\n";

/// Five seconds.
testing::SampleCall short_call();

/// Everything below an output folder by its name: payloads of vCons, bytes of media.
std::map<std::string, std::string> made_below(const std::filesystem::path& out);

/// What the capture gives in replay, as made_below(); `folder` is for the files.
std::map<std::string, std::string> made_by_replay(const std::filesystem::path& capture,
                                                  const std::filesystem::path& folder);

/// Writes what a second ring on the interface has captured.
void save(capture::InterfaceSource& source, const std::filesystem::path& file);

/// SOURCE_DATE_EPOCH for what is started meanwhile, and for made_by_replay().
class FixedNow {
 public:
  FixedNow() { ::setenv("SOURCE_DATE_EPOCH", "1772500000", 1); }
  ~FixedNow() { ::unsetenv("SOURCE_DATE_EPOCH"); }
  FixedNow(const FixedNow&) = delete;
  FixedNow& operator=(const FixedNow&) = delete;
};

}  // namespace tapestry::app
