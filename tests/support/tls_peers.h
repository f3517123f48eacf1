#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace tapestry::testing {

/// How two ends speak TLS.
struct TlsOptions {
  bool tls13 = true;
  bool datagrams = false;   ///< DTLS 1.2
  std::string suite{};      ///< OpenSSL's name of the one suite that both allow; empty: OpenSSL's choice
  std::string srtp{};       ///< DTLS: profiles for use_srtp, OpenSSL's names, `SRTP_AES128_CM_SHA1_80:...`
  bool retry = false;       ///< TLS 1.3: the server asks for another key share (HelloRetryRequest)
  std::size_t padding = 0;  ///< TLS 1.3: records are padded to a multiple of this
};

/// Two ends of OpenSSL's libssl with new keys of their own, in memory; what they send is kept.
class TlsPeers {
 public:
  /// What one end sent at once.
  struct Piece {
    bool up = false;  ///< from the client
    std::string bytes;
  };

  explicit TlsPeers(const TlsOptions& options = {});
  ~TlsPeers();
  TlsPeers(const TlsPeers&) = delete;
  TlsPeers& operator=(const TlsPeers&) = delete;

  /// Until both ends are done.
  void shake_hands();
  /// One end sends text; the other reads it.
  void send(bool up, std::string_view text);
  /// One end changes its keys and asks the other to do the same (TLS 1.3).
  void update_keys(bool up);
  /// Says goodbye.
  void close(bool up);

  [[nodiscard]] const std::vector<Piece>& pieces() const noexcept;
  /// All that one end sent.
  [[nodiscard]] std::string wire(bool up) const;
  /// In NSS format, as the client's library writes it.
  [[nodiscard]] const std::string& key_log() const noexcept;
  /// What the library itself exports (RFC 5705) under the label, at the client.
  [[nodiscard]] std::string exported(std::string_view label, std::size_t size) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::testing
