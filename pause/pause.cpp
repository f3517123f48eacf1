#include "pause/pause.h"

namespace tapestry::pause {

std::string_view to_string(PauseEnd end) noexcept {
  switch (end) {
    case PauseEnd::Resume:
      return "resume";
    case PauseEnd::Timeout:
      return "timeout";
    case PauseEnd::LegEnd:
      return "leg-end";
    case PauseEnd::CallEnd:
      return "call-end";
  }
  return "";
}

}  // namespace tapestry::pause
