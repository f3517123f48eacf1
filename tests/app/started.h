#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace tapestry::app {

/// The program, started with these arguments, with standard error in a file. Killed at the end.
class Started {
 public:
  /// `own_group`: as a shell starts it, so that one signal can reach it and all that it starts.
  Started(const std::vector<std::string>& arguments, std::filesystem::path log, bool own_group = false);
  ~Started() { (void)stop(9); }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  [[nodiscard]] std::string log() const;
  /// Waits until its log has that text, for at most 60 s; checks that.
  void wait_for(const std::string& text) const;
  void signal(int signal) const;
  /// To its whole group, as the terminal does.
  void signal_group(int signal) const;
  /// Its exit status; -1 when the signal ended it, or it does not run.
  int stop(int signal);
  /// The same without a signal.
  int wait();

 private:
  std::filesystem::path log_;
  pid_t process_ = 0;
};

}  // namespace tapestry::app
