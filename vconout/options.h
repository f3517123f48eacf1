#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/time.h"

namespace tapestry::vconout {

/// What [recorder], [media] and [keys] say.
struct Options {
  std::string host = "recorder.example.com";                     ///< in uuids, the certificate and the recorder's party
  std::string base_url = "https://recorder.example.com/media/";  ///< https, ends in `/`
  std::optional<Time> now;                                       ///< SOURCE_DATE_EPOCH; none: the real clock
};

}  // namespace tapestry::vconout
