#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "vconout/catalog.h"
#include "vconout/database.h"

namespace tapestry::vconout {

/// Conditions on conversations; all that are given must hold. In a pattern `*` stands for any text, also none; letters
/// of ASCII are the same in either case.
struct CatalogQuery {
  std::optional<Time> from{};  ///< began then or later
  std::optional<Time> to{};    ///< began before
  std::string party{};         ///< pattern, see uri_patterns()
  std::string agent{};         ///< the same, of one who was recorded
  std::optional<Duration> at_least{};
  std::optional<Duration> at_most{};
  std::string gap{};    ///< pattern: a gap's reason
  std::string key{};    ///< pattern: the value of one of its keys, or its uuid
  std::string queue{};  ///< pattern: label `queue`
  std::size_t limit = 100;
};

struct FoundConversation {
  NumberedRow row;
  CatalogFacts facts;
};

/// Whether `text` is as `pattern` says: `*` is any text, ASCII letters of both cases are one. Linear in either, bounded
/// by their product.
bool matches(std::string_view pattern, std::string_view text) noexcept;

/// What a pattern for addresses means: with a scheme itself; without one in `sip:`, `sips:` and `tel:`; without `@` as
/// well the user part at any host. A name, where a party has no address.
std::vector<std::string> uri_patterns(const std::string& pattern);

/// Reads what the tables tell beside the rows. Outlived by the database, which is of this version.
class FactsReader {
 public:
  explicit FactsReader(const Database& database);
  [[nodiscard]] CatalogFacts of(std::int64_t number) const;

 private:
  Statement parties_;
  Statement keys_;
  Statement labels_;
  Statement gaps_;
  Statement amends_;
};

/// Gives the newest conversations for which all holds to `use`, the newest first, at most query.limit. True when there
/// are more. One pass over the catalog at most. Throws std::runtime_error when the catalog is not of this version, or
/// fails.
bool search(const std::filesystem::path& catalog, const CatalogQuery& query,
            const std::function<void(const FoundConversation&)>& use);

}  // namespace tapestry::vconout
