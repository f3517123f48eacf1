#pragma once
#include <string>
#include <vector>

#include "calls/call.h"
#include "calls/roles.h"

// What only two whole calls tell of each other.
namespace tapestry::calls {

/// Numbers and names that a call's INVITE tells of caller and called, in the form of identity_of; each once.
std::vector<std::string> identities_told(const Call& call);

/// How sure it is, of 100, that one host answered `first` and placed `second` for it: 50 when hosts and order of time
/// allow it (the second INVITE comes within 5 s, from and to another host), and 10 for each of: same caller, same
/// called, answers (or failures) within 1.5 s, ends within 1.5 s. 0 when it cannot be.
int closeness(const Call& first, const Call& second);

/// Whether an end is a person's phone: by the [[party]] table, or by registration or number.
bool is_phone(const Standing& standing) noexcept;

/// Whether the end that calls itself a conference (Call::focus) is a host of its own, not somebody's phone that mixes:
/// that says so later, when its second call is there (RFC 4579 §5.10), and is still a party.
bool is_conference(const Call& call, const Standing& focus) noexcept;

/// A phone has an end of both calls, and for two seconds or more neither is held while it sends and receives on both:
/// it mixes them (without signalling, RFC 4353 §5.5). Linear in the product of their claims.
bool is_mixed(const Call& one, Side at_one, const Call& another, Side at_another);

/// A phone has an end of both calls, pages in both at once (the others may only listen), and says the same: `forked`,
/// or both descriptions name one multicast group (RFC 3264 §5.2). Linear in the product of their claims.
bool is_page(const Call& one, Side at_one, const Call& another, Side at_another, bool forked);

/// The phone placed `call` while it held `held`, or just before it did.
bool is_consultation(const Call& held, Side at_held, const Call& call, Side at_call);

}  // namespace tapestry::calls
