#include "tests/bench/next_round.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "core/bytes.h"

namespace tapestry::bench {
namespace {

constexpr std::size_t kUdp = 34;  // behind Ethernet and IPv4
constexpr std::size_t kPayload = kUdp + 8;
constexpr std::size_t kChecksum = kUdp + 6;
constexpr std::size_t kSsrc = kPayload + 8;
constexpr std::uint32_t kFirstPort = 16'384;
constexpr std::uint32_t kPorts = 48'000;
constexpr std::size_t kPortDigits = 5;

std::uint32_t port_of_round(std::uint32_t port, std::uint32_t round) noexcept {
  return kFirstPort + (port - kFirstPort + round % kPorts * (2 * kCallsPerRound % kPorts)) % kPorts;
}

void put(std::span<std::uint8_t> bytes, std::uint32_t value) noexcept {
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    bytes[n] = static_cast<std::uint8_t>(value >> 8 * (bytes.size() - 1 - n));
  }
}

/// `value` modulo what there is room for, with leading zeros.
void put_digits(std::span<std::uint8_t> text, std::uint32_t value, std::uint32_t base) noexcept {
  for (std::size_t n = text.size(); n > 0; --n, value /= base) {
    text[n - 1] = static_cast<std::uint8_t>("0123456789abcdef"[value % base]);
  }
}

/// splitmix64
std::uint64_t scatter(std::uint64_t value) noexcept {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

void renumber_rtp(std::span<std::uint8_t> frame, std::uint32_t round) {
  for (const std::size_t at : {kUdp, kUdp + 2}) {
    put(frame.subspan(at, 2), port_of_round(Cursor(Bytes(frame).subspan(at)).u16(), round));
  }
  const std::uint32_t ssrc = Cursor(Bytes(frame).subspan(kSsrc)).u32() + (round << 16U);
  put(frame.subspan(kSsrc, 4), ssrc);
  individualize(frame.subspan(kSsrc + 4), ssrc);
}

/// What follows each `name`, `length` octets, to `use`.
template <class Use>
void for_each(std::span<std::uint8_t> text, std::string_view name, std::size_t length, Use use) {
  const std::string_view view = as_text(text);
  for (std::size_t at = view.find(name); at != std::string_view::npos; at = view.find(name, at + 1)) {
    if (at + name.size() + length <= text.size()) use(text.subspan(at + name.size(), length));
  }
}

void renumber_sip(std::span<std::uint8_t> text, std::uint32_t round) {
  for_each(text, "Call-ID: ", 4, [round](std::span<std::uint8_t> digits) { put_digits(digits, round, 16); });
  for_each(text, "sip:+1555", 2, [round](std::span<std::uint8_t> digits) { put_digits(digits, round, 10); });
  for_each(text, "m=audio ", kPortDigits, [round](std::span<std::uint8_t> digits) {
    std::uint32_t port = 0;
    const std::string_view number = as_text(digits);
    std::from_chars(number.data(), number.data() + number.size(), port);
    put_digits(digits, port_of_round(port, round), 10);
  });
}

}  // namespace

void individualize(std::span<std::uint8_t> payload, std::uint64_t seed) {
  constexpr std::uint64_t kLeast = 0x0101010101010101ULL;
  for (; payload.size() >= sizeof seed; payload = payload.subspan(sizeof seed)) {
    seed = scatter(seed);
    store(payload, load<std::uint64_t>(payload) ^ (seed & kLeast));
  }
}

void renumber(std::span<std::uint8_t> frame, std::uint32_t round) {
  if (frame.size() <= kSsrc + 4) return;
  put(frame.subspan(kChecksum, 2), 0);
  frame[kPayload] >> 6U == 2 ? renumber_rtp(frame, round) : renumber_sip(frame.subspan(kPayload), round);
}

}  // namespace tapestry::bench
