#pragma once
#include <cstdint>
#include <string>

namespace tapestry::capture {

/// LINKTYPE_ numbers (tcpdump.org/linktypes.html) that the decoder peels, with the raw-IP numbers of some systems.
namespace link {
inline constexpr std::uint32_t kNull = 0;
inline constexpr std::uint32_t kEthernet = 1;
inline constexpr std::uint32_t kRawBsd = 12;
inline constexpr std::uint32_t kRawOpenBsd = 14;
inline constexpr std::uint32_t kRaw = 101;
inline constexpr std::uint32_t kLoop = 108;
inline constexpr std::uint32_t kCooked1 = 113;
inline constexpr std::uint32_t kErf = 197;
inline constexpr std::uint32_t kIpv4 = 228;
inline constexpr std::uint32_t kIpv6 = 229;
inline constexpr std::uint32_t kCooked2 = 276;
}  // namespace link

/// A person's name for it, `LINKTYPE 147` for one that has none here.
[[nodiscard]] std::string link_type_name(std::uint32_t link_type);

}  // namespace tapestry::capture
