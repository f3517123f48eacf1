#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "core/bytes.h"
#include "core/time.h"
#include "mux/codec.h"

namespace tapestry::mux {

/// A payload as its codec takes it.
struct Reading {
  std::uint8_t codec = 0;   ///< index into PayloadMap::codecs()
  bool pauses = false;      ///< PayloadTime
  std::uint16_t ticks = 0;  ///< PayloadTime; 0 unless audio
  Bytes bytes;              ///< the payload, or the primary block of a RED one
  Bytes red;                ///< the whole RED payload; empty otherwise
};

/// Which codec each packet of a track has. Types that nobody mapped are those of RFC 3551.
class PayloadMap {
 public:
  /// `encryption` is what sealed() names: Track::encryption.
  explicit PayloadMap(const std::vector<calls::PayloadMapping>& mappings, const std::string& encryption = {});

  /// Index into codecs(): of the last mapping of `payload_type` (0..127) since `arrival`, or its first when all are
  /// later.
  [[nodiscard]] std::uint8_t find(std::uint8_t payload_type, Time arrival) const noexcept;
  /// What a packet holds. RED is taken apart; a payload that is none of its codec's is Content::Foreign, named `G729,
  /// unreadable`. Views are of `payload`.
  [[nodiscard]] Reading read(std::uint8_t payload_type, Time arrival, Bytes payload) const;
  /// What a packet holds that cannot be decrypted: Content::Foreign under the encryption's name.
  [[nodiscard]] Reading sealed(std::uint8_t payload_type, Time arrival) const noexcept;
  /// From now on that codec's payloads are read as `codec`.
  void replace(std::uint8_t index, const Codec& codec);

  /// Those that SDP named, not RFC 3551's table.
  [[nodiscard]] std::span<const Codec> mapped() const noexcept { return std::span(codecs_).first(mapped_); }
  [[nodiscard]] const std::vector<Codec>& codecs() const noexcept { return codecs_; }
  [[nodiscard]] const Codec& codec(std::uint8_t index) const noexcept { return codecs_[index]; }

 private:
  struct Since {
    Time time;
    std::uint8_t codec = 0;
  };
  std::uint8_t intern(const Codec& codec);
  void add(unsigned type, Time since, const Codec& codec);

  std::array<std::vector<Since>, 128> types_;
  std::vector<Codec> codecs_;
  std::size_t mapped_ = 0;
  std::vector<std::uint8_t> unreadable_;  ///< by codec: what its unreadable payloads are
  std::vector<std::uint8_t> sealed_;      ///< by codec: what its encrypted payloads are
};

}  // namespace tapestry::mux
