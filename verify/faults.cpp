#include "verify/faults.h"

#include <fmt/format.h>

#include <utility>

namespace tapestry::verify {

void Faults::add(std::string_view part, std::string_view where, std::string_view what) {
  if (list_.size() >= kMaxFaults) {
    ++left_out_;
    return;
  }
  list_.push_back(where.empty() ? fmt::format("{}: {}", part, what) : fmt::format("{}: {}: {}", part, where, what));
}

std::vector<std::string> Faults::take() {
  if (left_out_ != 0) list_.push_back(fmt::format("form: {} further faults", left_out_));
  left_out_ = 0;
  return std::exchange(list_, {});
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMaxQuoted = 60;
  std::string out = "'";
  for (const char c : text.substr(0, kMaxQuoted)) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out + (text.size() > kMaxQuoted ? "…'" : "'");
}

std::string path_join(std::string_view where, std::string_view name) {
  return where.empty() ? std::string(name) : fmt::format("{}/{}", where, name);
}

std::string path_join(std::string_view where, std::size_t index) { return fmt::format("{}/{}", where, index); }

}  // namespace tapestry::verify
