#include "vconout/digest.h"

#include "vconout/openssl.h"

namespace tapestry::vconout {
namespace {

const EVP_MD* algorithm(Digest::Kind kind) {
  switch (kind) {
    case Digest::Kind::Sha1:
      return EVP_sha1();
    case Digest::Kind::Sha256:
      return EVP_sha256();
    case Digest::Kind::Sha512:
      return EVP_sha512();
  }
  return nullptr;
}

}  // namespace

struct Digest::State {
  openssl::Context context;
};

Digest::Digest(Kind kind) : state_(std::make_unique<State>()) {
  state_->context.reset(EVP_MD_CTX_new());
  openssl::require(EVP_DigestInit_ex(state_->context.get(), algorithm(kind), nullptr) == 1, "cannot start a digest");
}

Digest::~Digest() = default;

void Digest::add(Bytes bytes) {
  openssl::require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1, "cannot digest");
}

std::vector<std::uint8_t> Digest::finish() {
  std::vector<std::uint8_t> value(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  openssl::require(EVP_DigestFinal_ex(state_->context.get(), value.data(), &size) == 1, "cannot finish a digest");
  value.resize(size);
  return value;
}

std::vector<std::uint8_t> digest(Digest::Kind kind, Bytes bytes) {
  Digest running(kind);
  running.add(bytes);
  return running.finish();
}

}  // namespace tapestry::vconout
