#include "service/descriptor_store.h"

#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace tapestry::service {
namespace {

bool has_manager() noexcept {
  const char* const socket = std::getenv("NOTIFY_SOCKET");
  return socket != nullptr && *socket != '\0';
}

using Text = std::unique_ptr<char, void (*)(void*)>;

}  // namespace

DescriptorStore::DescriptorStore() : is_there_(has_manager()) {
  char** listed = nullptr;
  const int count = sd_listen_fds_with_names(1, &listed);
  const std::unique_ptr<char*, void (*)(void*)> list(listed, std::free);
  for (int n = 0; n < count; ++n) {
    const Text name(listed[n], std::free);
    kept_.push_back({name.get(), Descriptor(SD_LISTEN_FDS_START + n)});
  }
}

void DescriptorStore::put(const std::string& name, int descriptor) const noexcept {
  // FDPOLL: an interface that is down shows an error, and the descriptor would be dropped.
  const std::string state = "FDSTORE=1\nFDNAME=" + name + "\nFDPOLL=0";
  (void)sd_pid_notify_with_fds(0, 0, state.c_str(), &descriptor, 1);
}

void DescriptorStore::remove(const std::string& name) const noexcept {
  (void)sd_notify(0, ("FDSTOREREMOVE=1\nFDNAME=" + name).c_str());
}

}  // namespace tapestry::service
