// Bodies that tell keys, from any bytes: only keys come out, and no more than the most.
#include <array>
#include <cstdlib>
#include <string_view>

#include "sipparse/dtmf_body.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tapestry;
  constexpr std::array<std::string_view, 5> kTypes{"application/dtmf-relay", "application/dtmf",
                                                   "application/vnd.nortelnetworks.digits", "audio/telephone-event",
                                                   "application/kpml-response+xml"};
  for (const std::string_view type : kTypes) {
    const std::string keys =
        sip::dtmf_keys({.type = type, .parameters = {}, .disposition = {}, .bytes = Bytes(data, size)});
    if (keys.size() > sip::kMaxToldKeys) std::abort();
    if (keys.find_first_not_of("0123456789*#ABCD") != std::string::npos) std::abort();
  }
  return 0;
}
