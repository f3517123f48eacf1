#include "capture/mirror_copies.h"

#include "core/hash.h"

namespace tapestry::capture {
namespace {

// hash_mix alone gives the same for both directions of a conversation.
std::uint64_t hash_of(const IpAddress& source, const IpAddress& destination, std::uint64_t numbers, Bytes payload) {
  const AddressHash hash;
  const std::uint64_t first = hash_mix(hash_seed(), hash(source));
  return hash_mix(hash_mix(hash_mix(first, hash(destination)), numbers), hash_bytes(payload));
}

std::uint64_t hash_of(const Datagram& datagram) {
  const std::uint64_t ports = std::uint64_t{datagram.source.port} << 16U | datagram.destination.port;
  return hash_of(datagram.source.ip, datagram.destination.ip, ports, datagram.payload);
}

std::uint64_t hash_of(const IpPacket& fragment) {
  const std::uint64_t where =
      std::uint64_t{fragment.identification} << 32U | fragment.fragment_at << 1U | (fragment.more_fragments ? 1U : 0U);
  return hash_of(fragment.source, fragment.destination, hash_mix(where, fragment.protocol), fragment.payload);
}

}  // namespace

bool MirrorCopies::seen(Time time, const Datagram& datagram) { return seen(time, hash_of(datagram)); }

bool MirrorCopies::seen(Time time, const IpPacket& fragment) { return seen(time, hash_of(fragment)); }

bool MirrorCopies::seen(Time time, std::uint64_t hash) {
  // Behind a clock that stepped back nothing would ever be old.
  while (!recent_.empty() && (time - recent_.front().time > kWindow || recent_.front().time - time > kWindow)) {
    forget_oldest();
  }
  if (!hashes_.insert(hash).second) return true;
  recent_.push_back({time, hash});
  if (recent_.size() > kMost) {
    forget_oldest();
    ++forgotten_;
  }
  return false;
}

void MirrorCopies::forget_oldest() {
  hashes_.erase(recent_.front().hash);
  recent_.pop_front();
}

}  // namespace tapestry::capture
