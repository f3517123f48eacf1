#include "mux/stretch.h"

#include <algorithm>
#include <cmath>

namespace tapestry::mux {
namespace {

Interval whole_positions(FinePosition at, std::size_t samples, std::int32_t stretch) noexcept {
  const Position from = round_fine(at);
  const Position to = round_fine(at + to_fine(static_cast<Position>(samples)) + stretch);
  return {from, std::max(from, to)};
}

/// Catmull and Rom's cubic through points 1 and 2 of four, at `part` of the way.
std::int16_t interpolate(const std::int16_t* four, double part) noexcept {
  const double a = four[0];
  const double b = four[1];
  const double c = four[2];
  const double d = four[3];
  const double value = b + part / 2 * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)));
  return static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
}

}  // namespace

void Stretcher::restart(std::span<const std::int16_t> before) noexcept {
  history_.fill(0);
  const auto tail = before.last(std::min(before.size(), kHistory));
  std::ranges::copy(tail, history_.end() - static_cast<std::ptrdiff_t>(tail.size()));
}

void Stretcher::stretch(std::span<const std::int16_t> samples, FinePosition at, std::int32_t stretch,
                        std::vector<std::int16_t>& out) {
  out.clear();
  input_.assign(history_.begin(), history_.end());
  input_.insert(input_.end(), samples.begin(), samples.end());
  const auto [from, to] = whole_positions(at, samples.size(), stretch);
  const auto fine_length = static_cast<double>(to_fine(static_cast<Position>(samples.size())) + stretch);
  const double step = static_cast<double>(samples.size()) / fine_length;
  for (Position position = from; position < to; ++position) {
    // The packet begins at input_[4]; the delay of 2 leaves two points on either side of every position.
    const double where = std::max(0.0, static_cast<double>(to_fine(position) - at) * step + 2.0);
    const std::size_t left = std::min(static_cast<std::size_t>(where), input_.size() - 1);
    if (left == 0 || left + 2 >= input_.size()) {
      out.push_back(input_[left]);
    } else {
      out.push_back(interpolate(&input_[left - 1], where - static_cast<double>(left)));
    }
  }
  std::copy(input_.end() - kHistory, input_.end(), history_.begin());
}

void stretch_codes(Bytes codes, FinePosition at, std::int32_t stretch, std::vector<std::uint8_t>& out) {
  const auto [from, to] = whole_positions(at, codes.size(), stretch);
  const auto length = static_cast<std::size_t>(to - from);
  if (length == codes.size() || codes.empty()) {
    out.assign(codes.begin(), codes.end());
    return;
  }
  out.clear();
  for (std::size_t i = 0; i < length; ++i) out.push_back(codes[i * codes.size() / length]);
}

}  // namespace tapestry::mux
