#pragma once
#include <optional>
#include <ostream>
#include <string>

namespace CLI {
class App;
}

namespace tapestry::app {

/// Of the commands that talk to a running service.
struct ControlArguments {
  std::string socket;
  std::string config;
  bool json = false;
  bool watch = false;
  unsigned every = 2;
  std::string agent;
  std::string call;
  std::uint64_t conversation = 0;
  std::string interaction;
  std::string reason = "pci";
  unsigned seconds = 0;
  std::string request_id;
};

/// `status`, `calls`, `pause` and `resume`. `arguments` outlives the program.
void add_control_commands(CLI::App& program, ControlArguments& arguments);

/// Runs the one that was given; its exit status, nothing when it was another command. Throws as the commands do.
[[nodiscard]] std::optional<int> run_control_command(const CLI::App& program, const ControlArguments& arguments,
                                                     std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
