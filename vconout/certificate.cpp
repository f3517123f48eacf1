#include "vconout/certificate.h"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "vconout/file.h"
#include "vconout/openssl.h"

namespace tapestry::vconout {
namespace {

Time time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) openssl::fail("a certificate has no date");
  const std::chrono::seconds since(::timegm(&parts));
  const auto most = std::chrono::duration_cast<std::chrono::seconds>(Duration::max());
  return Time(since < most ? Duration(since) : Duration(most));
}

}  // namespace

CertificateFacts read_certificate(const std::filesystem::path& file, const std::string& host) {
  const std::string text = read_text(file);
  const openssl::Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const openssl::Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) openssl::fail(file.string() + " holds no certificate in PEM");
  return {.not_after = time_of(X509_get0_notAfter(certificate.get())),
          .names_host = X509_check_host(certificate.get(), host.data(), host.size(), 0, nullptr) == 1};
}

}  // namespace tapestry::vconout
