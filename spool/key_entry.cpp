#include "spool/key_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <system_error>

#include "core/crc32c.h"
#include "spool/cipher.h"

namespace tapestry::spool {
namespace {

constexpr std::uint32_t kMagic = 0x4b505354;  // TSPK
constexpr std::string_view kPrefix = "keys-";
constexpr std::size_t kListHead = 8;

/// As it stands on disk, in the machine's byte order.
struct Stored {
  std::uint32_t magic = kMagic;
  std::uint32_t crc = 0;
  std::uint32_t use = 0;
  std::uint32_t reserved = 0;
  std::uint64_t id = 0;
  Nonce nonce{};
  std::array<std::uint8_t, 4> reserved_too{};
  std::array<std::uint8_t, kKeyBytes> wrapped{};
  Tag tag{};
};
static_assert(sizeof(Stored) <= kKeyEntryBytes);

std::uint32_t crc_of(Stored stored) {
  stored.crc = 0;
  std::array<std::uint8_t, sizeof(Stored)> bytes{};
  store(std::span(bytes), stored);
  return crc32c(bytes);
}

std::array<std::uint8_t, sizeof(KeyId)> beside(KeyId id) {
  std::array<std::uint8_t, sizeof(KeyId)> bytes{};
  store(std::span(bytes), id);
  return bytes;
}

}  // namespace

std::string key_file_name(std::uint64_t number) { return fmt::format("{}{:010}", kPrefix, number); }

std::optional<std::uint64_t> key_file_number(std::string_view name) noexcept {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

std::vector<std::uint8_t> key_entry(KeyId id, const Secret* key, const Secret& master) {
  Stored stored{.use = static_cast<std::uint32_t>(key == nullptr ? KeyUse::Destroyed : KeyUse::Live), .id = id};
  if (key != nullptr) {
    fill_random(stored.nonce);
    std::ranges::copy(key->bytes(), stored.wrapped.begin());
    stored.tag = seal(master, stored.nonce, beside(id), stored.wrapped, stored.wrapped);
  }
  stored.crc = crc_of(stored);
  std::vector<std::uint8_t> bytes(kKeyEntryBytes);
  store(std::span(bytes), stored);
  return bytes;
}

KeyUse key_use_in(Bytes entry, KeyId id) noexcept {
  if (entry.size() < kKeyEntryBytes) return KeyUse::None;
  const auto stored = load<Stored>(entry);
  if (stored.magic != kMagic || stored.id != id || stored.crc != crc_of(stored)) return KeyUse::None;
  return stored.use == static_cast<std::uint32_t>(KeyUse::Live) ? KeyUse::Live : KeyUse::Destroyed;
}

Secret key_in(Bytes entry, KeyId id, const Secret& master) {
  const auto stored = load<Stored>(entry);
  std::array<std::uint8_t, kKeyBytes> key = stored.wrapped;
  const bool good = unseal(master, stored.nonce, beside(id), stored.tag, key);
  if (!good) throw std::runtime_error("spool: its keys were wrapped by another master key");
  Secret secret{Bytes(key)};
  wipe(key);
  return secret;
}

std::vector<std::uint8_t> doomed_list(const std::vector<KeyId>& ids) {
  std::vector<std::uint8_t> bytes(kListHead + ids.size() * sizeof(KeyId));
  for (std::size_t n = 0; n < ids.size(); ++n) {
    store(std::span(bytes).subspan(kListHead + n * sizeof(KeyId)), ids[n]);
  }
  store(std::span(bytes), static_cast<std::uint32_t>(ids.size()));
  store(std::span(bytes).subspan(4), crc32c(Bytes(bytes).subspan(kListHead)));
  return bytes;
}

std::vector<KeyId> doomed_in(Bytes list) {
  if (list.size() < kListHead) return {};
  const std::size_t length = std::size_t{load<std::uint32_t>(list)} * sizeof(KeyId);
  const Bytes ids = list.subspan(kListHead);
  if (length > ids.size() || crc32c(ids.first(length)) != load<std::uint32_t>(list.subspan(4))) return {};
  std::vector<KeyId> doomed;
  for (std::size_t at = 0; at < length; at += sizeof(KeyId)) doomed.push_back(load<KeyId>(ids.subspan(at)));
  return doomed;
}

}  // namespace tapestry::spool
