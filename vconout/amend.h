#pragma once
#include <string>
#include <string_view>

namespace tapestry::vconout {

/// The unsigned vCon `addition` as an amended version of `earlier` (core-04 §4.1.8): all of the earlier one first, then
/// what came later, with `amended` naming the earlier one. Parties of one address are made one. A vCon that is redacted
/// keeps that instead, for it may not be both, and an attachment `amended-vcon` names the earlier one. Nothing of
/// `addition` is lost when `earlier` is no vCon: then it comes back as it is.
std::string amend(std::string_view earlier, const std::string& addition);

}  // namespace tapestry::vconout
