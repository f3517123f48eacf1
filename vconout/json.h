#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/time.h"

// The vCon as a tree while it is built; members keep the order in which they were added.
namespace tapestry::vconout {

using Json = nlohmann::ordered_json;

/// Adds a member with valid UTF-8 unless `value` is empty.
void add_text(Json& object, const char* name, std::string_view value);
/// Adds a member unless it is zero.
void add_count(Json& object, const char* name, std::uint64_t value);
/// Seconds to the microsecond, as long as the dates beside them.
double json_seconds(Duration duration);

}  // namespace tapestry::vconout
