#include "app/signature_parts.h"

#include <algorithm>

#include "app/json_view.h"
#include "core/bytes.h"
#include "verify/base64.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kPemLine = 64;  // RFC 7468 §2
constexpr std::size_t kP256Bytes = 32;

std::string pem_of(std::string_view base64) {
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (; !base64.empty(); base64.remove_prefix(std::min(kPemLine, base64.size()))) {
    pem += base64.substr(0, kPemLine);
    pem += '\n';
  }
  return pem + "-----END CERTIFICATE-----\n";
}

/// A DER INTEGER (X.690 §8.3) of an unsigned number.
std::string integer_of(std::string_view number) {
  number.remove_prefix(std::min(number.find_first_not_of('\0'), number.size() - 1));
  const bool padded = (static_cast<unsigned char>(number.front()) & 0x80U) != 0;
  std::string der = {'\x02', static_cast<char>(number.size() + (padded ? 1U : 0U))};
  if (padded) der += '\0';
  return der.append(number);
}

/// RFC 7518 §3.4 to RFC 3279 §2.2.3.
std::string der_of(std::string_view raw) {
  const std::string both = integer_of(raw.substr(0, kP256Bytes)) + integer_of(raw.substr(kP256Bytes));
  return std::string{'\x30', static_cast<char>(both.size())} + both;
}

}  // namespace

SignatureParts signature_parts(std::string_view signed_json) {
  SignatureParts parts;
  const Json root = Json::parse(signed_json, nullptr, false);
  const Json& signatures = list(root, "signatures");
  if (signatures.empty()) return parts;
  const Json& first = signatures.front();
  for (const Json& certificate : list(child(first, "header"), "x5c")) {
    if (certificate.is_string()) parts.certificates += pem_of(certificate.get_ref<const std::string&>());
  }
  parts.signature = verify::from_base64url(raw(first, "signature")).value_or(std::string());
  const auto header = verify::from_base64url(raw(first, "protected"));
  const Json named = Json::parse(header.value_or(std::string()), nullptr, false);
  if (raw(named, "alg") == "ES256" && parts.signature.size() == 2 * kP256Bytes)
    parts.signature = der_of(parts.signature);
  return parts;
}

}  // namespace tapestry::app
