#pragma once
#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/descriptor.h"

namespace tapestry::testing {

/// A service manager, as far as sd_notify(3) and sd_listen_fds(3) go: it starts a program, hears what that tells (not
/// what its children tell; before the first start the test itself is heard), keeps the descriptors that it stores
/// (FDSTORE, FDNAME, FDSTOREREMOVE), and hands them to the next start. One thread, beside one of its own that listens.
class ServiceManager {
 public:
  /// Its socket lies in `folder`. Throws std::system_error.
  explicit ServiceManager(const std::filesystem::path& folder);
  /// Kills the program.
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// Starts the program `words[0]` with these words as its arguments, standard error at the end of `log`, and what is
  /// kept at 3 and up. The namespaces of the calling thread are its own. Throws std::system_error.
  void start(const std::vector<std::string>& words, const std::filesystem::path& log);
  /// Sends the signal and waits for its end: exit status, -1 when a signal ended it or it does not run.
  int stop(int signal);
  [[nodiscard]] pid_t process() const noexcept { return process_; }

  /// What was told since the last start, in order, a datagram each: `READY=1`, `STATUS=…`, `FDSTORE=1\nFDNAME=…`.
  [[nodiscard]] std::vector<std::string> told() const;
  /// Whether such a datagram comes, or came since the last start, within that time.
  [[nodiscard]] bool wait_for(const std::string& datagram, std::chrono::seconds most = std::chrono::seconds(60)) const;
  /// Names of what is kept, in order of their coming.
  [[nodiscard]] std::vector<std::string> kept() const;
  /// The path that NOTIFY_SOCKET names.
  [[nodiscard]] const std::filesystem::path& socket() const noexcept { return path_; }

 private:
  void listen(const std::stop_token& stop);
  bool receive();
  void hear(const std::string& datagram, pid_t from, std::vector<Descriptor> descriptors);

  std::filesystem::path path_;
  Descriptor socket_;
  pid_t process_ = 0;
  mutable std::mutex mutex_;  ///< what follows
  mutable std::condition_variable heard_;
  pid_t main_;
  std::vector<std::string> told_;
  std::vector<NamedDescriptor> kept_;
  std::jthread listener_;
};

}  // namespace tapestry::testing
