#pragma once
#include <string>

#include "vconout/catalog.h"

namespace tapestry::testing {

/// Of an answered call of a minute without recordings, with facts that say nothing.
inline vconout::CatalogRow catalog_row(const std::string& uuid, const std::string& vcon_path,
                                       const std::string& start = "2026-11-20T08:00:00Z") {
  vconout::CatalogRow row{.uuid = uuid,
                          .fingerprint = "f" + uuid,
                          .vcon_path = vcon_path,
                          .start = start,
                          .duration = 60,
                          .parties = "sip:a@example.com",
                          .agents = {},
                          .disposition = "answered",
                          .recordings = 0,
                          .gaps = 0};
  row.facts.emplace();
  return row;
}

}  // namespace tapestry::testing
