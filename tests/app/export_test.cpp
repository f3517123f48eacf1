#include "app/export.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/audit.h"
#include "app/check.h"
#include "app/config.h"
#include "app/hold.h"
#include "app/retain.h"
#include "tests/app/kept_conversations.h"
#include "tests/support/catalog_row.h"
#include "vconout/catalog.h"
#include "vconout/chained_log.h"
#include "web/access_log.h"

namespace tapestry {
namespace {

namespace fs = std::filesystem;
using app::ExportCommand;
using Catch::Matchers::Contains;

const Time kNow = *from_rfc3339("2026-11-21T00:00:00Z");

/// Exit status, and what was printed.
std::pair<int, std::string> bundle(const testing::KeptConversations& kept, const std::vector<std::string>& uuids,
                                   const fs::path& to, bool with_quarantined = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = app::export_bundle(
      {.out = kept.out(), .uuids = uuids, .to = to, .with_quarantined = with_quarantined, .now = kNow}, out, err);
  return {status, out.str() + err.str()};
}

bool shell(const fs::path& folder, const std::string& commands) {
  return std::system(("cd '" + folder.string() + "' && (" + commands + ") >>log.txt 2>&1").c_str()) == 0;
}

int verified(const testing::KeptConversations& kept, const fs::path& folder, std::string& told) {
  std::ostringstream out;
  const int status = app::check({(folder / "vcon").string()}, {kept.out() / "keys/ca.pem", folder / "media"}, out, out);
  told = out.str();
  return status;
}

}  // namespace

TEST_CASE("a tar file of a conversation and what it amends verifies with sha256sum, openssl and tapestry verify") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  const fs::path tar = kept.folder() / "bundle.tar";
  CHECK(bundle(kept, {later}, tar).first == 0);
  const fs::path folder = kept.folder() / "extracted";
  fs::create_directories(folder);
  REQUIRE(shell(folder, "tar xf '" + tar.string() + "'"));
  CHECK(shell(folder, "sha256sum -c SHA256SUMS"));
  std::string told;
  CHECK(verified(kept, folder, told) == 0);
  CHECK_THAT(told, Contains("2 files, 0 with faults"));
  const std::string readme = testing::read_file(folder / "README.txt");
  CHECK_THAT(readme, Contains("u=" + earlier) && Contains("u=" + later) && !Contains("u=" + other));
  // The very commands that it gives, without the lines that are for people.
  for (const std::string& uuid : {earlier, later}) {
    const std::string file = readme.substr(readme.find("f=vcon"), readme.find(" u=") - readme.find("f=vcon"));
    const std::string set = "u=" + uuid + "; f=$(ls vcon/*/*/*/$u.vcon); ";
    CHECK(shell(folder, "cp '" + (kept.out() / "keys/ca.pem").string() + "' ca.pem"));
    for (const char* command : {"  sed -E", "  openssl x509", "  openssl dgst -sha256", "  openssl verify"}) {
      const std::size_t at = readme.find(command);
      REQUIRE(at != std::string::npos);
      INFO(command);
      CHECK(shell(folder, set + readme.substr(at, readme.find('\n', at) - at)));
    }
    CHECK(file.starts_with("f=vcon/"));
  }
  // What is changed no longer fits.
  CHECK(shell(folder, "printf x >>signed"));
  CHECK_FALSE(shell(folder, "openssl dgst -sha256 -verify key.pem -signature signatures/" + later + ".sig signed"));
}

TEST_CASE("an export is in the access log with the user who made it, and is for its owner only") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  const fs::path folder = kept.folder() / "bundle";
  CHECK(bundle(kept, {other}, folder).first == 0);
  CHECK((fs::status(folder).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  std::ostringstream log;
  CHECK(app::audit({.log = kept.out(), .kind = app::AuditKind::Access}, log, log) == 0);
  CHECK_THAT(log.str(), Contains("EXPORT") && Contains("/v1/conversations/" + other) && Contains("1 answered"));
  CHECK_THAT(testing::read_file(folder / "audit/access.jsonl"), Contains(other));
  std::string told;
  CHECK(verified(kept, folder, told) == 0);
  CHECK(shell(folder, "sha256sum -c SHA256SUMS"));
}

TEST_CASE("media in quarantine is left out unless it is asked for, and the bundle verifies with it") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  const fs::path media = kept.files("media", other).front().parent_path();
  const fs::path apart = kept.out() / "quarantine" / fs::relative(media, kept.out() / "media");
  fs::create_directories(apart.parent_path());
  fs::rename(media, apart);
  const auto [status, told] = bundle(kept, {other}, kept.folder() / "without");
  CHECK(status == 1);
  CHECK_THAT(told, Contains("is in quarantine and was left out"));
  CHECK_FALSE(fs::exists(kept.folder() / "without/media"));
  CHECK(bundle(kept, {other}, kept.folder() / "with", true).first == 0);
  std::string faults;
  CHECK(verified(kept, kept.folder() / "with", faults) == 0);
  CHECK_THAT(testing::read_file(kept.folder() / "with/README.txt"), Contains("Was in quarantine"));
}

