#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/bytes.h"
#include "core/secret.h"

namespace tapestry::spool {

inline constexpr std::size_t kKeyBytes = 32;
using Nonce = std::array<std::uint8_t, 12>;
using Tag = std::array<std::uint8_t, 16>;

/// Encrypts `plain` to `sealed`, of one size and maybe the same bytes, with AES-256-GCM (NIST SP 800-38D); the tag also
/// covers `beside`. A nonce must never come twice with one key. Any thread. Throws std::runtime_error when OpenSSL
/// fails.
[[nodiscard]] Tag seal(const Secret& key, const Nonce& nonce, Bytes beside, Bytes plain,
                       std::span<std::uint8_t> sealed);

/// Decrypts in place. False, and `bytes` are zeros, when the tag says that it is not what was sealed.
[[nodiscard]] bool unseal(const Secret& key, const Nonce& nonce, Bytes beside, const Tag& tag,
                          std::span<std::uint8_t> bytes);

/// What encrypt_sectors() encrypts at once: a change of one octet changes this much of a file.
inline constexpr std::size_t kSectorBytes = 512;

/// For a file that only who made it reads, at any place of it: AES-256-XTS (IEEE 1619) of whole sectors of
/// kSectorBytes, the first of them number `first`, from `plain` to `sealed`, which are of one size. Whoever changes the
/// file is not found out. Any thread. Throws std::runtime_error when OpenSSL fails.
void encrypt_sectors(const Secret& key, std::uint64_t first, Bytes plain, std::span<std::uint8_t> sealed);
/// The other way, in place.
void decrypt_sectors(const Secret& key, std::uint64_t first, std::span<std::uint8_t> bytes);
/// A key for these.
[[nodiscard]] Secret random_sector_key();

/// Fills `bytes` from OpenSSL's generator. Throws std::runtime_error when it fails.
void fill_random(std::span<std::uint8_t> bytes);
/// A key of kKeyBytes.
[[nodiscard]] Secret random_key();

}  // namespace tapestry::spool
