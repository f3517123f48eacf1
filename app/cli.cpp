#include "app/cli.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "app/audit.h"
#include "app/check.h"
#include "app/cli_control.h"
#include "app/cli_records.h"
#include "app/config.h"
#include "app/config_sections.h"
#include "app/doctor.h"
#include "app/explain.h"
#include "app/finish.h"
#include "app/quarantine.h"
#include "app/replay.h"
#include "app/run.h"
#include "app/run_control.h"
#include "app/run_service.h"
#include "app/serve.h"
#include "app/show.h"
#include "app/text.h"
#include "vconout/signer.h"

namespace tapestry::app {
namespace {

constexpr int kUsageStatus = 2;
constexpr unsigned kMaxFinishers = 256;

struct Arguments {
  std::string config;
  std::string out = "tapestry-out";
  bool json = false;
  bool access = false;
  bool retention = false;
  unsigned finishers = 0;
  bool no_finish = false;
  int parent = 0;
  std::vector<std::string> captures;
  std::vector<std::string> vcons;
  std::string ca;
  std::string media;
  std::string vcon;
  std::string log;
  std::string uuid;
  std::string host = vconout::Options{}.host;
  bool es256 = false;
  bool until_end = false;
  ControlArguments control;
  std::vector<std::string> interfaces;
  std::string capture;
  unsigned seconds = 10;
  MemoryProtection memory;
  RecordsArguments records;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970.
std::optional<Time> fixed_now() {
  const std::string text = environment("SOURCE_DATE_EPOCH");
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > kYear9999) {
    throw ConfigError("SOURCE_DATE_EPOCH must be a number of seconds");
  }
  if (seconds > std::chrono::duration_cast<std::chrono::seconds>(Duration::max()).count()) {
    throw ConfigError("SOURCE_DATE_EPOCH is too far in the future");
  }
  return Time(std::chrono::seconds(seconds));
}

/// The configuration, with the paths that its credentials have here (systemd.exec(5)).
Config configuration(const std::string& file) {
  if (file.empty()) return {};
  Config config = load_config(file);
  find_credentials(config, environment("CREDENTIALS_DIRECTORY"));
  return config;
}

ShowStyle show_style() {
  ShowStyle style;
  const std::string columns = environment("COLUMNS");
  std::from_chars(columns.data(), columns.data() + columns.size(), style.columns);
  std::string locale = environment("LC_ALL");
  if (locale.empty()) locale = environment("LC_CTYPE");
  if (locale.empty()) locale = environment("LANG");
  style.utf8 = locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  return style;
}

void add_replay(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("replay", "run capture files through the whole recorder");
  command->add_option("--config", arguments.config, "configuration (TOML)")->check(CLI::ExistingFile);
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
  command->add_flag("--json", arguments.json, "print one JSON report instead of a table");
  command->add_option("--finishers", arguments.finishers, "threads that make recordings (default: one per CPU)")
      ->check(CLI::Range(1U, kMaxFinishers));
  command->add_option("CAPTURE", arguments.captures, "pcap or pcapng, plain or gzip; - is stdin")
      ->required()
      ->check([](std::string file) { return file == "-" ? std::string() : CLI::ExistingFile(file); });
}

void add_verify(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("verify", "check signed vCons and their media");
  command->add_option("--ca", arguments.ca, "trusted certificates (PEM)")->check(CLI::ExistingFile);
  command->add_option("--media", arguments.media, "folder with the media; it may be absent where nothing was recorded");
  command->add_option("VCON", arguments.vcons, "files, or folders that are searched for *.vcon and tombstones")
      ->required()
      ->check(CLI::ExistingPath);
}

void add_show(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("show", "draw a signed vCon's timeline");
  command->add_option("VCON", arguments.vcon, "a signed vCon")->required()->check(CLI::ExistingFile);
}

void add_audit(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("audit", "list the markers that were seen, and check the log's chain");
  command->add_flag("--json", arguments.json, "print one JSON document instead of a table");
  command->add_flag("--access", arguments.access, "who asked for recordings (audit/access.jsonl), not the markers");
  command->add_flag("--retention", arguments.retention, "what was held and deleted (audit/retention.jsonl)")
      ->excludes("--access");
  command->add_option("LOG", arguments.log, "an output folder, or its audit/audit.jsonl")
      ->required()
      ->check(CLI::ExistingPath);
}

void add_explain(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("explain", "tell why calls were made one conversation, or left apart");
  command->add_option("--config", arguments.config, "configuration (TOML), for captures")->check(CLI::ExistingFile);
  command->add_option("FILE", arguments.captures, "one signed vCon, or captures (nothing is written)")
      ->required()
      ->check(CLI::ExistingFile);
}

void add_release(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("release", "move a vCon's media out of quarantine");
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
  command->add_option("UUID", arguments.uuid, "the vCon's uuid")->required();
}

void add_keys(CLI::App& program, Arguments& arguments) {
  auto* keys = program.add_subcommand("keys", "signing keys");
  keys->require_subcommand(1);
  auto* command = keys->add_subcommand("init", "make a trial CA and a signing certificate");
  command->add_option("--out", arguments.out, "output folder; the keys go into keys/ below it")->capture_default_str();
  command->add_option("--host", arguments.host, "host name in the certificate")->capture_default_str();
  command->add_flag("--es256", arguments.es256, "P-256 instead of RSA");
}

void add_serve(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("serve", "answer for media, vCons and their list over HTTP, until stopped");
  command->add_option("--config", arguments.config, "configuration (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
}

void add_run(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("run", "capture what [[capture]] names, until stopped");
  command->add_option("--config", arguments.config, "configuration (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
  command->add_option("--finishers", arguments.finishers, "threads that make recordings; 0: one per core")
      ->check(CLI::Range(0U, kMaxFinishers));
  command->add_flag("--no-finish", arguments.no_finish, "only fill the spool: `tapestry finish` runs by itself");
}

void add_finish(CLI::App& program, Arguments& arguments) {
  auto* command = program.add_subcommand("finish", "make recordings and vCons of what run captured, until stopped");
  command->add_option("--config", arguments.config, "configuration (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
  command->add_option("--finishers", arguments.finishers, "threads that make recordings; 0: one per core")
      ->check(CLI::Range(0U, kMaxFinishers));
  command->add_flag("--until-end", arguments.until_end, "end when all is finished, once the capture has ended");
  command->add_option("--child-of", arguments.parent)->group("");  // for run alone: nothing that a user would say
}

void add_doctor(CLI::App& program, Arguments& arguments) {
  constexpr unsigned kMostSeconds = 3600;
  auto* command = program.add_subcommand("doctor", "look at what a recorder needs, and tell what mends it");
  command->add_option("--config", arguments.config, "configuration (TOML)")->check(CLI::ExistingFile);
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
  command->add_option("--interface", arguments.interfaces, "interfaces (default: those of the configuration)");
  command->add_option("--capture", arguments.capture, "look at this file's traffic instead")->check(CLI::ExistingFile);
  command->add_option("--seconds", arguments.seconds, "of traffic from each interface; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0U, kMostSeconds));
  command->add_flag("--json", arguments.json, "print one JSON document instead of lines");
}

int run_doctor(const Arguments& arguments, std::ostream& out) {
  DoctorSettings settings;
  settings.config = configuration(arguments.config);
  settings.out = arguments.out;
  settings.interfaces = arguments.interfaces;
  settings.capture = arguments.capture;
  settings.seconds = std::chrono::seconds(arguments.seconds);
  settings.json = arguments.json;
  return doctor(settings, out);
}

int run_replay(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  ReplaySettings settings;
  settings.memory = arguments.memory;
  settings.captures = arguments.captures;
  settings.out = arguments.out;
  settings.config = configuration(arguments.config);
  settings.config.vcon.now = fixed_now();
  settings.finishers = arguments.finishers;
  settings.progress = !arguments.json && isatty(STDOUT_FILENO) == 1;
  return replay_and_print(settings, arguments.json, out, err);
}

int run_keys_init(const Arguments& arguments, std::ostream& out) {
  const std::filesystem::path folder = std::filesystem::path(arguments.out) / "keys";
  const vconout::KeyFiles files = vconout::make_trial_keys(folder, arguments.host, arguments.es256);
  out << fmt::format("key          {}\ncertificate  {}\nCA           {}\n", files.key.string(),
                     files.certificate.string(), files.ca.string());
  return 0;
}

int run_explain(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  if (arguments.captures.size() == 1 && is_vcon(arguments.captures.front())) {
    out << explain_vcon(verify::payload_of(arguments.captures.front()));
    return 0;
  }
  return explain_captures(arguments.captures, configuration(arguments.config), out, err);
}

int run_service(const Arguments& arguments, std::ostream& err) {
  RunSettings settings{.out = arguments.out,
                       .config = configuration(arguments.config),
                       .config_file = arguments.no_finish ? "" : arguments.config,
                       .finishers = arguments.finishers,
                       .journal_stream = environment("JOURNAL_STREAM")};
  settings.config.vcon.now = fixed_now();
  service::Journal journal(err, settings.journal_stream);
  RunService service(arguments.config, config_text(arguments.config), journal);
  RunControl control(settings, TAPESTRY_VERSION, err);
  RunHooks hooks;
  service.join(hooks);
  control.join(hooks);
  return service.status_after(run(settings, hooks, err));
}

int run_finish(const Arguments& arguments, std::ostream& err) {
  const auto load = [&arguments] {
    Config config = configuration(arguments.config);
    config.vcon.now = fixed_now();
    return config;
  };
  return finish({.out = arguments.out,
                 .load = load,
                 .finishers = arguments.finishers,
                 .until_end = arguments.until_end,
                 .parent = arguments.parent,
                 .journal_stream = environment("JOURNAL_STREAM")},
                err);
}

int run_audit(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  const AuditKind kind = arguments.access      ? AuditKind::Access
                         : arguments.retention ? AuditKind::Retention
                                               : AuditKind::Markers;
  return audit({arguments.log, arguments.json, kind}, out, err);
}

Time clock_now() {
  return fixed_now().value_or(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
}

int run_command(const CLI::App& program, Arguments& arguments, std::ostream& out, std::ostream& err) {
  if (const auto status = run_records(program, arguments.records, clock_now(), out, err)) return *status;
  if (program.got_subcommand("replay")) return run_replay(arguments, out, err);
  if (program.got_subcommand("verify")) return check(arguments.vcons, {arguments.ca, arguments.media}, out, err);
  if (program.got_subcommand("explain")) return run_explain(arguments, out, err);
  if (program.got_subcommand("audit")) return run_audit(arguments, out, err);
  if (program.got_subcommand("release")) return release(arguments.out, arguments.uuid, out, err);
  if (program.got_subcommand("finish")) return run_finish(arguments, err);
  if (program.got_subcommand("run")) return run_service(arguments, err);
  if (program.got_subcommand("serve")) {
    return serve({.out = arguments.out,
                  .config = configuration(arguments.config),
                  .version = TAPESTRY_VERSION,
                  .file = arguments.config,
                  .credentials = environment("CREDENTIALS_DIRECTORY")},
                 out, err);
  }
  if (const auto status = run_control_command(program, arguments.control, out, err)) return *status;
  if (program.got_subcommand("doctor")) return run_doctor(arguments, out);
  if (program.got_subcommand("keys")) return run_keys_init(arguments, out);
  out << show(verify::payload_of(arguments.vcon), show_style());
  return 0;
}

}  // namespace

int run_program(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
                const MemoryProtection& memory) {
  CLI::App program("Tapestry, a passive call recorder that writes signed vCons", "tapestry");
  program.set_version_flag("--version", "tapestry " TAPESTRY_VERSION);
  program.require_subcommand(1);
  Arguments arguments;
  arguments.memory = memory;
  add_replay(program, arguments);
  add_verify(program, arguments);
  add_show(program, arguments);
  add_explain(program, arguments);
  add_audit(program, arguments);
  add_release(program, arguments);
  add_serve(program, arguments);
  add_run(program, arguments);
  add_finish(program, arguments);
  add_control_commands(program, arguments.control);
  add_keys(program, arguments);
  add_records(program, arguments.records);
  add_doctor(program, arguments);
  try {
    program.parse(argc, argv);
    return run_command(program, arguments, out, err);
  } catch (const CLI::ParseError& error) {
    return program.exit(error, out, err) == 0 ? 0 : kUsageStatus;
  } catch (const ConfigError& error) {
    err << "tapestry: " << printable(error.what()) << "\n";
    return kUsageStatus;
  } catch (const std::exception& error) {
    err << "tapestry: " << printable(error.what()) << "\n";
    return 1;
  }
}

}  // namespace tapestry::app
