#include "tests/app/scene_audio.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/bytes.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/microphone.h"

namespace tapestry::testing {
namespace {

constexpr std::int64_t kRate = scenes::kVoiceRate;
constexpr std::int64_t kLag = kRate * 15 / 100;
constexpr std::int64_t kBlock = 800;
constexpr double kLoud = 184;   ///< -45 dBFS
constexpr double kFaint = 100;  ///< a voice below it proves nothing

std::int64_t samples(double seconds) { return static_cast<std::int64_t>(seconds * static_cast<double>(kRate)); }
std::size_t index(std::int64_t number) { return static_cast<std::size_t>(number); }

std::vector<double> part(const std::vector<double>& all, std::int64_t from, std::int64_t to) {
  return {all.begin() + from, all.begin() + to};
}

double power(const std::vector<double>& pcm) { return std::inner_product(pcm.begin(), pcm.end(), pcm.begin(), 0.0); }

std::uint32_t little(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8U | static_cast<std::uint8_t>(bytes[i - 1]);
  return value;
}

/// The lowest score of a stretch's blocks and where it is; 1 when the stretch is too short to judge.
std::pair<double, double> lowest(const std::vector<double>& pcm, const scenes::Stretch& stretch, double start,
                                 double enough) {
  std::int64_t from = samples(stretch.from - start + 0.1);
  std::int64_t to = samples(stretch.to - start - 0.1);
  const auto size = static_cast<std::int64_t>(pcm.size());
  if (from < kLag || to + kLag > size) {
    from = std::max(from, kLag);
    to = std::min(to, size - kLag);
  }
  std::pair<double, double> worst{1.0, stretch.from};
  for (std::int64_t at = from; at < to - kRate / 2; at += 4 * kRate) {
    const std::int64_t end = std::min(at + 4 * kRate, to);
    const double seconds = start + static_cast<double>(at) / static_cast<double>(kRate);
    const auto spoken = scenes::heard(stretch.voice, std::llround(seconds * static_cast<double>(kRate)), end - at);
    const std::vector<double> said(spoken.begin(), spoken.end());
    if (std::sqrt(power(said) / static_cast<double>(said.size())) < kFaint) continue;
    const double score = best_correlation(part(pcm, at - kLag, end + kLag), said, enough);
    if (score < worst.first) worst = {score, seconds};
  }
  return worst;
}

/// RMS of the loudest 100 ms outside of all stretches; 0 when that is less than half a second.
double loudest_elsewhere(const std::vector<double>& pcm, const std::vector<scenes::Stretch>& stretches, double start) {
  std::vector<double> quiet;
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double at = start + static_cast<double>(i) / static_cast<double>(kRate);
    const auto covers = [at](const scenes::Stretch& s) { return at >= s.from - 0.3 && at < s.to + 0.3; };
    if (std::ranges::none_of(stretches, covers)) quiet.push_back(pcm[i]);
  }
  double loud = 0;
  if (quiet.size() <= index(kRate / 2)) return loud;
  for (std::size_t at = 0; at + kBlock <= quiet.size(); at += kBlock) {
    const auto from = static_cast<std::int64_t>(at);
    loud = std::max(loud, std::sqrt(power(part(quiet, from, from + kBlock)) / kBlock));
  }
  return loud;
}

/// The loudest sample of [from, to), scene time; 0 outside of the recording.
double peak(const std::vector<double>& pcm, double from, double to, double start) {
  const auto size = static_cast<std::int64_t>(pcm.size());
  const std::int64_t first = std::clamp<std::int64_t>(std::llround((from - start) * kRate), 0, size);
  const std::int64_t last = std::clamp<std::int64_t>(std::llround((to - start) * kRate), first, size);
  double most = 0;
  for (std::int64_t i = first; i < last; ++i) most = std::max(most, std::abs(pcm[index(i)]));
  return most;
}

}  // namespace

