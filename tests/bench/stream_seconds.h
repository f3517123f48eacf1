#pragma once
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tapestry::bench {

/// The least that a recorder does with a packet that it keeps: copies it to a buffer of its RTP stream, and encrypts
/// what that holds when it is a second of speech (50 packets of 20 ms), by AES-256-GCM, in its place. Nothing is
/// checked, delayed or written. Ethernet, IPv4 without options and UDP only. Throws std::runtime_error when OpenSSL
/// refuses.
class StreamSeconds {
 public:
  StreamSeconds();
  void add(std::span<const std::uint8_t> frame);
  [[nodiscard]] std::uint64_t sealed() const noexcept { return sealed_; }

 private:
  struct Stream {
    std::uint64_t key = 0;  ///< ports and SSRC
    std::uint32_t packets = 0;
    std::vector<std::uint8_t> bytes;
  };
  struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* cipher) const noexcept { EVP_CIPHER_CTX_free(cipher); }
  };
  Stream& stream_of(std::uint64_t key);
  void seal(std::span<std::uint8_t> bytes);

  std::vector<Stream> streams_;
  std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> cipher_;
  std::uint64_t sealed_ = 0;
};

}  // namespace tapestry::bench
