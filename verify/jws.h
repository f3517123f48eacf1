#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

inline constexpr std::size_t kMaxSignatures = 16;
inline constexpr std::size_t kMaxCertificates = 16;

/// The vCon's text inside a JWS in General JSON Serialization (RFC 7515 §7.2.1, vcon-core-04 §5.2), gunzipped when it
/// is gzip. Adds faults of form; nothing when the payload cannot be reached.
[[nodiscard]] std::optional<std::string> payload_text(Json jws, Faults& faults);

/// Checks each signature: its members, disjoint headers, alg, x5c, uuid, the signature itself and, unless `ca` is
/// empty, the chain. Throws std::runtime_error when `ca` cannot be read.
void check_signatures(Json jws, Json vcon, const std::filesystem::path& ca, Faults& faults);

}  // namespace tapestry::verify
