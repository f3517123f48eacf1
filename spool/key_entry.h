#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/secret.h"
#include "spool/record.h"

namespace tapestry::spool {

inline constexpr std::uint64_t kKeysPerFile = 16'384;
inline constexpr std::size_t kKeyEntryBytes = 128;

/// What an entry of a key file says.
enum class KeyUse : std::uint8_t { None, Live, Destroyed };

/// `keys-NNNNNNNNNN`, which holds the ids from `number` * kKeysPerFile on, kKeyEntryBytes each.
[[nodiscard]] std::string key_file_name(std::uint64_t number);
/// Nothing when it is the name of something else.
[[nodiscard]] std::optional<std::uint64_t> key_file_number(std::string_view name) noexcept;

/// The entry as it is written: `key` wrapped by `master`, or destroyed when it is null.
[[nodiscard]] std::vector<std::uint8_t> key_entry(KeyId id, const Secret* key, const Secret& master);
/// None when it is not a whole entry of that id.
[[nodiscard]] KeyUse key_use_in(Bytes entry, KeyId id) noexcept;
/// The key of a live entry. Throws std::runtime_error when another master key wrapped it.
[[nodiscard]] Secret key_in(Bytes entry, KeyId id, const Secret& master);

/// The list of what is being destroyed, with a checksum, and what is in it; nothing when it is not whole.
[[nodiscard]] std::vector<std::uint8_t> doomed_list(const std::vector<KeyId>& ids);
[[nodiscard]] std::vector<KeyId> doomed_in(Bytes list);

}  // namespace tapestry::spool
