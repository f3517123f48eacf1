#pragma once
#include <string>
#include <string_view>

namespace tapestry::app {

/// How a terminal wants its text.
struct ShowStyle {
  std::size_t columns = 100;
  bool utf8 = false;
};

/// A person's view of an unsigned vCon (JSON text): parties, a timeline of every recording, its gaps and events, calls
/// that came to nothing, signalling. Safe for a terminal whatever the vCon says. Throws std::runtime_error when it is
/// no vCon.
std::string show(std::string_view vcon, const ShowStyle& style);

}  // namespace tapestry::app
