#include "tests/bench/stream_seconds.h"

#include <cstring>
#include <stdexcept>

namespace tapestry::bench {
namespace {

constexpr std::size_t kStreams = 1U << 15U;  // a table of so many, so of fewer streams
constexpr std::size_t kRoom = 1U << 14U;     // for a stream's second
constexpr std::uint32_t kSecond = 50;
constexpr std::size_t kPortsAt = 34;
constexpr std::size_t kRtpAt = 42;
constexpr std::size_t kSsrcAt = kRtpAt + 8;

std::uint32_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, &bytes[at], sizeof value);
  return value;
}

}  // namespace

StreamSeconds::StreamSeconds() : streams_(kStreams), cipher_(EVP_CIPHER_CTX_new()) {
  const std::array<std::uint8_t, 32> key{};
  if (!cipher_ || EVP_EncryptInit_ex(cipher_.get(), EVP_aes_256_gcm(), nullptr, key.data(), nullptr) != 1)
    throw std::runtime_error("no AES-256-GCM");
}

StreamSeconds::Stream& StreamSeconds::stream_of(std::uint64_t key) {
  std::size_t at = key * 0x9e3779b97f4a7c15U >> 49U;
  while (streams_[at].key != key && streams_[at].key != 0) at = (at + 1) % kStreams;
  if (streams_[at].key == 0) {
    streams_[at].key = key;
    streams_[at].bytes.reserve(kRoom);
  }
  return streams_[at];
}

void StreamSeconds::seal(std::span<std::uint8_t> bytes) {
  std::array<std::uint8_t, 12> nonce{};
  std::memcpy(nonce.data(), &++sealed_, sizeof sealed_);
  std::array<std::uint8_t, 16> tag{};
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, nonce.data()) == 1 &&
      EVP_EncryptUpdate(cipher_.get(), bytes.data(), &length, bytes.data(), static_cast<int>(bytes.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher_.get(), tag.data(), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag.size()), tag.data()) == 1;
  if (!done) throw std::runtime_error("AES-256-GCM failed");
}

void StreamSeconds::add(std::span<const std::uint8_t> frame) {
  if (frame.size() < kRtpAt + 12 || frame[kRtpAt] != 0x80) return;
  Stream& stream = stream_of(std::uint64_t{word(frame, kPortsAt)} << 32U | word(frame, kSsrcAt));
  const std::span<const std::uint8_t> packet = frame.subspan(kRtpAt);
  if (stream.bytes.size() + packet.size() <= kRoom)
    stream.bytes.insert(stream.bytes.end(), packet.begin(), packet.end());
  if (++stream.packets < kSecond) return;
  seal(stream.bytes);
  stream.bytes.clear();
  stream.packets = 0;
}

}  // namespace tapestry::bench
