#include "tls/suite.h"

#include <algorithm>
#include <array>

namespace tapestry::tls {
namespace {

struct Row {
  std::uint16_t number;
  Cipher cipher;
  Digest digest;
};

using enum Cipher;
using enum Digest;

constexpr std::array kAead{
    Row{0x009C, Aes128Gcm, Sha256},        Row{0x009D, Aes256Gcm, Sha384},         // RSA
    Row{0x009E, Aes128Gcm, Sha256},        Row{0x009F, Aes256Gcm, Sha384},         // DHE_RSA
    Row{0x00A2, Aes128Gcm, Sha256},        Row{0x00A3, Aes256Gcm, Sha384},         // DHE_DSS
    Row{0x00A8, Aes128Gcm, Sha256},        Row{0x00A9, Aes256Gcm, Sha384},         // PSK
    Row{0x00AA, Aes128Gcm, Sha256},        Row{0x00AB, Aes256Gcm, Sha384},         // DHE_PSK
    Row{0x1301, Aes128Gcm, Sha256},        Row{0x1302, Aes256Gcm, Sha384},         // TLS 1.3
    Row{0x1303, ChaCha20Poly1305, Sha256},                                         // TLS 1.3
    Row{0xC02B, Aes128Gcm, Sha256},        Row{0xC02C, Aes256Gcm, Sha384},         // ECDHE_ECDSA
    Row{0xC02F, Aes128Gcm, Sha256},        Row{0xC030, Aes256Gcm, Sha384},         // ECDHE_RSA
    Row{0xCCA8, ChaCha20Poly1305, Sha256}, Row{0xCCA9, ChaCha20Poly1305, Sha256},  // ECDHE_RSA, ECDHE_ECDSA
    Row{0xCCAA, ChaCha20Poly1305, Sha256}, Row{0xCCAB, ChaCha20Poly1305, Sha256},  // DHE_RSA, PSK
    Row{0xCCAC, ChaCha20Poly1305, Sha256}, Row{0xCCAD, ChaCha20Poly1305, Sha256},  // ECDHE_PSK, DHE_PSK
    Row{0xD001, Aes128Gcm, Sha256},        Row{0xD002, Aes256Gcm, Sha384},         // ECDHE_PSK
};

/// AES in CBC mode with HMAC-SHA-1 or HMAC-SHA-256.
constexpr std::array<std::uint16_t, 26> kCbc{0x002F, 0x0032, 0x0033, 0x0035, 0x0038, 0x0039, 0x003C, 0x003D, 0x0040,
                                             0x0067, 0x006A, 0x006B, 0x008C, 0x008D, 0x00AE, 0xC004, 0xC005, 0xC009,
                                             0xC00A, 0xC00E, 0xC00F, 0xC013, 0xC014, 0xC023, 0xC027, 0xC029};
/// AES in CBC mode with HMAC-SHA-384.
constexpr std::array<std::uint16_t, 8> kCbcSha384{0x00AF, 0x00B3, 0x00B7, 0xC024, 0xC026, 0xC028, 0xC02A, 0xC038};

template <std::size_t kCount>
bool is_in(const std::array<std::uint16_t, kCount>& list, std::uint16_t number) noexcept {
  return std::ranges::find(list, number) != list.end();
}

}  // namespace

Suite suite_of(std::uint16_t number) noexcept {
  const auto row = std::ranges::find(kAead, number, &Row::number);
  if (row != kAead.end()) return {SuiteKind::Aead, row->cipher, row->digest};
  if (is_in(kCbcSha384, number)) return {.kind = SuiteKind::Cbc, .digest = Sha384};
  if (is_in(kCbc, number)) return {.kind = SuiteKind::Cbc};
  return {};
}

}  // namespace tapestry::tls
