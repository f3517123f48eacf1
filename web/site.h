#pragma once
#include <filesystem>
#include <functional>
#include <shared_mutex>
#include <string>

#include "core/time.h"
#include "web/access.h"
#include "web/access_log.h"
#include "web/conversations.h"
#include "web/live_service.h"
#include "web/message.h"
#include "web/pause_body.h"
#include "web/routes.h"
#include "web/target.h"
#include "web/traffic.h"

namespace tapestry::web {

struct SiteSettings {
  std::filesystem::path out;           ///< the output folder; nothing but media/, vcon/ and catalog.sqlite is read
  std::string media_path = "/media/";  ///< begins and ends with `/`
  AccessRules access;
  std::string version;
  Time started;
  LiveService live{};  ///< empty: there is no running service
};

/// All that is answered, without a socket. Any thread. Never throws what a request can cause; what the disk, the
/// catalog or `record` throws becomes a 503.
class Site {
 public:
  /// `record` gets every request for media, a vCon or the list of them, and every one that was refused, before its
  /// answer is given. When it throws, the answer is 503 and holds nothing, but for a command that went on to the
  /// running service: its answer stays, as the service may have carried it out, and has an audit log of its own.
  /// `complain` gets what failed then, for the operator. Both are called from any thread; `complain` must not throw.
  Site(SiteSettings settings, std::function<void(const Access&)> record,
       std::function<void(std::string_view)> complain);

  [[nodiscard]] Response answer(const Request& request, Time now);
  /// Who may have what, and where media is, from the next request on, also of connections that are open. Any thread.
  void replace(AccessRules access, std::string media_path);

 private:
  struct Judged;
  void guarded(Response& response, const std::function<void()>& work) const;
  void judge(const Request& request, Time now, Judged& judged);
  void record(const Request& request, const Judged& judged, Time now) const;
  [[nodiscard]] Response give(const Request& request, const Judged& judged, const Target& target, Time now);
  [[nodiscard]] Response give_media(const Request& request, const std::string& path);
  [[nodiscard]] Response absent(const std::string& uuid);
  [[nodiscard]] Response give_vcon(const Request& request, const std::string& uuid);
  [[nodiscard]] Response give_list(const Target& target);
  [[nodiscard]] Response pass_on(LiveRequest request) const;
  [[nodiscard]] Response give_calls(const Target& target) const;
  [[nodiscard]] Response give_command(const Request& request, const Judged& judged) const;
  /// Nothing when the service does not answer.
  [[nodiscard]] std::optional<std::string> ask_live(const std::string& target) const;
  [[nodiscard]] Response give_status(Time now);
  [[nodiscard]] Response give_metrics(Time now);

  SiteSettings settings_;
  mutable std::shared_mutex replacing_;  ///< of settings_.access and settings_.media_path
  std::function<void(const Access&)> record_;
  std::function<void(std::string_view)> complain_;
  Conversations conversations_;
  Traffic traffic_;
};

}  // namespace tapestry::web
