#include "doctor/identity.h"

#include <fmt/format.h>

namespace tapestry::doctor {
namespace {

constexpr Duration kSoon = std::chrono::hours(24 * 30);

}  // namespace

Findings judge_identity(const Identity& identity, Time now) {
  const std::string check = "signing key";
  if (!identity.configured && identity.certificate.empty()) {
    return {{check, Verdict::Warning,
             "none is configured: a trial identity will be made, which proves nothing to others",
             "[keys] certificate and key"}};
  }
  if (!identity.fault.empty()) return {{check, Verdict::Failure, identity.fault, "[keys] certificate, key and chain"}};
  const auto left = identity.not_after - now;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
  Findings all;
  if (left <= Duration{}) {
    all.push_back(
        {check, Verdict::Failure, fmt::format("{} has expired", identity.certificate), "renew the certificate"});
  } else if (left < kSoon) {
    all.push_back({check, Verdict::Warning, fmt::format("{} expires in {} days", identity.certificate, days),
                   "renew the certificate, then systemctl restart tapestry"});
  } else {
    all.push_back({check, Verdict::Ok, fmt::format("{} is valid for {} days", identity.certificate, days)});
  }
  if (!identity.names_host) {
    all.push_back({"signing host", Verdict::Warning, fmt::format("the certificate does not name {}", identity.host),
                   "[recorder] host must be a name of the certificate"});
  }
  if (!identity.configured) {
    all.push_back({"trial key", Verdict::Warning,
                   "recordings are signed by a trial identity, which proves nothing to others",
                   "[keys] certificate and key"});
  }
  return all;
}

}  // namespace tapestry::doctor
