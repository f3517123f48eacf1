#include "capture/link_type.h"

#include <fmt/format.h>

namespace tapestry::capture {

std::string link_type_name(std::uint32_t link_type) {
  switch (link_type) {
    case link::kNull:
    case link::kLoop:
      return "NULL/Loopback";
    case link::kEthernet:
      return "Ethernet";
    case link::kRawBsd:
    case link::kRawOpenBsd:
    case link::kRaw:
      return "Raw IP";
    case link::kCooked1:
      return "Linux cooked v1";
    case link::kErf:
      return "ERF";
    case link::kIpv4:
      return "Raw IPv4";
    case link::kIpv6:
      return "Raw IPv6";
    case link::kCooked2:
      return "Linux cooked v2";
    default:
      return fmt::format("LINKTYPE {}", link_type);
  }
}

}  // namespace tapestry::capture
