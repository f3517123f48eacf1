#pragma once
#include <string>
#include <string_view>

namespace tapestry::app {

/// What `openssl dgst -verify` needs of a signed vCon or tombstone.
struct SignatureParts {
  std::string certificates;  ///< PEM: the signer's, then those that it chains up by (x5c)
  std::string signature;     ///< octets; an ES256 signature as DER
};

/// Of the first signature. Empty parts where the text has none.
SignatureParts signature_parts(std::string_view signed_json);

}  // namespace tapestry::app
