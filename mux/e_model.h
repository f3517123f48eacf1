#pragma once
#include <optional>
#include <string_view>

namespace tapestry::mux {

/// What ITU-T G.113 appendix I says of a narrowband codec.
struct Impairment {
  double ie = 0;                ///< equipment impairment factor without loss
  std::optional<double> bpl{};  ///< packet-loss robustness factor; nothing where none was published
};

/// Nothing for codecs without a published factor: wideband ones among them, whose scale is another (G.107.1).
/// `encoding` as in a=rtpmap, upper-case. G.711's is that of a receiver with the concealment of G.711 appendix I;
/// G.729's that of annex A with VAD.
std::optional<Impairment> impairment_of(std::string_view encoding) noexcept;

/// R and MOS of the E-model (ITU-T G.107, narrowband).
struct EModel {
  double r = 0;    ///< 0 to 93.2
  double mos = 1;  ///< estimated conversational MOS, 1 to 4.5
};

/// MOS of a rating: G.107 annex B.
double mos_of(double r) noexcept;

/// With G.107's default values for all that packets do not tell, and no delay (Id = 0, A = 0). `loss` is the share of
/// packets that were not played, 0 to 1; `burst_ratio` is BurstR. Nothing when there is loss and no robustness factor.
std::optional<EModel> rate_quality(const Impairment& codec, double loss, double burst_ratio) noexcept;

}  // namespace tapestry::mux
