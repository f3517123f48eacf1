#include "verify/jws.h"

#include <fmt/format.h>

#include "verify/base64.h"
#include "verify/crypto.h"
#include "verify/gzip.h"

namespace tapestry::verify {
namespace {

std::optional<Certificates> certificates_of(Json x5c) {
  Certificates list;
  if (!x5c.is_array() || x5c.size() == 0 || x5c.size() > kMaxCertificates) return std::nullopt;
  for (std::size_t n = 0; n < x5c.size(); ++n) {
    const auto der = from_base64(x5c.at(n).text_or_empty());
    if (!der || !list.add(*der)) return std::nullopt;
  }
  return list;
}

void check_headers(Json protected_header, Json header, const std::string& where, Faults& faults) {
  for (std::size_t n = 0; n < header.size(); ++n) {
    const std::string_view name = header.member(n).first;
    if (protected_header.has(name)) {
      faults.add("form", where, in_quotes(name) + " both protected and unprotected (RFC 7515 7.2.1)");
    }
  }
  for (const std::string_view name : {"crit", "b64"}) {
    if (protected_header.has(name) || header.has(name)) {
      faults.add("signature", where, fmt::format("header {} is not understood", name));
    }
  }
}

bool same_uuid(Json header, Json vcon) {
  const Json ours = header["uuid"];
  const Json theirs = vcon["uuid"];
  return ours.text() == theirs.text() && ours.present() == theirs.present();
}

void check_x5c(Json header, std::string_view alg, std::string_view message, std::string_view signature,
               const std::filesystem::path& ca, const std::string& where, Faults& faults) {
  if (!header.has("x5c")) return faults.add("signature", where, "no x5c in the unprotected header");
  const auto certificates = certificates_of(header["x5c"]);
  if (!certificates) return faults.add("signature", where, "x5c is no list of certificates");
  if (const auto fault = certificates->signature_fault(alg, message, signature)) {
    faults.add("signature", where, *fault);
  }
  if (ca.empty()) return;
  if (const auto fault = certificates->chain_fault(ca)) faults.add("signature", where, "chain: " + *fault);
}

void check_signature(Json one, Json vcon, std::string_view payload, const std::filesystem::path& ca,
                     const std::string& where, Faults& faults) {
  bool whole = true;
  for (const std::string_view name : {"header", "protected", "signature"}) {
    if (one.has(name)) continue;
    faults.add("form", where, fmt::format("lacks {}", name));
    whole = false;
  }
  if (!whole) return;
  const std::string_view encoded = one["protected"].text_or_empty();
  const auto header_text = from_base64url(encoded);
  const auto signature = from_base64url(one["signature"].text_or_empty());
  if (!header_text || !signature) return faults.add("form", where, "protected or signature is not unpadded base64url");
  const auto protected_header = Document::parse(*header_text);
  if (!protected_header) return faults.add("form", where, "protected header: " + protected_header.error());
  const Json header = one["header"];
  if (!protected_header->root().is_object() || !header.is_object()) {
    return faults.add("form", where, "a header is not an object");
  }
  check_headers(protected_header->root(), header, where, faults);
  if (!same_uuid(header, vcon)) faults.add("signature", where, "uuid in the header is not the payload's");
  const Json named = protected_header->root().has("alg") ? protected_header->root()["alg"] : header["alg"];
  const std::string_view alg = named.text_or_empty();
  if (alg != "RS256" && alg != "PS256" && alg != "ES256")
    return faults.add("signature", where, "alg " + in_quotes(alg));
  check_x5c(header, alg, fmt::format("{}.{}", encoded, payload), *signature, ca, where, faults);
}

}  // namespace

std::optional<std::string> payload_text(Json jws, Faults& faults) {
  for (std::size_t n = 0; n < jws.size(); ++n) {
    const std::string_view name = jws.member(n).first;
    if (jws.is_object() && name != "payload" && name != "signatures") {
      faults.add("form", "", "member beside payload and signatures: " + in_quotes(name));
    }
  }
  const auto encoded = jws["payload"].text();
  const Json signatures = jws["signatures"];
  if (!encoded || !signatures.is_array() || signatures.size() == 0) {
    faults.add("form", "", "not a JWS in General JSON Serialization");
    return std::nullopt;
  }
  auto text = from_base64url(*encoded);
  if (text && is_gzip(*text)) text = gunzip(*text, kMaxJsonBytes);
  if (!text) faults.add("form", "", "payload is not unpadded base64url of a vCon or of gzip");
  return text;
}

void check_signatures(Json jws, Json vcon, const std::filesystem::path& ca, Faults& faults) {
  const Json signatures = jws["signatures"];
  const std::string_view payload = jws["payload"].text_or_empty();
  if (signatures.size() > kMaxSignatures) {
    faults.add("form", "", fmt::format("more than {} signatures", kMaxSignatures));
  }
  for (std::size_t n = 0; n < signatures.size() && n < kMaxSignatures; ++n) {
    check_signature(signatures.at(n), vcon, payload, ca, path_join("signatures", n), faults);
  }
}

}  // namespace tapestry::verify
