#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "core/release.h"

// OpenSSL's objects with owners, for the files that call it: digest.cpp, signer.cpp, keys.cpp.
namespace tapestry::vconout::openssl {

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;

/// Throws std::runtime_error: `what`, and the reason that OpenSSL gives. Empties this thread's error queue.
[[noreturn]] void fail(const std::string& what);
/// fail() unless `good`.
void require(bool good, const char* what);

}  // namespace tapestry::vconout::openssl
