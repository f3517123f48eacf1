#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "vconout/catalog.h"

namespace tapestry::vconout {

/// What must not be deleted: a uuid, or a pattern for parties or keys as in CatalogQuery. It is a condition: also a
/// conversation that comes later is held by it.
struct Hold {
  std::string matter;
  std::string kind;  ///< `uuid`, `party` or `key`
  std::string value;
  std::string who;     ///< placed it
  std::string placed;  ///< RFC 3339
  friend bool operator==(const Hold&, const Hold&) = default;
};

/// Whether the hold covers this conversation, those that it amends or that amend it aside.
bool covers(const Hold& hold, const std::string& uuid, const CatalogFacts& facts);

/// A deletion from its intent on; kept for good. No address of a party is in it.
struct Deletion {
  std::string uuid;
  std::string fingerprint;  ///< so that a replay makes it not again
  std::string vcon_path;
  std::string tombstone_path;
  std::string amends;   ///< uuid; empty: none
  std::string deleted;  ///< RFC 3339, of the intent
  std::string reason;
  std::string rule;  ///< empty: it was asked for
  std::string who;
};

struct BookTables;

/// Holds and deletions in catalog.sqlite, beside a recorder that writes it. One thread. Throws std::runtime_error that
/// names the file when SQLite fails, or a newer program made it.
class RetentionBook {
 public:
  /// Opens it as Catalog does.
  explicit RetentionBook(const std::filesystem::path& catalog);
  ~RetentionBook();
  RetentionBook(const RetentionBook&) = delete;
  RetentionBook& operator=(const RetentionBook&) = delete;

  /// On disk when it returns. False when the matter holds just that already.
  bool place(const Hold& hold);
  /// Of a matter: what `kind` and `value` say, all when `kind` is empty. How many.
  std::size_t release(const std::string& matter, const std::string& kind, const std::string& value);
  /// In the order in which they were placed.
  [[nodiscard]] std::vector<Hold> holds() const;
  /// The first hold on any of these conversations.
  [[nodiscard]] std::optional<Hold> held(std::span<const NumberedRow> rows) const;

  /// Conversations that ended at `time` or before and are not being deleted, behind number `after`, at most `most`.
  [[nodiscard]] std::vector<NumberedRow> ended_by(Time time, std::int64_t after, std::size_t most) const;
  [[nodiscard]] CatalogFacts facts_of(std::int64_t number) const;
  /// The conversation with all that it amends and all that amend it: one whole, the last written first, as an amendment
  /// names the media of what it amends. Empty when there is none.
  [[nodiscard]] std::vector<NumberedRow> chain_of(const std::string& uuid) const;

  /// Notes the intent for all of them, or for none when one is held: that hold. On disk when it returns. `rows` are a
  /// chain_of(); throws std::runtime_error when that is another one by now.
  std::optional<Hold> begin(std::span<const NumberedRow> rows, std::span<const Deletion> deletions);
  /// Intents that were not carried out to their end, in the order in which they were noted.
  [[nodiscard]] std::vector<Deletion> pending() const;
  /// Of one that is pending or done.
  [[nodiscard]] std::optional<Deletion> find(const std::string& uuid) const;
  /// The hold on a conversation that is being deleted.
  [[nodiscard]] std::optional<Hold> held(const Deletion& pending) const;
  /// Nothing of it is on the disk any more: takes its row out.
  void finish(const std::string& uuid);
  /// Brings what was taken out into the file itself, so that the write-ahead log keeps none of it. False where somebody
  /// who reads or writes is in the way.
  [[nodiscard]] bool settle();

  /// When the last sweep was; nothing before the first.
  [[nodiscard]] std::optional<Time> last_sweep() const;
  void note_sweep(Time now);
  /// The number behind which the next sweep begins, as the last one gave up there; 0: with the first.
  [[nodiscard]] std::int64_t next_begin() const;
  void note_next_begin(std::int64_t number);

 private:
  std::unique_ptr<BookTables> tables_;
};

}  // namespace tapestry::vconout
