#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/time.h"

// Reads members that may or may not be there, or be of another kind, from a vCon that anybody may have written. Nothing
// here throws.
namespace tapestry::app {

using Json = nlohmann::json;

inline constexpr double kLongest = 10.0 * 366 * 86'400;  ///< no conversation is longer; keeps times in range. Seconds

/// The list under `key`; an empty one that lasts when there is none.
const Json& list(const Json& object, const char* key);
/// The object under `key`; an empty one that lasts when there is none.
const Json& child(const Json& object, const char* key);
/// The text under `key` as it is: not to be printed before printable(). Empty when there is none.
std::string raw(const Json& object, const char* key);
/// The number under `key`, from 0 to kLongest; 0 when there is none.
double number(const Json& object, const char* key);
std::optional<std::size_t> index_of(const Json& value);
/// The index under `key`.
std::optional<std::size_t> index_of(const Json& object, const char* key);
std::optional<Time> time_of(const Json& object, const char* key);
/// Seconds from `start` to the time under `key`, from -kLongest to kLongest; 0 when there is none.
double offset_of(const Json& object, const char* key, Time start);
/// `start` itself where the sum has no time.
Time later(Time start, double seconds);

}  // namespace tapestry::app
