#include "app/recorder.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "spool/spool.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/catalog_row.h"
#include "vconout/fingerprint.h"
#include "vconout/signer.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Numbers = std::vector<std::uint64_t>;

/// A recorder that tries again what fails, without media.
struct Recording {
  testing::TemporaryFolder folder;
  fs::path out = folder / "out";
  vconout::KeyFiles keys = vconout::make_trial_keys(out / "keys", "recorder.example.com", true);
  vconout::Signer signer{keys.key, keys.certificate, {}};
  spool::Spool spool{folder / "spool"};
  vconout::Catalog catalog{out / "catalog.sqlite"};
  vconout::AuditLog audit{out / "audit"};
  FinisherContext context{
      .out = out, .recording = {}, .vcon = {}, .signer = signer, .media = spool, .keep_failed = true};
  FinisherPool pool{{.threads = 1}, context};
  Numbers committed;
  std::vector<std::string> faults;
  Recorder recorder{spool,
                    catalog,
                    pool,
                    audit,
                    [this](const ConversationReport& report) {
                      if (!report.fault.empty()) faults.push_back(report.fault);
                    },
                    {.host = "recorder.example.com",
                     .out = out,
                     .commit_at_once = false,
                     .committed = [this](std::uint64_t number) { committed.push_back(number); },
                     .first_try = 10ms}};

  static calls::Interaction interaction_of(std::uint64_t number, const std::string& start,
                                           std::optional<std::uint64_t> amends = {}) {
    calls::Interaction interaction;
    interaction.number = number;
    interaction.start = from_rfc3339(start).value();
    interaction.end = interaction.start + 10s;
    calls::DialogSummary dialog;
    dialog.call_id = std::to_string(number) + "@example.com";
    interaction.signalling = {dialog};
    interaction.amends = amends;
    return interaction;
  }
  void close(std::uint64_t number, const std::string& start, std::optional<std::uint64_t> amends = {}) {
    recorder.closed(interaction_of(number, start, amends));
  }
  /// Until so many are committed, or not within ten seconds.
  void settle_until(std::size_t count) {
    for (int n = 0; n < 1000 && committed.size() < count; ++n) {
      recorder.settle();
      usleep(10'000);
    }
  }
};

}  // namespace

TEST_CASE("What fails, and what goes on with it, keeps nothing else from the catalog, and comes when it can") {
  Recording recording;
  const fs::path in_the_way = recording.out / "vcon/2026/03/02";
  fs::create_directories(in_the_way.parent_path());
  std::ofstream(in_the_way) << "no folder";
  recording.close(1, "2026-03-02T09:00:00Z");
  recording.close(2, "2026-03-03T09:00:00Z", 1);
  recording.close(3, "2026-03-03T09:05:00Z", 2);
  recording.close(4, "2026-03-03T09:10:00Z");
  recording.settle_until(1);
  CHECK(recording.committed == Numbers{4});
  CHECK(recording.recorder.failed() == 3);
  CHECK(recording.recorder.backlog().conversations == 3);
  CHECK(recording.faults.size() == 1);
  fs::remove(in_the_way);
  recording.settle_until(4);
  CHECK(recording.committed == Numbers{4, 1, 2, 3});
  CHECK(recording.recorder.failed() == 0);
  CHECK(recording.recorder.backlog().conversations == 0);
}

TEST_CASE("What goes on with a conversation that was deleted since its first try comes all the same") {
  Recording recording;
  recording.close(1, "2026-03-02T09:00:00Z");
  recording.settle_until(1);
  const fs::path in_the_way = recording.out / "vcon/2026/03/03";
  std::ofstream(in_the_way) << "no folder";
  recording.close(2, "2026-03-03T09:00:00Z", 1);
  for (int n = 0; n < 1000 && recording.recorder.failed() == 0; ++n) {
    recording.recorder.settle();
    usleep(10'000);
  }
  REQUIRE(recording.recorder.failed() == 1);
  fs::remove_all(recording.out / "vcon/2026/03/02");
  fs::remove(in_the_way);
  recording.settle_until(2);
  CHECK(recording.committed == Numbers{1, 2});
}

TEST_CASE("A conversation that another process added meanwhile keeps no other one from the catalog") {
  Recording recording;
  const std::string start = "2026-03-02T09:00:00Z";
  recording.close(1, start);
  vconout::Catalog other(recording.out / "catalog.sqlite");
  const std::string uuid = "01960000-0000-8000-8000-000000000001";
  vconout::CatalogRow row = testing::catalog_row(uuid, "vcon/2026/03/02/" + uuid + ".vcon", start);
  row.fingerprint = vconout::fingerprint(Recording::interaction_of(1, start));
  other.add({&row, 1});
  recording.close(2, "2026-03-02T09:10:00Z");
  recording.settle_until(2);
  CHECK(recording.committed == Numbers{1, 2});
  CHECK(recording.recorder.catalog_fault().empty());
}

}  // namespace tapestry::app