TEST_CASE("of what was deleted a bundle has the tombstone") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  std::ostringstream out;
  REQUIRE(app::delete_now({.out = kept.out(), .config = {}, .now = kNow}, other, "asked for", out, out) == 0);
  CHECK(bundle(kept, {other}, kept.folder() / "gone").first == 0);
  CHECK(app::check({(kept.folder() / "gone/tombstones").string()}, {kept.out() / "keys/ca.pem", {}}, out, out) == 0);
  CHECK_THAT(testing::read_file(kept.folder() / "gone/audit/retention.jsonl"), Contains(other));
}

TEST_CASE("an export that cannot be made leaves nothing, and replaces nothing") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  const std::string unknown = "019f15a6-a752-826f-bb82-041452eb905f";
  CHECK_THROWS_AS(bundle(kept, {other, unknown}, kept.folder() / "a.tar"), app::ConfigError);
  CHECK_FALSE(fs::exists(kept.folder() / "a.tar"));
  CHECK_FALSE(fs::exists(kept.folder() / "a.tar.partial"));
  CHECK_THROWS_AS(bundle(kept, {"x"}, kept.folder() / "a.tar"), app::ConfigError);
  testing::write_file(kept.folder() / "b.tar", "mine");
  CHECK_THROWS_AS(bundle(kept, {other}, kept.folder() / "b.tar"), app::ConfigError);
  CHECK(testing::read_file(kept.folder() / "b.tar") == "mine");
  // A vCon that cannot be read, and a disk that is full.
  fs::remove(kept.files("vcon", other).front());
  CHECK_THROWS_AS(bundle(kept, {other}, kept.folder() / "c"), std::runtime_error);
  CHECK_FALSE(fs::exists(kept.folder() / "c"));
  CHECK_FALSE(fs::exists(kept.folder() / "c.partial"));
}

TEST_CASE("each conversation of a bundle has its line, those that it amends too, and what is not there has none") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  const std::string unknown = "019f15a6-a752-826f-bb82-041452eb905f";
  CHECK(bundle(kept, {later}, kept.folder() / "bundle").first == 0);
  CHECK_THROWS_AS(bundle(kept, {unknown}, kept.folder() / "none"), app::ConfigError);
  const std::string log = testing::read_file(kept.out() / "audit/access.jsonl");
  CHECK_THAT(log, Contains("/v1/conversations/" + later) && Contains("/v1/conversations/" + earlier));
  CHECK_THAT(log, !Contains(unknown) && !Contains(other));
  CHECK(std::ranges::count(log, '\n') == 2);
  CHECK_THAT(testing::read_file(kept.folder() / "bundle/audit/access.jsonl"), Contains(later) && Contains(earlier));
}

TEST_CASE("what passes for a card's number, a uuid or a Call-ID, is found in the logs all the same") {
  const testing::TemporaryFolder folder;
  const std::string uuid = "019c1234-5620-8782-9003-041452eb905f";
  const std::string path = "vcon/2026/11/20/" + uuid + ".vcon";
  const std::string call_id = "4111111111111111@192.0.2.1";
  const std::string masked = vconout::audit_text(call_id);
  REQUIRE(masked != call_id);
  fs::create_directories((folder / path).parent_path());
  testing::write_file(folder / path, "{}");
  {
    vconout::Catalog catalog(folder / "catalog.sqlite");
    vconout::CatalogRow row = testing::catalog_row(uuid, path);
    row.facts->keys.push_back({"call-id", call_id});
    catalog.add({&row, 1});
  }
  fs::create_directories(folder / "audit");
  testing::write_file(folder / "audit/audit.jsonl", "{\"call_id\":\"" + masked + "\",\"action\":\"pause\"}\n");
  std::ostringstream out;
  CHECK(app::hold({.out = folder.path(), .uuids = {uuid}, .matter = "m", .now = kNow}, out) == 0);
  web::AccessLog access(folder / "audit");
  access.add({.time = kNow,
              .who = "player",
              .by = "token",
              .peer = "192.0.2.7",
              .method = "GET",
              .path = "/media/2026/11/20/" + uuid + "/agent-1001.ogg",
              .range = {},
              .status = 200});
  CHECK(app::export_bundle({.out = folder.path(), .uuids = {uuid}, .to = folder / "b", .now = kNow}, out, out) == 0);
  CHECK_THAT(testing::read_file(folder / "b/audit/access.jsonl"), Contains("player") && Contains("EXPORT"));
  CHECK_THAT(testing::read_file(folder / "b/audit/retention.jsonl"), Contains(uuid));
  CHECK_THAT(testing::read_file(folder / "b/audit/audit.jsonl"), Contains(masked));
}

}  // namespace tapestry
