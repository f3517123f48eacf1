#include "tests/app/started.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/app/temporary_folder.h"

namespace tapestry::app {

Started::Started(const std::vector<std::string>& arguments, std::filesystem::path log, bool own_group)
    : log_(std::move(log)) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (own_group) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> words = {TAPESTRY_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  REQUIRE(posix_spawn(&process_, words[0].c_str(), &actions, &attributes, pointers.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
}

std::string Started::log() const { return testing::read_file(log_); }

void Started::wait_for(const std::string& text) const {
  for (int n = 0; n < 1200 && log().find(text) == std::string::npos; ++n) usleep(50'000);
  CHECK_THAT(log(), Catch::Matchers::Contains(text));
}

void Started::signal(int signal) const { kill(process_, signal); }

void Started::signal_group(int signal) const { kill(-process_, signal); }

int Started::stop(int signal) {
  if (process_ == 0) return -1;
  kill(process_, signal);
  return wait();
}

int Started::wait() {
  if (process_ == 0) return -1;
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace tapestry::app
