#include "spool/key_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace tapestry::spool {
namespace {

/// What is being destroyed. While it is there its ids are as good as destroyed.
constexpr const char* kDoomed = "doomed";
constexpr const char* kLock = "key-lock";
/// How often sync() of Role::Creates looks for what the other process destroyed: about once a minute.
constexpr std::uint64_t kForgetEvery = 256;

[[noreturn]] void fail(const char* what, int error) {
  throw std::runtime_error(fmt::format("spool: {}: {}", what, std::generic_category().message(error)));
}

std::uint64_t file_of(KeyId id) { return id / KeyTable::kEntriesPerFile; }

Bytes entry_at(Bytes file, std::uint64_t index) {
  return file.subspan(index * KeyTable::kEntryBytes, KeyTable::kEntryBytes);
}

/// Another process waits meanwhile, or does without.
class Locked {
 public:
  Locked(Disk& disk, Disk::Handle file) : disk_(disk), file_(file) {}
  ~Locked() { disk_.unlock(file_); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Disk& disk_;
  Disk::Handle file_;
};

}  // namespace

KeyTable::KeyTable(Disk& disk, const Secret& master, Role role) : disk_(disk), master_(master), role_(role) {
  const auto numbers = files_on_disk();
  if (!numbers) fail("cannot list the folder", numbers.error());
  for (const std::uint64_t number : *numbers) read_file(number);
  // What a torn end may have held is not used again.
  if (!numbers->empty()) {
    next_ = (numbers->back() + 1) * kEntriesPerFile;
    // Where another one creates, what is in the last file, and at the end of that before it, may be new.
    const std::uint64_t settled = numbers->back() == 0 ? 0 : numbers->back() - 1;
    settled_below_ = role_ == Role::Destroys ? settled * kEntriesPerFile : next_;
  }
  read_doomed();
}

KeyTable::~KeyTable() {
  for (auto& [number, file] : files_) disk_.close(file.handle);
  if (looking_) disk_.close(looking_at_);
  if (lock_ >= 0) disk_.close(lock_);
}

Io<std::vector<std::uint64_t>> KeyTable::files_on_disk() const {
  const auto names = disk_.list();
  if (!names) return std::unexpected(names.error());
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : *names) {
    if (const auto number = key_file_number(name)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

/// Whole entries.
Io<std::vector<std::uint8_t>> KeyTable::bytes_of(std::uint64_t number) const {
  const auto handle = disk_.open(key_file_name(number), false);
  if (!handle) return std::unexpected(handle.error());
  std::vector<std::uint8_t> bytes(kEntriesPerFile * kEntryBytes);
  const auto have = read_all(disk_, *handle, 0, bytes);
  disk_.close(*handle);
  if (!have) return std::unexpected(have.error());
  bytes.resize(*have - *have % kEntryBytes);
  return bytes;
}

void KeyTable::read_file(std::uint64_t number) {
  const auto bytes = bytes_of(number);
  // Another process removed it meanwhile.
  if (!bytes && bytes.error() == ENOENT) return;
  if (!bytes) fail("cannot read the keys", bytes.error());
  const std::scoped_lock lock(mutex_);
  read_entries(number, *bytes);
}

void KeyTable::read_entries(std::uint64_t number, Bytes file) {
  Usage& usage = usage_[number];
  for (std::uint64_t index = 0; index < file.size() / kEntryBytes; ++index) {
    const KeyId id = number * kEntriesPerFile + index;
    const KeyUse use = key_use_in(entry_at(file, index), id);
    if (use == KeyUse::None) continue;
    usage.known = std::max(usage.known, index + 1);
    if (use != KeyUse::Live || destroyed_.contains(id)) continue;
    usage.live += keys_.try_emplace(id, key_in(entry_at(file, index), id, master_)).second ? 1U : 0U;
  }
}

void KeyTable::read_doomed() {
  const auto file = disk_.open(kDoomed, false);
  if (!file && file.error() == ENOENT) return;
  if (!file) fail("cannot open what is being destroyed", file.error());
  std::vector<std::uint8_t> bytes(disk_.size(*file).value_or(0));
  const auto have = read_all(disk_, *file, 0, bytes);
  disk_.close(*file);
  if (!have) fail("cannot read what is being destroyed", have.error());
  // One that is not whole was not safe yet: no entry was touched.
  const std::vector<KeyId> doomed = doomed_in(Bytes(bytes).first(*have));
  if (role_ == Role::Creates) {
    const std::scoped_lock lock(mutex_);
    for (const KeyId id : doomed) forget(id);
    return;
  }
  destroy(doomed);
  doomed_.assign(destroyed_.begin(), destroyed_.end());
}

KeyId KeyTable::create() {
  assert(role_ != Role::Destroys);
  const std::scoped_lock lock(mutex_);
  const KeyId id = next_++;
  keys_.emplace(id, random_key());
  created_.insert(id);
  Usage& usage = usage_[file_of(id)];
  ++usage.live;
  usage.known = id % kEntriesPerFile + 1;
  return id;
}

KeyState KeyTable::find(KeyId id, Secret& key) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = keys_.find(id); found != keys_.end()) {
    key = found->second;
    return KeyState::Live;
  }
  if (destroyed_.contains(id)) return KeyState::Destroyed;
  if (role_ == Role::Destroys) return look_up(id, key);
  const std::uint64_t number = file_of(id);
  const auto usage = usage_.find(number);
  if (usage != usage_.end()) {
    return id % kEntriesPerFile < usage->second.known ? KeyState::Destroyed : KeyState::Absent;
  }
  return !usage_.empty() && number < usage_.rbegin()->first ? KeyState::Destroyed : KeyState::Absent;
}

Io<KeyUse> KeyTable::read_entry(KeyId id, std::vector<std::uint8_t>& entry) {
  if (looking_ != file_of(id)) {
    if (looking_) disk_.close(looking_at_);
    looking_.reset();
    const auto handle = disk_.open(key_file_name(file_of(id)), false);
    if (!handle && handle.error() == ENOENT) return KeyUse::None;
    if (!handle) return std::unexpected(handle.error());
    looking_ = file_of(id);
    looking_at_ = *handle;
  }
  entry.resize(kEntryBytes);
  const auto have = read_all(disk_, looking_at_, id % kEntriesPerFile * kEntryBytes, entry);
  if (!have) return std::unexpected(have.error());
  return *have == kEntryBytes ? key_use_in(entry, id) : KeyUse::None;
}

/// What the other process wrote since. Entries come in the order of their ids, so that what is not there although a
/// later file is was lost with the power, or its file went as a whole.
KeyState KeyTable::look_up(KeyId id, Secret& key) {
  std::vector<std::uint8_t> entry;
  auto use = read_entry(id, entry);
  if (use == KeyUse::None) {
    const auto numbers = files_on_disk();
    if (!numbers) return KeyState::Unreadable;
    if (numbers->empty() || file_of(id) >= numbers->back()) return KeyState::Absent;
    use = read_entry(id, entry);
  }
  if (!use) return KeyState::Unreadable;
  if (*use != KeyUse::Live) return KeyState::Destroyed;
  key = key_in(entry, id, master_);
  keys_.emplace(id, key);
  Usage& usage = usage_[file_of(id)];
  ++usage.live;
  usage.known = std::max(usage.known, id % kEntriesPerFile + 1);
  return KeyState::Live;
}

void KeyTable::forget(KeyId id) {
  if (keys_.erase(id) == 0) return;
  created_.erase(id);
  --usage_[file_of(id)].live;
}

void KeyTable::destroy(const std::vector<KeyId>& ids) {
  assert(role_ != Role::Creates);
  const std::scoped_lock lock(mutex_);
  for (const KeyId id : ids) {
    if (!keys_.contains(id)) continue;
    forget(id);
    destroyed_.insert(id);
  }
}

std::vector<KeyId> KeyTable::live() const {
  const std::scoped_lock lock(mutex_);
  std::vector<KeyId> ids;
  ids.reserve(keys_.size());
  for (const auto& [id, key] : keys_) ids.push_back(id);
  std::ranges::sort(ids);
  return ids;
}

Io<void> KeyTable::write_entry(KeyId id, const Secret* key) {
  File& file = files_[file_of(id)];
  if (file.handle < 0) {
    const auto handle = disk_.open(key_file_name(file_of(id)), key != nullptr || role_ == Role::Alone);
    if (!handle) {
      files_.erase(file_of(id));
      // What is not there needs no overwriting.
      return key == nullptr && handle.error() == ENOENT ? Io<void>{} : std::unexpected(handle.error());
    }
    file.handle = *handle;
    names_dirty_ = names_dirty_ || key != nullptr || role_ == Role::Alone;
  }
  file.dirty = true;
  return write_all(disk_, file.handle, id % kEntriesPerFile * kEntryBytes, key_entry(id, key, master_));
}

Io<void> KeyTable::sync_files() {
  for (auto& [number, file] : files_) {
    if (!file.dirty) continue;
    if (const auto synced = disk_.sync(file.handle); !synced) return synced;
    file.dirty = false;
  }
  if (!names_dirty_) return {};
  const auto synced = disk_.sync_names();
  names_dirty_ = !synced;
  return synced;
}

/// All but the last, to which more will come.
void KeyTable::close_files() {
  while (files_.size() > 1 && !files_.begin()->second.dirty) {
    disk_.close(files_.begin()->second.handle);
    files_.erase(files_.begin());
  }
}

Io<void> KeyTable::doom(const std::vector<KeyId>& ids) {
  const auto file = disk_.open(kDoomed, true);
  if (!file) return std::unexpected(file.error());
  auto done = write_all(disk_, *file, 0, doomed_list(ids));
  if (done) done = disk_.sync(*file);
  disk_.close(*file);
  if (done) done = disk_.sync_names();
  return done;
}

/// Whoever writes an entry for the second time may meet what the other process made of it. True: nobody else writes
/// now.
Io<bool> KeyTable::begin_again(std::vector<KeyId>& created) {
  if (role_ == Role::Alone || std::ranges::none_of(created, [this](KeyId id) { return attempted_.contains(id); })) {
    return false;
  }
  if (lock_ < 0) {
    const auto file = disk_.open(kLock, true);
    if (!file) return std::unexpected(file.error());
    lock_ = *file;
  }
  // It does not wait for the other one: capture goes on, and this is tried again soon.
  const auto locked = disk_.lock(lock_, false);
  if (!locked) return std::unexpected(locked.error());
  if (!*locked) return std::unexpected(EAGAIN);
  const std::scoped_lock lock(mutex_);
  std::vector<std::uint8_t> entry;
  std::erase_if(created, [&](KeyId id) {
    const bool gone = attempted_.contains(id) && read_entry(id, entry) == KeyUse::Destroyed;
    if (gone) forget(id);
    return gone;
  });
  return true;
}

Io<void> KeyTable::sync_created() {
  std::vector<KeyId> created;
  {
    const std::scoped_lock lock(mutex_);
    created.assign(created_.begin(), created_.end());
  }
  const auto again = begin_again(created);
  if (!again) return std::unexpected(again.error());
  std::optional<Locked> locked;
  if (*again) locked.emplace(disk_, lock_);
  for (const KeyId id : created) {
    Secret key;
    if (find(id, key) != KeyState::Live) continue;
    attempted_.insert(id);
    if (const auto done = write_entry(id, &key); !done) return done;
  }
  if (const auto done = sync_files(); !done) return done;
  const std::scoped_lock lock(mutex_);
  for (const KeyId id : created) created_.erase(id);
  attempted_.clear();
  return {};
}

Io<void> KeyTable::carry_out() {
  for (const KeyId id : doomed_) {
    if (const auto done = write_entry(id, nullptr); !done) return done;
  }
  if (const auto done = sync_files(); !done) return done;
  if (const auto removed = disk_.remove(kDoomed); !removed && removed.error() != ENOENT) return removed;
  const std::scoped_lock lock(mutex_);
  for (const KeyId id : doomed_) destroyed_.erase(id);
  doomed_.clear();
  return {};
}

/// What a list on disk names is finished before the next one is written over it.
Io<void> KeyTable::sync_destroyed() {
  std::optional<Locked> locked;
  if (role_ == Role::Destroys) {
    if (lock_ < 0) {
      const auto file = disk_.open(kLock, true);
      if (!file) return std::unexpected(file.error());
      lock_ = *file;
    }
    if (const auto got = disk_.lock(lock_, true); !got) return std::unexpected(got.error());
    locked.emplace(disk_, lock_);
  }
  if (!doomed_.empty()) {
    if (const auto done = carry_out(); !done) return done;
  }
  std::vector<KeyId> destroyed;
  {
    const std::scoped_lock lock(mutex_);
    destroyed.assign(destroyed_.begin(), destroyed_.end());
  }
  if (!destroyed.empty()) {
    if (const auto done = doom(destroyed); !done) return done;
    doomed_ = std::move(destroyed);
    if (const auto done = carry_out(); !done) return done;
  }
  return remove_dead();
}

std::vector<std::uint64_t> KeyTable::without_live(std::vector<std::uint64_t> numbers) const {
  const std::scoped_lock lock(mutex_);
  std::erase_if(numbers, [this](std::uint64_t number) {
    const auto usage = usage_.find(number);
    const auto waiting = destroyed_.lower_bound(number * kEntriesPerFile);
    const bool waits = waiting != destroyed_.end() && *waiting < (number + 1) * kEntriesPerFile;
    return waits || (usage != usage_.end() && usage->second.live != 0);
  });
  return numbers;
}

Io<void> KeyTable::remove_dead() {
  auto numbers = files_on_disk();
  if (!numbers) return std::unexpected(numbers.error());
  // The last one tells which ids were used, and more may come to it.
  if (!numbers->empty()) numbers->pop_back();
  if (role_ == Role::Alone) std::erase_if(*numbers, [this](std::uint64_t number) { return number >= file_of(next_); });
  std::vector<std::uint64_t> dead = without_live(std::move(*numbers));
  // Others may have come to it that nobody looked for.
  if (role_ == Role::Destroys) {
    for (const std::uint64_t number : dead) read_file(number);
    dead = without_live(std::move(dead));
  }
  for (const std::uint64_t number : dead) {
    if (const auto removed = disk_.remove(key_file_name(number)); !removed) return removed;
    names_dirty_ = true;
    if (const auto file = files_.find(number); file != files_.end()) {
      disk_.close(file->second.handle);
      files_.erase(file);
    }
    const std::scoped_lock lock(mutex_);
    usage_.erase(number);
  }
  return {};
}

void KeyTable::forget_destroyed() {
  std::vector<std::uint64_t> numbers;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [number, usage] : usage_) {
      if (usage.live != 0) numbers.push_back(number);
    }
  }
  for (const std::uint64_t number : numbers) {
    const auto bytes = bytes_of(number);
    if (!bytes && bytes.error() != ENOENT) continue;
    const std::scoped_lock lock(mutex_);
    const KeyId end = (number + 1) * kEntriesPerFile;
    for (KeyId id = number * kEntriesPerFile; id < end; ++id) {
      const std::uint64_t index = id % kEntriesPerFile;
      if (!keys_.contains(id) || created_.contains(id)) continue;
      const bool there = bytes && index < bytes->size() / kEntryBytes;
      if (!bytes || (there && key_use_in(entry_at(*bytes, index), id) == KeyUse::Destroyed)) forget(id);
    }
  }
}

Io<void> KeyTable::sync() {
  const std::scoped_lock disk_lock(disk_mutex_);
  if (role_ != Role::Creates) {
    if (const auto done = sync_destroyed(); !done) return done;
  }
  if (role_ != Role::Destroys) {
    if (const auto done = sync_created(); !done) return done;
  }
  close_files();
  if (role_ == Role::Creates && ++syncs_ % kForgetEvery == 0) forget_destroyed();
  return {};
}

}  // namespace tapestry::spool