Channels read_wav(const std::filesystem::path& path) {
  const std::string file = read_file(path);
  const std::string_view bytes = file;
  std::size_t count = 0;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::size_t size = little(bytes.substr(at + 4, 4));
    const std::string_view chunk = bytes.substr(at + 8, size);
    if (bytes.substr(at, 4) == "fmt ") {
      count = little(chunk.substr(2, 2));
      if (little(chunk.substr(4, 4)) != kRate || little(chunk.substr(14, 2)) != 16) return {};
    }
    if (bytes.substr(at, 4) == "data" && count > 0) {
      Channels channels(count);
      for (std::size_t i = 0; i + 2 * count <= chunk.size(); i += 2 * count) {
        for (std::size_t c = 0; c < count; ++c) {
          channels[c].push_back(static_cast<std::int16_t>(little(chunk.substr(i + 2 * c, 2))));
        }
      }
      return channels;
    }
    at += 8 + size + size % 2;
  }
  return {};
}

double best_correlation(const std::vector<double>& heard, const std::vector<double>& said, double enough) {
  const double said_power = power(said);
  double best = -1;
  for (std::int64_t step = 0; step <= 2 * kLag; ++step) {  // 0, -1, 1, -2, 2, ...
    const std::int64_t lag = step % 2 == 0 ? step / 2 : -(step + 1) / 2;
    const auto from = heard.begin() + kLag + lag;
    const double cross = std::inner_product(said.begin(), said.end(), from, 0.0);
    const auto to = from + static_cast<std::int64_t>(said.size());
    const double heard_power = std::inner_product(from, to, from, 0.0);
    best = std::max(best, cross / (std::sqrt(heard_power * said_power) + 1e-9));
    if (best >= enough) return best;
  }
  return best;
}

std::vector<std::string> audio_faults(const Channels& heard, const scenes::Recording& truth, double start,
                                      double enough) {
  if (heard.size() != 2) return {fmt::format("{}: {} channel(s), not 2", truth.agent, heard.size())};
  std::vector<std::string> faults;
  for (std::size_t c = 0; c < 2; ++c) {
    if (c == 1 && truth.own_may_mix) continue;
    for (const scenes::Stretch& stretch : truth.channels.at(c)) {
      const auto [score, at] = lowest(heard[c], stretch, start, enough);
      if (score >= enough) continue;
      faults.push_back(fmt::format("{}: channel {}, {} in {:.1f}..{:.1f}: correlation {:.2f} at {:.1f}", truth.agent, c,
                                   stretch.voice, stretch.from, stretch.to, score, at));
    }
    const double loud = loudest_elsewhere(heard[c], truth.channels.at(c), start);
    if (loud > kLoud) {
      faults.push_back(fmt::format("{}: channel {}: something audible ({:.0f} dBFS) where nobody speaks", truth.agent,
                                   c, 20 * std::log10(loud / 32768)));
    }
  }
  return faults;
}

std::vector<std::string> pause_faults(const Channels& heard, const scenes::Recording& truth, double start) {
  constexpr double kPacket = 0.02;
  const double slack = truth.gap_slack > 0 ? truth.gap_slack : kPacket;
  std::vector<std::string> faults;
  for (std::size_t c = 0; c < std::min<std::size_t>(heard.size(), 2); ++c) {
    for (const scenes::Gap& gap : truth.gaps) {
      if (gap.reason != "pci") continue;
      const double inside = peak(heard[c], gap.from + slack, gap.to - slack, start);
      if (inside > 0) {
        faults.push_back(fmt::format("{}: channel {}: a peak of {:.0f} inside the pause {:.2f}..{:.2f}", truth.agent, c,
                                     inside, gap.from, gap.to));
      }
      const auto speaks = [&](double from, double to) {
        return std::ranges::any_of(truth.channels.at(c), [&](const auto& s) { return s.from <= from && s.to >= to; });
      };
      const double before = gap.from - slack - kPacket;
      const double after = gap.to + slack;
      if (speaks(before, gap.from) && peak(heard[c], before, before + kPacket, start) < kFaint) {
        faults.push_back(fmt::format("{}: channel {}: silent before {:.2f}", truth.agent, c, gap.from));
      }
      if (speaks(gap.to, after + kPacket) && peak(heard[c], after, after + kPacket, start) < kFaint) {
        faults.push_back(fmt::format("{}: channel {}: silent after {:.2f}", truth.agent, c, gap.to));
      }
    }
  }
  return faults;
}

}  // namespace tapestry::testing
