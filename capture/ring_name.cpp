#include "capture/ring_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "capture/fanout.h"
#include "capture/packet_socket.h"
#include "core/hash.h"

namespace tapestry::capture {
namespace {

constexpr std::uint64_t kSetUp = 1;  // one more when packet_socket.cpp sets up sockets differently

std::uint64_t mix(std::uint64_t hash, const BpfProgram& program) {
  for (const BpfInstruction& one : program) {
    const std::uint64_t head = std::uint64_t{one.code} << 16U | std::uint64_t{one.jump_true} << 8U | one.jump_false;
    hash = hash_mix(hash, head << 32U | one.k);
  }
  return hash;
}

}  // namespace

std::string ring_name(const InterfaceOptions& options, const BpfProgram& filter, std::size_t ring) {
  const RingOptions& one = options.ring;
  std::uint64_t hash = hash_mix(kSetUp, kBlockBytes);
  for (const char c : one.interface) hash = hash_mix(hash, static_cast<unsigned char>(c));
  for (const std::uint64_t value :
       {std::uint64_t{one.bytes}, static_cast<std::uint64_t>(one.block_time.count()), std::uint64_t{one.promiscuous},
        std::uint64_t{one.outgoing}, std::uint64_t{one.hardware_time}, std::uint64_t{options.rings}}) {
    hash = hash_mix(hash, value);
  }
  hash = mix(mix(hash, filter), fanout_program());
  std::string shown = one.interface;
  std::ranges::replace_if(shown, [](char c) { return c <= ' ' || c == ':' || c > '~'; }, '_');
  return fmt::format("ring-{}-{}-{:016x}", shown, ring, hash);
}

}  // namespace tapestry::capture
