#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "core/time.h"
#include "web/access.h"
#include "web/access_log.h"
#include "web/conversations.h"
#include "web/message.h"
#include "web/routes.h"
#include "web/target.h"
#include "web/traffic.h"

namespace tapestry::web {

/// Octets of a request's line and fields that are read; more is refused (RFC 6585 §5).
inline constexpr std::size_t kMostHead = 16U << 10U;

struct SiteSettings {
  std::filesystem::path out;           ///< the output folder; nothing but media/, vcon/ and catalog.sqlite is read
  std::string media_path = "/media/";  ///< begins and ends with `/`
  AccessRules access;
  std::string version;
  Time started;
};

/// All that is answered, without a socket. Any thread. Never throws what a request can cause; what the disk, the
/// catalog or `record` throws becomes a 503.
class Site {
 public:
  /// `record` gets every request for media, a vCon or the list of them, and every one that was refused, before its
  /// answer is given. When it throws, the answer is 503 and holds nothing. `complain` gets what failed then, for the
  /// operator. Both are called from any thread; `complain` must not throw.
  Site(SiteSettings settings, std::function<void(const Access&)> record,
       std::function<void(std::string_view)> complain);

  [[nodiscard]] Response answer(const Request& request, Time now);

 private:
  struct Judged;
  void guarded(Response& response, const std::function<void()>& work) const;
  void judge(const Request& request, Time now, Judged& judged);
  void record(const Request& request, const Judged& judged, Time now) const;
  [[nodiscard]] Response give(const Request& request, const Matched& matched, const Target& target, Time now);
  [[nodiscard]] Response give_media(const Request& request, const std::string& path);
  [[nodiscard]] Response absent(const std::string& uuid);
  [[nodiscard]] Response give_vcon(const Request& request, const std::string& uuid);
  [[nodiscard]] Response give_list(const Target& target);
  [[nodiscard]] Response give_status(Time now);
  [[nodiscard]] Response give_metrics(Time now);

  SiteSettings settings_;
  std::function<void(const Access&)> record_;
  std::function<void(std::string_view)> complain_;
  Conversations conversations_;
  Traffic traffic_;
};

}  // namespace tapestry::web
