#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/address.h"
#include "core/counter.h"
#include "core/time.h"
#include "tls/crypto.h"
#include "tls/dtls_assembly.h"
#include "tls/key_log.h"
#include "tls/srtp_profile.h"

namespace tapestry::tls {

/// What a DTLS handshake agreed on for SRTP (RFC 5764 §4.2).
struct SrtpKeying {
  Endpoint client;
  Endpoint server;
  Time time{};               ///< of the ServerHello
  std::string_view profile;  ///< SrtpProfile::name
  Secret client_key;         ///< of what the client sends: master key, then master salt
  Secret server_key;
  std::vector<std::uint8_t> mki;  ///< usually empty
};

/// The DTLS handshakes of media, by the endpoints that they are between. Bounded: the longest idle go. One thread.
class DtlsTable {
 public:
  static constexpr std::size_t kMaxAssociations = 4096;
  using Use = std::function<void(const SrtpKeying&)>;

  /// `keys` outlives it; without it handshakes are counted.
  explicit DtlsTable(KeyLog* keys, Use use, std::size_t max_associations = kMaxAssociations)
      : keys_(keys), use_(std::move(use)), max_associations_(max_associations) {}

  /// One datagram for which may_be_dtls holds; false when it is none.
  bool add(Time time, const Endpoint& source, const Endpoint& destination, Bytes payload);
  /// Looks for the secrets of the handshakes that wait, if the key log has got any since. Call now and then.
  void retry(Time now);
  /// The capture is over: the last look. What still waits is counted.
  void finish();
  [[nodiscard]] Counters counters() const;

 private:
  struct Way {
    Endpoint low;
    Endpoint high;
    friend bool operator==(const Way&, const Way&) = default;
  };
  struct WayHash {
    std::size_t operator()(const Way& way) const noexcept;
  };
  struct Association {
    Way way;
    Endpoint client;
    std::optional<Random> client_random{};
    std::optional<Random> server_random{};
    Time time{};  ///< of the ServerHello
    Digest digest = Digest::Sha256;
    SrtpProfile profile;
    std::vector<std::uint8_t> mki;
    DtlsAssembly client_hello;
    DtlsAssembly server_hello;
    bool waiting = false;  ///< for its secret
  };
  using Associations = std::list<Association>;

  void take(Time time, const Endpoint& source, const Endpoint& destination, const DtlsFragment& fragment);
  Association& association_of(const Way& way);
  void take_client_hello(Association& association, const Endpoint& source, Bytes body);
  void take_server_hello(Association& association, const Endpoint& source, Time time, Bytes body);
  void try_keys(Association& association);
  void forget_oldest();

  KeyLog* keys_;
  Use use_;
  std::size_t max_associations_;
  Associations associations_;  ///< longest idle first
  std::unordered_map<Way, Associations::iterator, WayHash> by_way_;
  std::uint64_t tried_ = 0;  ///< generation of the key log when all that waits was tried last
  std::uint64_t handshakes_ = 0;
  std::uint64_t keyed_ = 0;
  std::uint64_t no_key_ = 0;
  std::uint64_t no_client_hello_ = 0;
  std::uint64_t no_srtp_ = 0;
  std::uint64_t unsupported_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace tapestry::tls
