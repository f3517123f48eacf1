#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "core/time.h"
#include "mux/g711.h"

namespace tapestry::mux {

/// What a packet is for the timeline.
enum class Content : std::uint8_t {
  Audio,    ///< heard
  Noise,    ///< comfort noise (RFC 3389): silence until the next packet
  Event,    ///< telephone-event (RFC 4733)
  Foreign,  ///< an encoding that we have no decoder for
};

struct Codec {
  std::string name;  ///< the encoding, upper-case; `payload type 97` when nobody said
  std::uint32_t clock_hz = 8000;
  Content content = Content::Foreign;
  std::optional<Law> law;  ///< of G.711
  friend bool operator==(const Codec&, const Codec&) = default;
};

/// Which codec each packet of a track has. Types 0, 8 and 13 that nobody mapped are those of RFC 3551.
class PayloadMap {
 public:
  /// With an `encryption` (Track::encryption) everything is foreign under that name: ciphertext is not decoded.
  explicit PayloadMap(const std::vector<calls::PayloadMapping>& mappings, const std::string& encryption = {});

  /// Index into codecs(): of the last mapping of `payload_type` (0..127) since `arrival`, or its first when all are
  /// later.
  [[nodiscard]] std::uint8_t find(std::uint8_t payload_type, Time arrival) const noexcept;
  [[nodiscard]] const std::vector<Codec>& codecs() const noexcept { return codecs_; }
  [[nodiscard]] const Codec& codec(std::uint8_t index) const noexcept { return codecs_[index]; }

 private:
  struct Since {
    Time time;
    std::uint8_t codec = 0;
  };
  std::uint8_t intern(Codec codec);

  std::array<std::vector<Since>, 128> types_;
  std::vector<Codec> codecs_;
};

}  // namespace tapestry::mux
