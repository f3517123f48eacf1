#pragma once
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/time.h"
#include "vconout/catalog.h"

namespace tapestry::web {

/// Conversations in one answer.
inline constexpr std::size_t kMostListed = 1000;
inline constexpr std::size_t kUsuallyListed = 100;
/// Rows of the catalog that one question may cost.
inline constexpr std::size_t kMostScanned = 50'000;

/// What a list of conversations is asked for; all conditions that are given must hold.
struct ConversationQuery {
  std::optional<Time> from{};  ///< began then or later
  std::optional<Time> to{};    ///< began before
  std::string party;           ///< uri of one of its parties
  std::string agent;           ///< uri of one of its agents
  std::size_t limit = kUsuallyListed;
  std::int64_t cursor = 0;  ///< what an earlier answer gave; 0: from the beginning
};

using Query = std::map<std::string, std::string, std::less<>>;

/// Reads the parameters from, to, party, agent, limit, cursor; an error that says which one is wrong or unknown.
[[nodiscard]] std::expected<ConversationQuery, std::string> parse_conversation_query(const Query& query);

/// Whether a row is asked for, cursor and limit aside.
[[nodiscard]] bool is_wanted(const vconout::CatalogRow& row, const ConversationQuery& query);

/// The catalog of an output folder, opened when it is there. Any thread. Throws std::runtime_error when it fails.
class Conversations {
 public:
  explicit Conversations(std::filesystem::path catalog) : file_(std::move(catalog)) {}

  /// `{"conversations":[…],"cursor":"…","more":…}`, in the order in which they were committed. `more`: something may
  /// follow behind the cursor, also when the list is shorter than the limit.
  [[nodiscard]] std::string list(const ConversationQuery& query);
  /// Where the vCon lies below the output folder; nothing when there is none.
  [[nodiscard]] std::optional<std::string> vcon_path(const std::string& uuid);
  /// Whether there was a vCon of that uuid, and it was deleted.
  [[nodiscard]] bool is_deleted(const std::string& uuid);
  [[nodiscard]] std::uint64_t count();

 private:
  /// Null: no conversation was committed yet. With mutex_ held.
  vconout::CatalogReader* reader();

  std::filesystem::path file_;
  std::mutex mutex_;
  std::unique_ptr<vconout::CatalogReader> reader_;
};

}  // namespace tapestry::web
