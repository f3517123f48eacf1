#include "core/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/hash.h"

namespace tapestry {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool in(const IpAddress& ip, std::string_view cidr) noexcept {
  const auto range = Cidr::parse(cidr);
  return range && range->contains(ip);
}

}  // namespace

IpAddress IpAddress::from_bytes(Bytes bytes) noexcept {
  IpAddress ip;
  if (bytes.size() == 4) {
    std::ranges::copy(kMapped, ip.octets.begin());
    std::ranges::copy(bytes, ip.octets.begin() + 12);
  } else if (bytes.size() == 16) {
    std::ranges::copy(bytes, ip.octets.begin());
  }
  return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  std::array<char, INET6_ADDRSTRLEN + 1> buffer{};
  if (text.empty() || text.size() >= buffer.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::ranges::copy(text, buffer.begin());
  std::array<std::uint8_t, 16> raw{};
  if (inet_pton(AF_INET, buffer.data(), raw.data()) == 1) return from_bytes(Bytes(raw).first(4));
  if (inet_pton(AF_INET6, buffer.data(), raw.data()) == 1) return from_bytes(raw);
  return std::nullopt;
}

bool IpAddress::is_v4() const noexcept { return std::equal(kMapped.begin(), kMapped.end(), octets.begin()); }

bool IpAddress::is_unspecified() const noexcept {
  const auto first = is_v4() ? octets.begin() + 12 : octets.begin();
  return std::all_of(first, octets.end(), [](std::uint8_t octet) { return octet == 0; });
}

bool IpAddress::is_private() const noexcept {
  if (is_v4()) {
    return in(*this, "10.0.0.0/8") || in(*this, "172.16.0.0/12") || in(*this, "192.168.0.0/16") ||
           in(*this, "127.0.0.0/8") || in(*this, "169.254.0.0/16") || in(*this, "100.64.0.0/10");
  }
  return in(*this, "fc00::/7") || in(*this, "fe80::/10") || in(*this, "::1");
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN + 1> buffer{};
  const char* text = is_v4() ? inet_ntop(AF_INET, octets.data() + 12, buffer.data(), INET6_ADDRSTRLEN)
                             : inet_ntop(AF_INET6, octets.data(), buffer.data(), INET6_ADDRSTRLEN);
  return text == nullptr ? std::string() : std::string(text);
}

std::string Endpoint::to_string() const {
  return ip.is_v4() ? fmt::format("{}:{}", ip.to_string(), port) : fmt::format("[{}]:{}", ip.to_string(), port);
}

std::optional<Cidr> Cidr::parse(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const auto ip = IpAddress::parse(text.substr(0, slash));
  if (!ip) return std::nullopt;
  const unsigned whole = ip->is_v4() ? 32 : 128;
  unsigned prefix = whole;
  if (slash != std::string_view::npos) {
    const std::string_view bits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
    if (error != std::errc() || end != bits.data() + bits.size() || prefix > whole) return std::nullopt;
  }
  return Cidr{*ip, prefix + (128 - whole)};
}

bool Cidr::contains(const IpAddress& ip) const noexcept {
  for (unsigned bit = 0; bit < prefix; bit += 8) {
    const unsigned take = std::min(8U, prefix - bit);
    const auto mask = static_cast<std::uint8_t>(0xffU << (8 - take));
    if (((ip.octets[bit / 8] ^ base.octets[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::size_t AddressHash::operator()(const IpAddress& ip) const noexcept {
  const Bytes bytes(ip.octets);
  return hash_mix(hash_mix(hash_seed(), load<std::uint64_t>(bytes)), load<std::uint64_t>(bytes.subspan(8)));
}

std::size_t AddressHash::operator()(const Endpoint& endpoint) const noexcept {
  return hash_mix((*this)(endpoint.ip), endpoint.port);
}

}  // namespace tapestry
