#include "sipparse/header_name.h"

#include <algorithm>
#include <array>

#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

struct Entry {
  std::string_view text;
  HeaderName name;
};

constexpr std::size_t kLongest = 20;

constexpr auto kEntries = [] {
  using enum HeaderName;
  auto entries = std::to_array<Entry>({
      {"b", ReferredBy},
      {"c", ContentType},
      {"e", ContentEncoding},
      {"f", From},
      {"i", CallId},
      {"k", Supported},
      {"l", ContentLength},
      {"m", Contact},
      {"o", Event},
      {"r", ReferTo},
      {"s", Subject},
      {"t", To},
      {"v", Via},
      {"x", SessionExpires},
      {"y", Identity},
      {"to", To},
      {"via", Via},
      {"cseq", CSeq},
      {"date", Date},
      {"from", From},
      {"join", Join},
      {"rack", RAck},
      {"rseq", RSeq},
      {"allow", Allow},
      {"event", Event},
      {"route", Route},
      {"reason", Reason},
      {"server", Server},
      {"call-id", CallId},
      {"contact", Contact},
      {"expires", Expires},
      {"require", Require},
      {"subject", Subject},
      {"warning", Warning},
      {"identity", Identity},
      {"refer-to", ReferTo},
      {"replaces", Replaces},
      {"call-info", CallInfo},
      {"diversion", Diversion},
      {"refer-sub", ReferSub},
      {"supported", Supported},
      {"timestamp", Timestamp},
      {"session-id", SessionId},
      {"user-agent", UserAgent},
      {"min-expires", MinExpires},
      {"referred-by", ReferredBy},
      {"retry-after", RetryAfter},
      {"unsupported", Unsupported},
      {"content-type", ContentType},
      {"history-info", HistoryInfo},
      {"max-forwards", MaxForwards},
      {"mime-version", MimeVersion},
      {"record-route", RecordRoute},
      {"user-to-user", UserToUser},
      {"authorization", Authorization},
      {"proxy-require", ProxyRequire},
      {"target-dialog", TargetDialog},
      {"content-length", ContentLength},
      {"remote-party-id", RemotePartyId},
      {"session-expires", SessionExpires},
      {"content-encoding", ContentEncoding},
      {"www-authenticate", WwwAuthenticate},
      {"content-disposition", ContentDisposition},
      {"p-asserted-identity", PAssertedIdentity},
      {"proxy-authenticate", ProxyAuthenticate},
      {"proxy-authorization", ProxyAuthorization},
      {"p-preferred-identity", PPreferredIdentity},
  });
  std::ranges::sort(entries, {}, [](const Entry& entry) { return entry.text.size(); });
  return entries;
}();

/// Where the names of each length begin.
constexpr auto kStarts = [] {
  std::array<std::size_t, kLongest + 2> starts{};
  for (std::size_t length = 0; length < starts.size(); ++length) {
    while (starts[length] < kEntries.size() && kEntries[starts[length]].text.size() < length) ++starts[length];
  }
  return starts;
}();
static_assert(kEntries.back().text.size() == kLongest);

}  // namespace

HeaderName header_name(std::string_view raw_name) noexcept {
  if (raw_name.empty() || raw_name.size() > kLongest) return HeaderName::Other;
  const char first = lower(raw_name.front());
  for (std::size_t at = kStarts[raw_name.size()]; at < kStarts[raw_name.size() + 1]; ++at) {
    if (kEntries[at].text.front() == first && equals_ignore_case(kEntries[at].text, raw_name)) return kEntries[at].name;
  }
  return HeaderName::Other;
}

std::string_view full_header_name(std::string_view raw_name) noexcept {
  if (raw_name.size() != 1) return raw_name;
  switch (lower(raw_name.front())) {
    case 'a':
      return "Accept-Contact";
    case 'd':
      return "Request-Disposition";
    case 'j':
      return "Reject-Contact";
    case 'n':
      return "Identity-Info";
    case 'u':
      return "Allow-Events";
    default:
      return raw_name;
  }
}

}  // namespace tapestry::sip
