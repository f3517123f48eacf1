#include "app/cli_records.h"

#include "app/retain_report.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kMostFound = 1'000'000;

CLI::App* add_command(CLI::App& program, const char* name, const char* what, RecordsArguments& arguments) {
  auto* command = program.add_subcommand(name, what);
  command->add_option("--out", arguments.out, "output folder")->capture_default_str();
  return command;
}

/// The configuration with the paths that its credentials have here (systemd.exec(5)): CLI11 reads the environment.
void add_config(CLI::App& command, const char* what, RecordsArguments& arguments) {
  command.add_option("--config", arguments.config, what)->check(CLI::ExistingFile);
  command.add_option("--credentials", arguments.credentials)->envname("CREDENTIALS_DIRECTORY")->group("");
}

void add_search(CLI::App& program, RecordsArguments& arguments) {
  auto* command = add_command(program, "search", "find conversations; * in a value stands for any text", arguments);
  SearchCommand& search = arguments.search;
  command->add_option("--from", search.from, "began then or later: 2026-11-20, \"2026-11-20 08:00\", RFC 3339");
  command->add_option("--to", search.to, "began before");
  command->add_option("--party", search.query.party, "address of a party: with or without scheme and host");
  command->add_option("--agent", search.query.agent, "address of one who was recorded");
  command->add_option("--min-duration", search.at_least, "90, 90s, 5m, 2h, 1:30");
  command->add_option("--max-duration", search.at_most, "the same");
  command->add_option("--gap", search.query.gap, "a gap's reason: pci, hold, loss, one-way, ...");
  command->add_option("--key", search.query.key, "Call-ID, Session-ID, interaction_id or another key's value; a uuid");
  command->add_option("--queue", search.query.queue, "skill, or an address that the call was sent on from");
  command->add_option("--limit", search.query.limit, "the newest so many")
      ->check(CLI::Range(std::size_t{1}, kMostFound))
      ->capture_default_str();
  command->add_flag("--json", arguments.json, "one JSON object a line");
}

void add_export(CLI::App& program, RecordsArguments& arguments) {
  auto* command = add_command(program, "export", "a bundle of conversations that can be verified elsewhere", arguments);
  command->add_option("UUID", arguments.exported.uuids, "of vCons")->required();
  command->add_option("--to", arguments.exported.to, "FILE.tar, or a folder; nothing may be there yet")->required();
  command->add_flag("--with-quarantined", arguments.exported.with_quarantined, "also media that is in quarantine");
}

void add_hold(CLI::App& program, RecordsArguments& arguments) {
  auto* command = add_command(program, "hold", "legal hold: what is held is never deleted", arguments);
  HoldCommand& held = arguments.held;
  command->add_option("UUID", held.uuids, "of vCons");
  command->add_option("--party", held.parties, "all conversations of this party, also later ones; as in search");
  command->add_option("--key", held.keys, "all conversations with this key, also later ones");
  command->add_option("--matter", held.matter, "what it is for");
  command->add_option("--by", held.by, "who wants it (default: the local user)");
  auto* release = command->add_flag("--release", held.release, "end it; all of the matter when nothing else is named");
  command->add_flag("--list", held.list, "tell what is held")->excludes(release);
  command->add_flag("--json", arguments.json, "of --list");
}

void add_retain(CLI::App& program, RecordsArguments& arguments) {
  auto* command = add_command(program, "retain", "delete what is older than [[retention]] allows", arguments);
  add_config(*command, "configuration (TOML)", arguments);
  command->add_flag("--dry-run", arguments.dry_run, "tell what is due, and change nothing");
  command->add_flag("--clock-checked", arguments.clock_checked, "go on although the last sweep was long ago");
  command->add_flag("--json", arguments.json, "print one JSON document instead of a table");
}

void add_delete(CLI::App& program, RecordsArguments& arguments) {
  auto* command = add_command(program, "delete", "delete one conversation now, leaving a signed tombstone", arguments);
  add_config(*command, "configuration (TOML), for its keys", arguments);
  command->add_option("UUID", arguments.uuid, "of its vCon")->required();
  command->add_option("--reason", arguments.reason, "stands in the tombstone: nothing personal")->required();
}

RetainCommand retain_of(const RecordsArguments& arguments, Time now) {
  RetainCommand command;
  command.out = arguments.out;
  if (!arguments.config.empty()) command.config = load_config(arguments.config);
  find_credentials(command.config, arguments.credentials);
  command.now = now;
  command.dry_run = arguments.dry_run;
  command.clock_checked = arguments.clock_checked;
  return command;
}

int run_delete(const RecordsArguments& arguments, Time now, std::ostream& out, std::ostream& err) {
  constexpr std::size_t kMostReason = 1024;
  if (arguments.reason.empty() || arguments.reason.size() > kMostReason) {
    throw ConfigError("--reason must be a text of 1 to 1024 octets");
  }
  return delete_now(retain_of(arguments, now), arguments.uuid, arguments.reason, out, err);
}

}  // namespace

void add_records(CLI::App& program, RecordsArguments& arguments) {
  add_search(program, arguments);
  add_export(program, arguments);
  add_hold(program, arguments);
  add_retain(program, arguments);
  add_delete(program, arguments);
}

std::optional<int> run_records(const CLI::App& program, RecordsArguments& arguments, Time now, std::ostream& out,
                               std::ostream& err) {
  if (program.got_subcommand("search")) {
    arguments.search.out = arguments.out;
    arguments.search.json = arguments.json;
    return search(arguments.search, out);
  }
  if (program.got_subcommand("export")) {
    arguments.exported.out = arguments.out;
    arguments.exported.now = now;
    return export_bundle(arguments.exported, out, err);
  }
  if (program.got_subcommand("hold")) {
    arguments.held.out = arguments.out;
    arguments.held.json = arguments.json;
    arguments.held.now = now;
    return hold(arguments.held, out);
  }
  if (program.got_subcommand("retain")) return retain_and_print(retain_of(arguments, now), arguments.json, out, err);
  if (program.got_subcommand("delete")) return run_delete(arguments, now, out, err);
  return std::nullopt;
}

}  // namespace tapestry::app
