#include "app/cli_control.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/config.h"
#include "app/control_commands.h"
#include "app/control_server.h"

namespace tapestry::app {
namespace {

constexpr unsigned kMostEvery = 3600;

/// Where the service is that a command talks to.
void add_socket(CLI::App& command, ControlArguments& arguments) {
  command.add_option("--socket", arguments.socket, "the service's control socket");
  command.add_option("--config", arguments.config, "configuration (TOML) that names it")->check(CLI::ExistingFile);
}

void add_watched(CLI::App& program, ControlArguments& arguments, const std::string& name, const std::string& what) {
  auto* command = program.add_subcommand(name, what);
  add_socket(*command, arguments);
  command->add_flag("--json", arguments.json, "print what the service answers");
  command->add_flag("--watch", arguments.watch, "again and again, until stopped");
  command->add_option("--every", arguments.every, "seconds between two looks, with --watch")
      ->capture_default_str()
      ->check(CLI::Range(1U, kMostEvery));
}

void add_pause(CLI::App& program, ControlArguments& arguments, bool is_resume) {
  auto* command = is_resume ? program.add_subcommand("resume", "end a pause that a command began")
                            : program.add_subcommand("pause", "keep nothing of a running conversation from now on");
  add_socket(*command, arguments);
  auto* target = command->add_option_group("target");
  target->add_option("--agent", arguments.agent, "address of record, or its user: all open calls of the agent");
  target->add_option("--call", arguments.call, "Call-ID");
  target->add_option("--conversation", arguments.conversation, "its number, as `tapestry calls` shows it");
  target->add_option("--interaction", arguments.interaction, "its interaction id");
  target->require_option(1);
  command->add_option("--request-id", arguments.request_id, "the same again does nothing new");
  if (is_resume) return;
  command->add_option("--reason", arguments.reason, "what the gap says: pci, privacy, ...")->capture_default_str();
  command->add_option("--seconds", arguments.seconds, "it resumes by itself then")
      ->check(CLI::Range(1U, web::kMostPauseSeconds));
}

std::filesystem::path socket_of(const ControlArguments& arguments) {
  if (!arguments.socket.empty()) return arguments.socket;
  const auto told = arguments.config.empty() ? std::filesystem::path() : load_config(arguments.config).control.socket;
  return told.empty() ? std::filesystem::path(kControlSocket) : told;
}

int run_pause(const ControlArguments& arguments, bool is_resume, std::ostream& out, std::ostream& err) {
  web::PauseBody body{.reason = arguments.reason, .request_id = arguments.request_id};
  for (const auto& [target, name] : {std::pair(web::PauseBody::Target::Agent, arguments.agent),
                                     std::pair(web::PauseBody::Target::Call, arguments.call),
                                     std::pair(web::PauseBody::Target::Interaction, arguments.interaction)}) {
    if (name.empty()) continue;
    body.target = target;
    body.name = name;
  }
  if (arguments.conversation != 0) {
    body.target = web::PauseBody::Target::Conversation;
    body.number = arguments.conversation;
  }
  if (arguments.seconds != 0) body.seconds = arguments.seconds;
  return command_pause(socket_of(arguments), body, is_resume, out, err);
}

WatchSettings watch_of(const ControlArguments& arguments) {
  WatchSettings settings{.socket = socket_of(arguments), .json = arguments.json};
  if (arguments.watch) settings.every = arguments.every;
  settings.clears = !arguments.json && isatty(STDOUT_FILENO) == 1;
  return settings;
}

}  // namespace

void add_control_commands(CLI::App& program, ControlArguments& arguments) {
  add_watched(program, arguments, "status", "how the running service does");
  add_watched(program, arguments, "calls", "the conversations that go on");
  add_pause(program, arguments, false);
  add_pause(program, arguments, true);
}

std::optional<int> run_control_command(const CLI::App& program, const ControlArguments& arguments, std::ostream& out,
                                       std::ostream& err) {
  if (program.got_subcommand("status")) return show_status(watch_of(arguments), out);
  if (program.got_subcommand("calls")) return show_calls(watch_of(arguments), out);
  if (program.got_subcommand("pause")) return run_pause(arguments, false, out, err);
  if (program.got_subcommand("resume")) return run_pause(arguments, true, out, err);
  return std::nullopt;
}

}  // namespace tapestry::app
