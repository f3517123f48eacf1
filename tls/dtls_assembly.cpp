#include "tls/dtls_assembly.h"

namespace tapestry::tls {

std::optional<Bytes> DtlsAssembly::add(const DtlsFragment& fragment) {
  if (fragment.length > kMaxMessage) return std::nullopt;
  if (fragment.body.size() == fragment.length) {
    sequence_.reset();
    return fragment.body;
  }
  if (sequence_ != fragment.sequence || body_.size() != fragment.length) {
    sequence_ = fragment.sequence;
    body_.assign(fragment.length, 0);
    have_.assign(fragment.length, false);
    missing_ = fragment.length;
  }
  for (std::size_t n = 0; n < fragment.body.size(); ++n) {
    const std::size_t at = fragment.offset + n;
    if (have_[at]) continue;
    have_[at] = true;
    body_[at] = fragment.body[n];
    --missing_;
  }
  return missing_ == 0 ? std::optional(Bytes(body_)) : std::nullopt;
}

}  // namespace tapestry::tls
