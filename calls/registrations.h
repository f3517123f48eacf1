#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "calls/correlator.h"
#include "core/address.h"
#include "core/hash.h"
#include "core/time.h"
#include "sipparse/message.h"
#include "sipparse/reg_info.h"

namespace tapestry::calls {

/// Who registered, and where (RFC 3261 §10, and RFC 3680's reginfo): addresses of record, with and without the host
/// that they registered from, and the contacts that they were bound to while that held. Bounded: when it is full, what
/// is new is not added, and counted. Correlator's thread only.
class Registrations {
 public:
  /// Bounds: addresses of record (each with a host counts as another), contacts that are bound, contacts of one address
  /// of record, and subscriptions whose version is known (the oldest is forgotten).
  static constexpr std::size_t kMaxKnown = 200'000;
  static constexpr std::size_t kMaxBindings = 200'000;
  static constexpr std::size_t kMaxContacts = 16;
  static constexpr std::size_t kMaxSubscriptions = 10'000;
  static constexpr std::size_t kMaxAsked = 1024;      ///< requests that wait, the oldest are forgotten
  static constexpr std::size_t kMaxRegistrars = 256;  ///< hosts that accepted a REGISTER

  /// Takes a REGISTER and what answers it, a SUBSCRIBE to the registration package, and a NOTIFY of it; false for any
  /// other message. Nobody registers by saying so: a 2xx counts when it goes back on the way of a request that was
  /// seen, and lists all contacts that are bound now; a NOTIFY counts when it comes from a host that has accepted a
  /// REGISTER, or that was subscribed to in its dialog. Its version must be above the subscription's last.
  bool on_message(const sip::Message& message, const MessageInfo& info);
  /// Whether `uri` (address of record) registered, or its user did from one of `addresses`.
  [[nodiscard]] bool has(std::string_view uri, const std::vector<IpAddress>& addresses) const;
  /// The one address of record that `contact` (a contact's or GRUU's address of record) was bound to at that time;
  /// nothing when it was to none or to several. A view of the table, until its next message.
  [[nodiscard]] std::optional<std::string_view> bound_to(std::string_view contact, Time time) const;
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  /// A request whose answer, or whose NOTIFYs, count.
  struct Asked {
    std::string call_id;
    std::uint32_t cseq = 0;  ///< 0: a SUBSCRIBE
    IpAddress phone;
    IpAddress registrar;
    friend bool operator==(const Asked&, const Asked&) = default;
  };
  /// A contact of an address of record; it holds from `since` until `until`.
  struct Binding {
    std::string aor;
    Time since;
    Time until;
  };
  using Bindings = std::unordered_map<std::string, std::vector<Binding>, TextHash, std::equal_to<>>;

  void ask(Asked asked);
  void on_answer(const sip::Message& response, const MessageInfo& info);
  void accept(const sip::Message& response, const IpAddress& phone, Time time);
  void on_package(const sip::RegInfo& document, std::string_view subscription, Time time);
  void know(std::string key);
  void bind(const std::string& aor, std::string_view contact, Time time, Duration expires);
  void unbind(const std::string& aor, std::string_view contact, Time time);
  /// Ends all of the address of record's bindings but those in `kept`.
  void keep_only(const std::string& aor, const std::vector<std::string>& kept, Time time);
  void drop_expired(Time time);
  void apply(const sip::RegInfoRecord& record, bool full, Time time);

  std::deque<Asked> asked_;            ///< at most kMaxAsked, oldest first
  std::vector<IpAddress> registrars_;  ///< at most kMaxRegistrars
  std::unordered_set<std::string, TextHash, std::equal_to<>> known_;
  Bindings bindings_;                                                                              ///< by contact
  std::unordered_map<std::string, std::vector<std::string>, TextHash, std::equal_to<>> contacts_;  ///< by aor
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> versions_;             ///< by subscription
  std::deque<std::string> subscriptions_;  ///< keys of versions_
  std::uint64_t refused_ = 0;
};

}  // namespace tapestry::calls
