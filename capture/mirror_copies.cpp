#include "capture/mirror_copies.h"

#include "core/hash.h"

namespace tapestry::capture {
namespace {

// hash_mix alone gives the same for both directions of a conversation.
std::uint64_t hash_of(const Datagram& datagram) {
  const AddressHash addresses;
  const std::uint64_t source = hash_mix(hash_seed(), addresses(datagram.source));
  return hash_mix(hash_mix(source, addresses(datagram.destination)), hash_bytes(datagram.payload));
}

}  // namespace

bool MirrorCopies::seen(const Datagram& datagram) {
  // Behind a clock that stepped back nothing would ever be old.
  while (!recent_.empty() &&
         (datagram.time - recent_.front().time > kWindow || recent_.front().time - datagram.time > kWindow)) {
    forget_oldest();
  }
  const std::uint64_t hash = hash_of(datagram);
  if (!hashes_.insert(hash).second) return true;
  recent_.push_back({datagram.time, hash});
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
