#include "app/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "app/bundle.h"
#include "app/catalog_index.h"
#include "app/config.h"
#include "app/export_text.h"
#include "app/json_view.h"
#include "app/layout.h"
#include "app/retention_log.h"
#include "app/signature_parts.h"
#include "app/text.h"
#include "vconout/chained_log.h"
#include "vconout/file.h"
#include "vconout/retention_book.h"
#include "vconout/uuid.h"
#include "verify/audit.h"
#include "web/access_log.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostUuids = 10'000;
constexpr std::size_t kMostExcerpt = 64U << 20U;

/// One export on its way.
struct Work {
  const ExportCommand& command;
  Bundle& bundle;
  web::AccessLog& log;
  ExportedText text{};
  std::set<std::string> uuids{};
  std::set<std::string> call_ids{};
};

void add_signature(Work& work, const std::string& uuid, const fs::path& file) {
  const SignatureParts parts = signature_parts(vconout::read_text(file));
  if (parts.certificates.empty() || parts.signature.empty()) return;
  work.bundle.add_text("certificates/" + uuid + ".pem", parts.certificates);
  work.bundle.add_text("signatures/" + uuid + ".sig", parts.signature);
}

std::vector<fs::path> media_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(fs::symlink_status(folder))) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool whole = !entry.path().filename().string().starts_with('.');
    if (whole && entry.is_regular_file() && !entry.is_symlink()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void add_media(Work& work, const vconout::CatalogRow& row) {
  const fs::path below = fs::path(row.vcon_path).parent_path().lexically_relative("vcon") / row.uuid;
  const fs::path place = kMediaFolder / below;
  for (const fs::path& file : media_in(work.command.out / place)) {
    work.bundle.add_file((place / file.filename()).string(), file);
  }
  for (const fs::path& file : media_in(work.command.out / kQuarantineFolder / below)) {
    // It goes where the vCon's url points, so that the bundle verifies.
    const std::string name = (place / file.filename()).string();
    if (work.command.with_quarantined) work.bundle.add_file(name, file);
    (work.command.with_quarantined ? work.text.quarantined : work.text.left_out).push_back(name);
  }
}

void note(const Work& work, const std::string& uuid) {
  work.log.add({.time = work.command.now,
                .who = local_user(),
                .by = "user",
                .peer = "local",
                .method = "EXPORT",
                .path = "/v1/conversations/" + uuid,
                .range = {},
                .status = 200});
}

void add_conversation(Work& work, const vconout::NumberedRow& row, const vconout::CatalogFacts& facts) {
  const fs::path vcon = work.command.out / row.row.vcon_path;
  note(work, row.row.uuid);
  work.bundle.add_file(row.row.vcon_path, vcon);
  add_signature(work, row.row.uuid, vcon);
  add_media(work, row.row);
  work.text.vcons.push_back({row.row.uuid, row.row.vcon_path});
  for (const vconout::NamedFact& key : facts.keys) {
    if (key.kind != "call-id") continue;
    work.call_ids.insert(key.value);
    work.call_ids.insert(vconout::audit_text(key.value));  // as the audit log has it
  }
}

void add_tombstone(Work& work, const vconout::Deletion& deletion) {
  const fs::path file = work.command.out / deletion.tombstone_path;
  if (!fs::exists(file)) return;
  note(work, deletion.uuid);
  work.bundle.add_file(deletion.tombstone_path, file);
  add_signature(work, deletion.uuid, file);
  work.text.tombstones.push_back({deletion.uuid, deletion.tombstone_path});
}

/// The conversation and what it amends, the last written first. Older ones may have been deleted in another time's
/// order: then their tombstones.
void add_whole(Work& work, const vconout::RetentionBook& book, std::string uuid) {
  bool known = false;
  while (!uuid.empty() && work.uuids.size() < kMostUuids) {
    const auto chain = book.chain_of(uuid);
    const auto found = std::ranges::find(chain, uuid, [](const vconout::NumberedRow& row) { return row.row.uuid; });
    const auto deletion = book.find(uuid);
    if (!known && found == chain.end() && !deletion)
      throw ConfigError(fmt::format("no conversation {} in {}", uuid, work.command.out.string()));
    known = true;
    if (!work.uuids.insert(uuid).second) return;
    if (deletion) add_tombstone(work, *deletion);
    if (found == chain.end()) return;
    const vconout::CatalogFacts facts = book.facts_of(found->number);
    add_conversation(work, *found, facts);
    uuid = facts.amends;
  }
}

bool is_about(const Work& work, const Json& entry) {
  if (work.call_ids.contains(raw(entry, "call_id")) || work.uuids.contains(raw(entry, "uuid")) ||
      work.uuids.contains(raw(entry, "value")))
    return true;
  const fs::path path(raw(entry, "path"));
  return std::ranges::any_of(path, [&](const fs::path& name) { return work.uuids.contains(name.string()); });
}

/// The lines of a log that are about what is exported, as they are.
void add_excerpt(Work& work, const std::string& name) {
  std::ifstream log(work.command.out / "audit" / name, std::ios::binary);
  std::string found;
  for (std::string line; log && found.size() < kMostExcerpt && std::getline(log, line);) {
    if (line.size() < verify::kMostAuditLine && is_about(work, Json::parse(line, nullptr, false))) found += line + "\n";
  }
  if (!found.empty()) work.bundle.add_text("audit/" + name, found);
}

}  // namespace

int export_bundle(const ExportCommand& command, std::ostream& out, std::ostream& err) {
  if (command.uuids.size() > kMostUuids) throw ConfigError(fmt::format("more than {} uuids", kMostUuids));
  for (const std::string& uuid : command.uuids) {
    if (!vconout::is_uuid(uuid)) throw ConfigError(fmt::format("{} is no uuid of a vCon", printable(uuid)));
  }
  (void)index_catalog(command.out);
  const vconout::RetentionBook book(command.out / "catalog.sqlite");
  Bundle bundle(command.to, command.now);
  web::AccessLog log(command.out / "audit");
  Work work{command, bundle, log};
  for (const std::string& uuid : command.uuids) add_whole(work, book, uuid);
  for (const char* name : {"audit.jsonl", "access.jsonl", "retention.jsonl"}) add_excerpt(work, name);
  bundle.add_text("README.txt", readme_of(work.text, command.now));
  bundle.finish();
  out << fmt::format("{}: {} {}, {} {}\n", printable(command.to.string()), work.text.vcons.size(),
                     work.text.vcons.size() == 1 ? "vCon" : "vCons", work.text.tombstones.size(),
                     work.text.tombstones.size() == 1 ? "tombstone" : "tombstones");
  for (const std::string& name : work.text.left_out) {
    err << fmt::format("tapestry: {} is in quarantine and was left out (--with-quarantined)\n", printable(name));
  }
  return work.text.left_out.empty() ? 0 : 1;
}

}  // namespace tapestry::app
