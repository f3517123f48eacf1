#include "calls/registrations.h"

#include <algorithm>
#include <charconv>

#include "calls/identity.h"
#include "calls/notified.h"
#include "calls/signalling.h"
#include "sipparse/address.h"

namespace tapestry::calls {
namespace {

/// Of a contact that names none (RFC 3261 §10.2.1.1), and the most that is believed.
constexpr std::int64_t kUsualExpires = 3600;
constexpr std::int64_t kMostExpires = 7 * 86'400;

std::string_view without_scheme(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  return colon == std::string_view::npos ? uri : uri.substr(colon + 1);
}

std::string record_of(std::string_view uri) {
  const auto parsed = sip::parse_uri(uri);
  return parsed ? sip::address_of_record(*parsed) : std::string();
}

std::optional<std::int64_t> seconds_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data() || value < 0) return std::nullopt;
  return std::min(value, kMostExpires);
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

void Registrations::know(std::string key) {
  if (known_.size() < kMaxKnown || known_.contains(key)) {
    known_.insert(std::move(key));
  } else {
    ++refused_;
  }
}

void Registrations::drop_expired(Time time) {
  for (auto at = bindings_.begin(); at != bindings_.end();) {
    std::erase_if(at->second, [time](const Binding& one) { return one.until < time; });
    at = at->second.empty() ? bindings_.erase(at) : std::next(at);
  }
  for (auto at = contacts_.begin(); at != contacts_.end();) {
    std::erase_if(at->second, [this](const std::string& one) { return !bindings_.contains(one); });
    at = at->second.empty() ? contacts_.erase(at) : std::next(at);
  }
}

void Registrations::bind(const std::string& aor, std::string_view contact, Time time, Duration expires) {
  if (aor.empty() || contact.empty() || contact == aor) return;
  auto have = bindings_.find(contact);
  if (have == bindings_.end()) {
    if (bindings_.size() >= kMaxBindings) drop_expired(time);
    if (bindings_.size() >= kMaxBindings) {
      ++refused_;
      return;
    }
    have = bindings_.emplace(contact, std::vector<Binding>()).first;
  }
  std::vector<Binding>& list = have->second;
  auto& contacts = contacts_[aor];
  if (std::ranges::find(contacts, contact) == contacts.end()) {
    if (contacts.size() >= kMaxContacts) contacts.erase(contacts.begin());
    contacts.emplace_back(contact);
  }
  for (Binding& one : list) {
    if (one.aor != aor || one.until < time) continue;
    one.until = time + expires;
    return;
  }
  if (list.size() >= kMaxContacts) list.erase(list.begin());
  list.push_back({aor, time, time + expires});
}

void Registrations::unbind(const std::string& aor, std::string_view contact, Time time) {
  const auto have = bindings_.find(contact);
  if (have == bindings_.end()) return;
  for (Binding& one : have->second) {
    if (one.aor == aor) one.until = std::min(one.until, time);
  }
}

void Registrations::keep_only(const std::string& aor, const std::vector<std::string>& kept, Time time) {
  const auto have = contacts_.find(aor);
  if (have == contacts_.end()) return;
  for (const std::string& contact : have->second) {
    if (std::ranges::find(kept, contact) == kept.end()) unbind(aor, contact, time);
  }
  std::erase_if(have->second,
                [&kept](const std::string& contact) { return std::ranges::find(kept, contact) == kept.end(); });
}

void Registrations::ask(Asked asked) {
  if (asked_.size() == kMaxAsked) asked_.pop_front();
  asked_.push_back(std::move(asked));
}

bool Registrations::on_message(const sip::Message& message, const MessageInfo& info) {
  if (message.method == "REGISTER") {
    if (message.request) {
      ask({std::string(message.call_id), message.cseq, info.source.ip, info.destination.ip});
    } else if (message.status / 100 == 2) {
      on_answer(message, info);
    }
    return true;
  }
  if (message.request && message.method == "SUBSCRIBE") {
    if (!sip::starts_with_ignore_case(message.value(sip::HeaderName::Event), "reg")) return false;
    ask({std::string(message.call_id), 0, info.source.ip, info.destination.ip});
    return true;
  }
  const std::string_view told = notified(message, "application/reginfo+xml");
  if (told.empty()) return false;
  const Asked subscribed{std::string(message.call_id), 0, info.destination.ip, info.source.ip};
  const bool believed = std::ranges::find(registrars_, info.source.ip) != registrars_.end() ||
                        std::ranges::find(asked_, subscribed) != asked_.end();
  const auto document = believed ? sip::parse_reg_info(told) : std::nullopt;
  if (document) on_package(*document, message.call_id, info.time);
  return true;
}

void Registrations::on_answer(const sip::Message& response, const MessageInfo& info) {
  const Asked asked{std::string(response.call_id), response.cseq, info.destination.ip, info.source.ip};
  const auto found = std::ranges::find(asked_, asked);
  if (found == asked_.end()) return;
  asked_.erase(found);
  const bool known = std::ranges::find(registrars_, asked.registrar) != registrars_.end();
  if (!known && registrars_.size() < kMaxRegistrars) registrars_.push_back(asked.registrar);
  accept(response, asked.phone, info.time);
}

void Registrations::accept(const sip::Message& response, const IpAddress& phone, Time time) {
  const std::string aor = uri_of(response.value(sip::HeaderName::To));
  if (aor.empty()) return;
  know(std::string(without_scheme(aor)));
  know(std::string(user_of(aor)) + "@" + phone.to_string());
  const auto usual = seconds_in(response.value(sip::HeaderName::Expires)).value_or(kUsualExpires);
  std::vector<std::string> kept;
  for (const sip::Header& header : response.headers) {
    if (header.name != sip::HeaderName::Contact) continue;
    for (const std::string_view value : sip::split_list(header.value)) {
      const auto address = sip::parse_name_address(value);
      if (!address || !address->uri || kept.size() >= kMaxContacts * 3) continue;
      const auto own = sip::parameter(address->parameters, "expires");
      const Duration expires = std::chrono::seconds(own ? seconds_in(*own).value_or(usual) : usual);
      const auto add = [&](std::string contact) {
        if (contact.empty() || expires == Duration(0)) return;
        bind(aor, contact, time, expires);
        kept.push_back(std::move(contact));
      };
      add(sip::address_of_record(*address->uri));
      for (const char* gruu : {"pub-gruu", "temp-gruu"}) {
        if (const auto uri = sip::parameter(address->parameters, gruu)) add(record_of(unquoted(*uri)));
      }
    }
  }
  keep_only(aor, kept, time);
}

void Registrations::apply(const sip::RegInfoRecord& record, bool full, Time time) {
  const std::string aor = record_of(record.aor);
  if (aor.empty()) return;
  if (record.state == "active") know(std::string(without_scheme(aor)));
  std::vector<std::string> kept;
  for (const sip::RegInfoContact& contact : record.contacts) {
    const bool active = contact.state == "active" && record.state != "terminated";
    const Duration expires = std::chrono::seconds(seconds_in(contact.expires).value_or(kUsualExpires));
    for (const std::string* uri : {&contact.uri, &contact.pub_gruu, &contact.temp_gruu}) {
      const std::string where = record_of(*uri);
      if (where.empty()) continue;
      if (!active) {
        unbind(aor, where, time);
        continue;
      }
      bind(aor, where, time, expires);
      kept.push_back(where);
    }
    const auto parsed = sip::parse_uri(contact.uri);
    const auto host = parsed ? IpAddress::parse(parsed->host) : std::nullopt;
    if (active && host) know(std::string(user_of(aor)) + "@" + host->to_string());
  }
  if (full || record.state == "terminated") keep_only(aor, kept, time);
}

void Registrations::on_package(const sip::RegInfo& document, std::string_view subscription, Time time) {
  std::uint64_t version = 0;
  const std::string& text = document.version;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error == std::errc() && end == text.data() + text.size()) {
    const auto have = versions_.find(subscription);
    if (have != versions_.end()) {
      if (version <= have->second) return;
      have->second = version;
    } else {
      versions_.emplace(subscription, version);
      subscriptions_.emplace_back(subscription);
      if (subscriptions_.size() > kMaxSubscriptions) {
        versions_.erase(subscriptions_.front());
        subscriptions_.pop_front();
      }
    }
  }
  for (const sip::RegInfoRecord& record : document.records) apply(record, document.state != "partial", time);
}

bool Registrations::has(std::string_view uri, const std::vector<IpAddress>& addresses) const {
  if (known_.empty() || uri.empty()) return false;
  if (known_.contains(without_scheme(uri))) return true;
  const std::string user(user_of(uri));
  return !user.empty() && std::any_of(addresses.begin(), addresses.end(), [&](const IpAddress& ip) {
    return known_.contains(user + "@" + ip.to_string());
  });
}

std::optional<std::string_view> Registrations::bound_to(std::string_view contact, Time time) const {
  const auto have = bindings_.find(contact);
  if (have == bindings_.end()) return std::nullopt;
  std::optional<std::string_view> found;
  for (const Binding& one : have->second) {
    if (time < one.since || one.until < time || found == one.aor) continue;
    if (found) return std::nullopt;
    found = one.aor;
  }
  return found;
}

}  // namespace tapestry::calls
