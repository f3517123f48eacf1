#include "app/layout.h"

#include <fmt/chrono.h>

#include <algorithm>

#include "sipparse/address.h"

namespace tapestry::app {

std::string date_folder(Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}/{:02}/{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string vcon_path(Time start, std::string_view uuid) {
  return fmt::format("vcon/{}/{}.vcon", date_folder(start), uuid);
}

std::string media_folder(Time start, std::string_view uuid, std::string_view root) {
  return fmt::format("{}/{}/{}", root, date_folder(start), uuid);
}

std::string recording_name(std::string_view uri) {
  constexpr std::string_view kPrefix = "agent";
  const auto parsed = sip::parse_uri(uri);
  std::string_view user = parsed ? parsed->user : std::string_view{};
  if (user.empty() && parsed) user = parsed->host;
  std::string name(kPrefix);
  if (!user.empty()) name += '-';
  for (const char c : user.substr(0, kMaxFileName - name.size())) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '_' || c == '+' || c == '-';
    name += kept ? c : '_';
  }
  return name;
}

}  // namespace tapestry::app
