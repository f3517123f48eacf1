#pragma once
#include <string>

#include "core/time.h"
#include "doctor/finding.h"

namespace tapestry::doctor {

/// Who signs, as far as it can be read without the private key.
struct Identity {
  bool configured = false;    ///< [keys] names one; else a trial identity is made
  std::string certificate{};  ///< where it is
  std::string fault{};        ///< why key and certificate cannot be used; empty: they can
  std::string host{};         ///< of the configuration
  bool names_host = false;    ///< the certificate does
  Time not_after{};
};

[[nodiscard]] Findings judge_identity(const Identity& identity, Time now);

}  // namespace tapestry::doctor
