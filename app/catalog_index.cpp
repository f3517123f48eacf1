#include "app/catalog_index.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "app/config.h"
#include "app/layout.h"
#include "vconout/catalog.h"
#include "vconout/catalog_schema.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kAtOnce = 500;

/// The system refuses it now, and may give it later: what is told once is never looked at again.
bool is_out_of_reach(const std::filesystem::path& out, const std::filesystem::path& file) {
  std::error_code error;
  const bool there = std::filesystem::exists(file, error);
  if (error) return true;
  return there ? !std::ifstream(file).good() : !std::filesystem::is_directory(out / kVconFolder);
}

vconout::CatalogFacts facts_of(const std::filesystem::path& out, const vconout::CatalogRow& row) {
  try {
    return vconout::facts_of(verify::payload_of(out / row.vcon_path));
  } catch (const std::runtime_error&) {
    if (is_out_of_reach(out, out / row.vcon_path)) throw;
    vconout::CatalogFacts facts;
    for (std::string& uri : vconout::words_of(row.parties))
      facts.parties.push_back({.uri = std::move(uri), .role = {}});
    return facts;
  }
}

}  // namespace

std::uint64_t index_catalog(const std::filesystem::path& out) {
  const std::filesystem::path file = out / "catalog.sqlite";
  if (!std::filesystem::exists(file)) throw ConfigError(fmt::format("no catalog in {}", out.string()));
  // Who may only read can search all the same.
  if (vconout::is_complete(file)) return 0;
  vconout::Catalog catalog(file);
  std::uint64_t told = 0;
  for (auto rows = catalog.untold(kAtOnce); !rows.empty(); rows = catalog.untold(kAtOnce)) {
    std::vector<vconout::CatalogFacts> facts;
    for (const vconout::NumberedRow& row : rows) facts.push_back(facts_of(out, row.row));
    catalog.tell(rows, facts);
    told += rows.size();
  }
  return told;
}

}  // namespace tapestry::app
