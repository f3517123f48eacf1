#include "mux/stretch.h"

#include <algorithm>
#include <cmath>

namespace tapestry::mux {
namespace {

constexpr std::size_t kMostAtOnce = 1024;

Interval whole_positions(FinePosition at, FinePosition length) noexcept {
  const Position from = round_fine(at);
  const Position to = round_fine(at + length);
  return {from, std::max(from, to)};
}

/// For how many samples the point to the left moves on by one each, when the first lies `part` beyond it.
std::size_t until_slip(double part, double step) noexcept {
  const double drift = step - 1;
  if (std::abs(drift) > 0.25) return 1;
  const double room = drift > 0 ? (1 - part) / drift : part / -drift;
  return drift == 0 || room > kMostAtOnce ? kMostAtOnce : static_cast<std::size_t>(room) + 1;
}

/// Catmull and Rom's cubics: `out[i]` lies at `part + i * drift` of the way from `in[i + 1]` to `in[i + 2]`.
void interpolate(const std::int16_t* in, float part, float drift, std::span<std::int16_t> out) noexcept {
  constexpr float kHalfUp = 32768.5F;  // makes truncation rounding, also below zero
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float a = in[i];
    const float b = in[i + 1];
    const float c = in[i + 2];
    const float d = in[i + 3];
    const float at = part + static_cast<float>(static_cast<int>(i)) * drift;
    const float value = b + at / 2 * (c - a + at * (2 * a - 5 * b + 4 * c - d + at * (3 * (b - c) + d - a)));
    out[i] = static_cast<std::int16_t>(std::clamp(static_cast<int>(value + kHalfUp) - 32768, -32768, 32767));
  }
}

}  // namespace

void Stretcher::restart(std::span<const std::int16_t> before) noexcept {
  history_.fill(0);
  const auto tail = before.last(std::min(before.size(), kHistory));
  std::ranges::copy(tail, history_.end() - static_cast<std::ptrdiff_t>(tail.size()));
}

void Stretcher::stretch(std::span<const std::int16_t> samples, FinePosition at, FinePosition length,
                        std::vector<std::int16_t>& out) {
  input_.assign(history_.begin(), history_.end());
  input_.insert(input_.end(), samples.begin(), samples.end());
  const auto [from, to] = whole_positions(at, length);
  out.resize(static_cast<std::size_t>(to - from));
  const auto fine_length = static_cast<double>(std::max<FinePosition>(length, 1));
  const double step = static_cast<double>(to_fine(1)) * static_cast<double>(samples.size()) / fine_length;
  // The packet begins at input_[4]; the delay of 2 leaves two points on either side of every position.
  const double begin = static_cast<double>(to_fine(from) - at) / static_cast<double>(to_fine(1)) * step + 2;
  for (std::size_t done = 0; done < out.size();) {
    const double where = begin + static_cast<double>(done) * step;
    const std::size_t left = std::clamp<std::size_t>(static_cast<std::size_t>(where), 1, input_.size() - 3);
    const double part = std::clamp(where - static_cast<double>(left), 0.0, 1.0);
    const std::size_t count = std::min({until_slip(part, step), out.size() - done, input_.size() - 2 - left});
    const auto drift = static_cast<float>(count == 1 ? 0 : step - 1);
    interpolate(&input_[left - 1], static_cast<float>(part), drift, std::span(out).subspan(done, count));
    done += count;
  }
  std::copy(input_.end() - kHistory, input_.end(), history_.begin());
}

void stretch_codes(Bytes codes, FinePosition at, std::int32_t stretch, std::vector<std::uint8_t>& out) {
  const auto [from, to] = whole_positions(at, to_fine(static_cast<Position>(codes.size())) + stretch);
  const auto length = static_cast<std::size_t>(to - from);
  if (length == codes.size() || codes.empty()) {
    out.assign(codes.begin(), codes.end());
    return;
  }
  out.clear();
  for (std::size_t i = 0; i < length; ++i) out.push_back(codes[i * codes.size() / length]);
}

}  // namespace tapestry::mux
