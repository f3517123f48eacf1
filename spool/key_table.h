#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/secret.h"
#include "spool/disk.h"
#include "spool/key_entry.h"
#include "spool/record.h"

namespace tapestry::spool {

enum class KeyState : std::uint8_t {
  Live,
  Destroyed,   ///< what it sealed is gone
  Absent,      ///< it never reached the disk, or has not yet
  Unreadable,  ///< nobody knows: the disk failed
};

/// Keys of conversations, wrapped by a master key (AES-256-GCM, a nonce of its own each), in files of fixed entries:
/// destroying one overwrites its entry. Those that are destroyed together are so whole or not at all, whenever power is
/// lost. Ids go up, and never come twice while what they sealed may be on disk. Any thread; only sync() waits for the
/// disk (and find() of an unknown id, where another process creates), and what that refuses is tried again with the
/// next one.
class KeyTable {
 public:
  /// Two processes may use one table at a time when one of them creates and the other one destroys.
  enum class Role : std::uint8_t {
    Alone,
    Creates,   ///< destroys nothing; learns what was destroyed when it begins, and now and then
    Destroys,  ///< creates nothing; learns of keys when they are looked for
  };
  static constexpr std::uint64_t kEntriesPerFile = kKeysPerFile;
  static constexpr std::size_t kEntryBytes = kKeyEntryBytes;

  /// Reads which keys there are. `master` has kKeyBytes. Throws std::runtime_error when the disk fails, or when a key
  /// was wrapped by another master key.
  KeyTable(Disk& disk, const Secret& master, Role role = Role::Alone);
  ~KeyTable();
  KeyTable(const KeyTable&) = delete;
  KeyTable& operator=(const KeyTable&) = delete;

  /// A new key. It is on disk after the next sync().
  [[nodiscard]] KeyId create();
  /// The key's state; `key` is set when it is Live.
  [[nodiscard]] KeyState find(KeyId id, Secret& key);
  /// Nothing is opened with them from now on; their entries are overwritten by the next sync().
  void destroy(const std::vector<KeyId>& ids);
  /// Brings the disk up to date and makes that safe. A file all of whose keys are destroyed goes, unless new ones may
  /// still come to it.
  [[nodiscard]] Io<void> sync();
  /// Ids of all that are known to be live.
  [[nodiscard]] std::vector<KeyId> live() const;
  /// No id below it is created any more, nor was one in the last seconds; for Role::Destroys, as of its beginning.
  [[nodiscard]] KeyId settled_below() const noexcept { return settled_below_; }

 private:
  struct File {
    Disk::Handle handle = -1;
    bool dirty = false;
  };
  struct Usage {
    std::uint64_t live = 0;
    std::uint64_t known = 0;  ///< entries that were ever used; the others are Absent
  };

  [[nodiscard]] Io<std::vector<std::uint64_t>> files_on_disk() const;
  [[nodiscard]] Io<std::vector<std::uint8_t>> bytes_of(std::uint64_t number) const;
  void read_file(std::uint64_t number);
  void read_entries(std::uint64_t number, Bytes file);
  void read_doomed();
  [[nodiscard]] KeyState look_up(KeyId id, Secret& key);
  [[nodiscard]] Io<KeyUse> read_entry(KeyId id, std::vector<std::uint8_t>& entry);

  [[nodiscard]] Io<void> sync_created();
  [[nodiscard]] Io<bool> begin_again(std::vector<KeyId>& created);
  [[nodiscard]] Io<void> sync_destroyed();
  [[nodiscard]] Io<void> carry_out();
  [[nodiscard]] Io<void> doom(const std::vector<KeyId>& ids);
  [[nodiscard]] Io<void> write_entry(KeyId id, const Secret* key);
  [[nodiscard]] Io<void> sync_files();
  [[nodiscard]] Io<void> remove_dead();
  [[nodiscard]] std::vector<std::uint64_t> without_live(std::vector<std::uint64_t> numbers) const;
  void close_files();
  void forget_destroyed();
  void forget(KeyId id);

  Disk& disk_;
  Secret master_;
  Role role_;
  KeyId settled_below_ = 1;
  std::mutex disk_mutex_;                ///< guards what sync() does; taken before the other
  std::map<std::uint64_t, File> files_;  ///< that are open, by number: id / kEntriesPerFile
  bool names_dirty_ = false;
  std::vector<KeyId> doomed_;  ///< what the list on disk holds, which is safe there
  std::set<KeyId> attempted_;  ///< of created_: an entry may be on disk already
  Disk::Handle lock_ = -1;     ///< file that is locked by whoever might write what the other one wrote
  std::uint64_t syncs_ = 0;
  mutable std::mutex mutex_;              ///< guards what follows
  std::map<std::uint64_t, Usage> usage_;  ///< by the files' numbers
  std::unordered_map<KeyId, Secret> keys_;
  std::set<KeyId> created_;    ///< that are not safe on disk
  std::set<KeyId> destroyed_;  ///< whose entries are not overwritten for good
  KeyId next_ = 1;
  std::optional<std::uint64_t> looking_;  ///< number of the file that look_up() has open
  Disk::Handle looking_at_ = -1;
};

}  // namespace tapestry::spool
