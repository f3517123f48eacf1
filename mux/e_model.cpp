#include "mux/e_model.h"

#include <algorithm>
#include <array>

namespace tapestry::mux {
namespace {

constexpr double kDefaultR = 93.2;      ///< G.107 clause 7.7: all parameters at their defaults
constexpr double kMostImpairment = 95;  ///< G.107 clause 7.5
constexpr double kLeastBurstRatio = 1;  ///< G.107 table 2: the permitted range
constexpr double kMostBurstRatio = 8;

struct Entry {
  std::string_view encoding;
  Impairment impairment;
};

constexpr std::array<Entry, 9> kTable{{
    {"PCMU", {0, 25.1}},
    {"PCMA", {0, 25.1}},
    {"G729", {11, 19.0}},
    {"G723", {15, 16.1}},
    {"GSM", {20, {}}},
    {"G726-40", {2, {}}},
    {"G726-32", {7, {}}},
    {"G726-24", {25, {}}},
    {"G726-16", {50, {}}},
}};

}  // namespace

std::optional<Impairment> impairment_of(std::string_view encoding) noexcept {
  constexpr std::string_view kOtherPacking = "AAL2-";
  if (encoding.starts_with(kOtherPacking)) encoding.remove_prefix(kOtherPacking.size());
  const auto* const found = std::ranges::find(kTable, encoding, &Entry::encoding);
  if (found == kTable.end()) return std::nullopt;
  return found->impairment;
}

double mos_of(double r) noexcept {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  // The polynomial dips below 1 for small ratings.
  return std::max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

std::optional<EModel> rate_quality(const Impairment& codec, double loss, double burst_ratio) noexcept {
  double impairment = codec.ie;
  if (loss > 0) {
    if (!codec.bpl) return std::nullopt;
    const double percent = 100 * std::min(loss, 1.0);
    const double ratio = std::clamp(burst_ratio, kLeastBurstRatio, kMostBurstRatio);
    impairment += (kMostImpairment - codec.ie) * percent / (percent / ratio + *codec.bpl);
  }
  const double r = std::max(0.0, kDefaultR - impairment);
  return EModel{.r = r, .mos = mos_of(r)};
}

}  // namespace tapestry::mux
