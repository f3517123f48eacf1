// Deleting, from the rules to a crash in the middle, over conversations that were replayed.
#include "app/retain.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "app/audit.h"
#include "app/check.h"
#include "app/config.h"
#include "app/erasure.h"
#include "app/folder_lock.h"
#include "app/hold.h"
#include "app/keys.h"
#include "app/retain_report.h"
#include "tests/app/kept_conversations.h"
#include "tests/support/catalog_row.h"
#include "vconout/catalog_search.h"
#include "vconout/retention_book.h"

namespace tapestry {
namespace {

namespace fs = std::filesystem;
using app::RetainCommand;
using app::Swept;
using Catch::Matchers::Contains;
using testing::KeptConversations;

RetainCommand command(const KeptConversations& kept, const std::string& rules, const std::string& now) {
  RetainCommand command;
  command.out = kept.out();
  command.config = app::parse_config(rules, "test.toml");
  command.now = *from_rfc3339(now);
  return command;
}

/// Outcomes with details, sorted.
std::vector<std::string> sweep(const RetainCommand& command) {
  std::vector<std::string> outcomes;
  std::ostringstream err;
  (void)app::retain(
      command,
      [&](const Swept& swept) { outcomes.push_back(swept.outcome + (swept.detail.empty() ? "" : " " + swept.detail)); },
      err);
  std::ranges::sort(outcomes);
  return outcomes;
}

int hold(const KeptConversations& kept, app::HoldCommand command) {
  command.out = kept.out();
  command.now = *from_rfc3339("2026-11-21T00:00:00Z");
  std::ostringstream out;
  return app::hold(command, out);
}

const std::string kAll = "[[retention]]\ndays = 30\n";
const std::string kLater = "2026-10-30T00:00:00Z";

}  // namespace

TEST_CASE("what is older than its rule allows is deleted with its media, and leaves a tombstone that verifies") {
  const KeptConversations kept;
  REQUIRE(kept.uuids().size() == 3);
  REQUIRE(kept.files("media").size() >= 3);
  CHECK(sweep(command(kept, kAll, "2026-10-01T00:00:00Z")).empty());
  RetainCommand dry = command(kept, kAll, kLater);
  dry.dry_run = true;
  dry.clock_checked = true;
  CHECK(sweep(dry) == std::vector<std::string>(3, "due"));
  CHECK(kept.files("vcon").size() == 3);
  dry.dry_run = false;
  CHECK(sweep(dry) == std::vector<std::string>(3, "deleted"));
  CHECK(kept.uuids().empty());
  CHECK_FALSE(fs::exists(kept.out() / "media/2026"));
  CHECK_FALSE(fs::exists(kept.out() / "vcon/2026"));
  const auto tombstones = kept.files("tombstones");
  REQUIRE(tombstones.size() == 3);
  std::ostringstream out;
  std::ostringstream err;
  CHECK(app::check({(kept.out() / "tombstones").string()}, {kept.out() / "keys/ca.pem", {}}, out, err) == 0);
  CHECK_THAT(out.str(), Contains("3 files, 0 with faults"));
  for (const fs::path& file : tombstones) {
    const auto tombstone = nlohmann::json::parse(verify::payload_of(file));
    CHECK(tombstone["rule"] == "rule 1");
    CHECK(tombstone["vcon"]["bytes"] > 100);
    CHECK(tombstone.dump().find("sip:") == std::string::npos);
    CHECK(tombstone.dump().find("example.com") == std::string::npos);
  }
  std::ostringstream log;
  CHECK(app::audit({.log = kept.out(), .kind = app::AuditKind::Retention}, log, err) == 0);
  CHECK_THAT(log.str(), Contains("3 entries, 3 deletions"));
}

TEST_CASE("a replay of what was deleted makes it not again, and says so") {
  const KeptConversations kept;
  RetainCommand all = command(kept, kAll, kLater);
  CHECK(sweep(all).size() == 3);
  CHECK(kept.replay_again().empty());
  CHECK(kept.uuids().empty());
  CHECK(kept.files("media").empty());
  CHECK_THAT(testing::read_file(kept.out() / "stdout.json"), Contains("\"deleted\": true"));
}

TEST_CASE("a conversation and what amends it go together, or not at all while one of them is held or too young") {
  const KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  CHECK(hold(kept, {.uuids = {earlier}, .matter = "case 7"}) == 0);
  CHECK(sweep(command(kept, kAll, kLater)) == std::vector<std::string>{"deleted", "held case 7", "held case 7"});
  CHECK(kept.uuids().size() == 2);
  CHECK(hold(kept, {.matter = "case 7", .release = true}) == 0);
  CHECK(hold(kept, {.matter = "case 7", .release = true}) == 1);
  // The rule of one keeps the other, too.
  const std::string rules = "[[retention]]\nagent = \"1002\"\ndays = \"forever\"\n" + kAll;
  CHECK(sweep(command(kept, rules, kLater)).empty());
  CHECK(kept.uuids().size() == 2);
  std::ostringstream out;
  std::ostringstream err;
  CHECK(app::delete_now(command(kept, "", kLater), earlier, "erasure was asked for", out, err) == 0);
  CHECK(kept.uuids().empty());
  CHECK_THROWS_AS(app::delete_now(command(kept, "", kLater), earlier, "again", out, err), app::ConfigError);
}

TEST_CASE("what is held is not deleted at once either, by party or by key") {
  const KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  CHECK(hold(kept, {.parties = {"1003"}, .matter = "m"}) == 0);
  std::ostringstream out;
  std::ostringstream err;
  CHECK(app::delete_now(command(kept, "", kLater), other, "why", out, err) == 1);
  CHECK_THAT(err.str(), Contains("is held for m"));
  CHECK(kept.uuids().size() == 3);
  CHECK_THROWS_AS(hold(kept, {.uuids = {"nonsense"}, .matter = "m"}), app::ConfigError);
  CHECK_THROWS_AS(hold(kept, {.matter = "m"}), app::ConfigError);
  CHECK_THROWS_AS(hold(kept, {.uuids = {other}}), app::ConfigError);
}

TEST_CASE("after a crash between any two steps the next sweep finishes the deletion, with one tombstone") {
  for (int steps = 0; steps <= 3; ++steps) {
    INFO(steps << " steps");
    const KeptConversations kept;
    const auto [earlier, later, other] = kept.chain();
    const RetainCommand sweeping = command(kept, "", kLater);
    std::string tombstone;
    {
      vconout::RetentionBook book(kept.out() / "catalog.sqlite");
      const auto rows = book.chain_of(other);
      REQUIRE(rows.size() == 1);
      vconout::Deletion deletion = app::deletion_of(rows[0].row, book.facts_of(rows[0].number), sweeping.now);
      deletion.reason = "because";
      deletion.who = "root";
      REQUIRE_FALSE(book.begin(rows, {&deletion, 1}));
      std::ostringstream err;
      const vconout::Signer signer = app::open_signer({}, kept.out(), err);
      if (steps >= 1) app::bury(kept.out(), deletion, signer);
      if (steps == 2) fs::remove_all(kept.files("media", other).front());
      if (steps >= 3) app::remove_files(kept.out(), deletion);
      if (steps >= 1) tombstone = testing::read_file(kept.out() / deletion.tombstone_path);
    }
    CHECK(sweep(sweeping) == std::vector<std::string>{"deleted"});
    const auto left = kept.uuids();
    CHECK(std::ranges::find(left, other) == left.end());
    CHECK(left.size() == 2);
    CHECK(kept.files("media", other).empty());
    const auto tombstones = kept.files("tombstones");
    REQUIRE(tombstones.size() == 1);
    const auto payload = nlohmann::json::parse(verify::payload_of(tombstones[0]));
    CHECK(payload["media"].size() == 1);
    CHECK(payload["reason"] == "because");
    if (steps >= 1) CHECK(testing::read_file(tombstones[0]) == tombstone);
    CHECK(sweep(sweeping).empty());
  }
}

TEST_CASE("one deletion at a time works in a folder, and a dry run waits for none") {
  const KeptConversations kept;
  std::ostringstream err;
  std::optional<app::FolderLock> other(std::in_place, kept.out(), err);
  CHECK(err.str().empty());
  RetainCommand late = command(kept, kAll, kLater);
  late.clock_checked = true;
  late.dry_run = true;
  CHECK(sweep(late) == std::vector<std::string>(3, "due"));
  late.dry_run = false;
  std::atomic<bool> done = false;
  std::vector<std::string> outcomes;
  std::ostringstream said;
  std::jthread sweeper([&] {
    (void)app::retain(late, [&](const Swept& swept) { outcomes.push_back(swept.outcome); }, said);
    done = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK_FALSE(done);
  CHECK(kept.uuids().size() == 3);
  other.reset();
  sweeper.join();
  CHECK(outcomes == std::vector<std::string>(3, "deleted"));
  CHECK_THAT(said.str(), Contains("another deletion is at work"));
}

TEST_CASE("a hold that comes after a crash stops the deletion until it is released") {
  const KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  {
    vconout::RetentionBook book(kept.out() / "catalog.sqlite");
    const auto rows = book.chain_of(other);
    vconout::Deletion deletion = app::deletion_of(rows[0].row, {}, *from_rfc3339(kLater));
    deletion.reason = "because";
    deletion.who = "root";
    REQUIRE_FALSE(book.begin(rows, {&deletion, 1}));
  }
  CHECK(hold(kept, {.uuids = {other}, .matter = "m"}) == 0);
  CHECK(sweep(command(kept, "", kLater)) == std::vector<std::string>{"held m"});
  CHECK(kept.files("vcon").size() == 3);
  CHECK(hold(kept, {.matter = "m", .release = true}) == 0);
  CHECK(sweep(command(kept, "", kLater)) == std::vector<std::string>{"deleted"});
}

TEST_CASE("a disk that fails is a fault that the next sweep mends, and nothing is gone without a tombstone") {
  const KeptConversations kept;
  // No folder can be made where a file is.
  testing::write_file(kept.out() / "tombstones", "");
  const auto outcomes = sweep(command(kept, kAll, kLater));
  REQUIRE(outcomes.size() == 3);
  CHECK(std::ranges::all_of(outcomes, [](const std::string& one) { return one.starts_with("fault"); }));
  CHECK(kept.files("vcon").size() == 3);
  fs::remove(kept.out() / "tombstones");
  CHECK(sweep(command(kept, kAll, kLater)) == std::vector<std::string>(3, "deleted"));
  CHECK(kept.files("tombstones").size() == 3);
}

TEST_CASE("a clock that is far ahead of the last sweep deletes nothing until it is confirmed") {
  const KeptConversations kept;
  CHECK(sweep(command(kept, kAll, "2026-10-01T00:00:00Z")).empty());
  RetainCommand ahead = command(kept, kAll, "2031-01-01T00:00:00Z");
  CHECK_THROWS_AS(sweep(ahead), app::ConfigError);
  CHECK(kept.uuids().size() == 3);
  // One that went back deletes nothing too early.
  CHECK(sweep(command(kept, kAll, "2001-01-01T00:00:00Z")).empty());
  ahead.clock_checked = true;
  CHECK(sweep(ahead).size() == 3);
}

TEST_CASE("the first rule that matches decides, and without one everything is kept") {
  vconout::CatalogRow row;
  row.disposition = "answered";
  vconout::CatalogFacts facts;
  facts.parties = {{.uri = "sip:1001@agents.example.com", .role = "agent", .recorded = true},
                   {.uri = "sip:boss@agents.example.com", .role = "supervisor"}};
  facts.gaps = {{.reason = "pci", .count = 1, .seconds = 1}};
  facts.labels = {{"queue", "sip:sales@queue.example.com"}, {"campaign", "spring"}, {"mark", "paused"}};
  const auto rule = [&](const std::string& condition) -> std::string {
    const auto config = app::parse_config("[[retention]]\nname = \"it\"\n" + condition + "\ndays = 7\n" + kAll, "t");
    return app::rule_of(config.retention, row, facts)->name;
  };
  for (const char* holds :
       {"role = \"supervisor\"", "queue = \"sales\"", "agent = \"1001\"", "party = \"boss\"", "reason = \"pci\"",
        "reason = \"gap:pci\"", "reason = \"campaign:spr*\"", "reason = \"answered\"", "reason = \"mark:paused\""}) {
    CHECK(rule(holds) == "it");
  }
  for (const char* fails :
       {"role = \"bot\"", "queue = \"support\"", "agent = \"boss\"", "party = \"1002\"", "reason = \"hold\"",
        "reason = \"campaign:pci\"", "role = \"agent\"\nqueue = \"support\""}) {
    CHECK(rule(fails) == "rule 2");
  }
  CHECK(app::rule_of({}, row, facts) == nullptr);
  CHECK_THROWS_AS(app::parse_config("[[retention]]\nqueue = \"x\"\n", "t"), app::ConfigError);
  CHECK_THROWS_AS(app::parse_config("[[retention]]\ndays = 0\n", "t"), app::ConfigError);
  CHECK_THROWS_AS(app::parse_config("[[retention]]\ndays = \"never\"\n", "t"), app::ConfigError);
  CHECK_THROWS_AS(app::parse_config("[[retention]]\ndays = 1\nrole = \"king\"\n", "t"), app::ConfigError);
  CHECK_THROWS_AS(app::parse_config("[[retention]]\ndays = 1\nqeue = \"x\"\n", "t"), app::ConfigError);
}

TEST_CASE("a sweep's table and JSON tell what became of each") {
  const KeptConversations kept;
  RetainCommand dry = command(kept, kAll, kLater);
  dry.dry_run = true;
  std::ostringstream table;
  std::ostringstream err;
  CHECK(app::retain_and_print(dry, false, table, err) == 0);
  CHECK_THAT(table.str(), Contains("due, not deleted") && Contains("dry run, 3 due: 0 deleted, 0 held, 0 faults"));
  std::ostringstream text;
  CHECK(app::retain_and_print(dry, true, text, err) == 0);
  const auto json = nlohmann::json::parse(text.str());
  CHECK(json["conversations"].size() == 3);
  CHECK(json["due"] == 3);
}

TEST_CASE("nothing outside of the recorder's own places is deleted, whatever a catalog says") {
  const std::string uuid = "019f15a6-a752-826f-bb82-041452eb905f";
  CHECK(app::tombstone_path("vcon/2026/11/20/" + uuid + ".vcon", uuid) == "tombstones/2026/11/20/" + uuid + ".json");
  for (const std::string& path :
       {"/etc/2026/11/20/" + uuid + ".vcon", "vcon/../../11/" + uuid + ".vcon", "vcon/2026/11/" + uuid + ".vcon",
        std::string("vcon/2026/11/20/x.vcon"), std::string()}) {
    CHECK_THROWS_AS(app::tombstone_path(path, uuid), std::runtime_error);
  }
}

TEST_CASE("deletions that never succeed keep no others: those that were begun, and those that come first") {
  const testing::TemporaryFolder folder;
  const auto row = [](std::size_t number, const std::string& path) {
    const std::string uuid = fmt::format("019f15a6-a752-826f-bb82-{:012}", number);
    return testing::catalog_row(uuid, path.empty() ? "vcon/2026/01/20/" + uuid + ".vcon" : path,
                                "2026-01-20T08:00:00Z");
  };
  constexpr std::size_t kBad = 2 * app::kMostSweepFaults + 5;
  {
    vconout::Catalog catalog(folder / "catalog.sqlite");
    std::vector<vconout::CatalogRow> rows;
    for (std::size_t n = 1; n <= kBad; ++n) rows.push_back(row(n, fmt::format("odd/{}", n)));
    rows.push_back(row(kBad + 1, ""));
    catalog.add(rows);
  }
  const auto good = row(kBad + 1, "").uuid;
  // As many as a sweep endures were begun before, and fail as well.
  {
    vconout::RetentionBook book(folder / "catalog.sqlite");
    for (std::size_t n = 1; n <= app::kMostSweepFaults; ++n) {
      const auto one = row(n, fmt::format("odd/{}", n));
      const vconout::Deletion deletion{.uuid = one.uuid,
                                       .fingerprint = one.uuid,
                                       .vcon_path = one.vcon_path,
                                       .tombstone_path = "tombstones/" + one.uuid + ".json",
                                       .amends = {},
                                       .deleted = "2026-10-01T00:00:00Z",
                                       .reason = "r",
                                       .rule = "r",
                                       .who = "root"};
      REQUIRE_FALSE(book.begin(book.chain_of(one.uuid), {&deletion, 1}));
    }
  }
  RetainCommand command;
  command.out = folder.path();
  command.config = app::parse_config(kAll, "test.toml");
  command.now = *from_rfc3339(kLater);
  std::set<std::string> reached;
  std::size_t deleted = 0;
  const auto sweep = [&] {
    std::ostringstream err;
    return app::retain(
        command,
        [&](const Swept& swept) {
          reached.insert(swept.uuid);
          if (swept.uuid == good && swept.outcome == "deleted") ++deleted;
        },
        err);
  };
  const app::SweepResult first = sweep();
  CHECK(first.faults == 2 * app::kMostSweepFaults);
  CHECK(deleted == 0);
  const app::SweepResult second = sweep();
  CHECK(deleted == 1);
  CHECK(second.faults == 2 * app::kMostSweepFaults);
  CHECK(reached.size() == kBad + 1);
  // It began behind where the first one gave up, and went on from the start.
  CHECK(second.looked_at == app::kMostSweepFaults + 1);
}

TEST_CASE("what root deletes and notes in a service's folder is that service's") {
  if (::geteuid() != 0) {
    WARN("only root can give files away");
    return;
  }
  const KeptConversations kept;
  constexpr ::uid_t kOwner = 12345;
  constexpr ::gid_t kGroup = 23456;
  REQUIRE(::chown(kept.out().c_str(), kOwner, kGroup) == 0);
  CHECK(sweep(command(kept, kAll, kLater)) == std::vector<std::string>(3, "deleted"));
  std::size_t seen = 0;
  for (const char* name : {"tombstones", "audit"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kept.out() / name)) {
      struct stat status{};
      REQUIRE(::lstat(entry.path().c_str(), &status) == 0);
      INFO(entry.path());
      CHECK(status.st_uid == kOwner);
      CHECK(status.st_gid == kGroup);
      ++seen;
    }
  }
  CHECK(seen >= 3 + 3 + 1);
}

}  // namespace tapestry
