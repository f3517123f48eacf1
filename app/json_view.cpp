#include "app/json_view.h"

#include <algorithm>

namespace tapestry::app {

const Json& list(const Json& object, const char* key) {
  static const Json kEmpty = Json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : kEmpty;
}

const Json& child(const Json& object, const char* key) {
  static const Json kEmpty = Json::object();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_object() ? *found : kEmpty;
}

std::string raw(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

double number(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_number()) return 0;
  return std::clamp(found->get<double>(), 0.0, kLongest);
}

std::optional<std::size_t> index_of(const Json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::size_t>();
}

std::optional<std::size_t> index_of(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? index_of(*found) : std::nullopt;
}

std::optional<Time> time_of(const Json& object, const char* key) { return from_rfc3339(raw(object, key)); }

double offset_of(const Json& object, const char* key, Time start) {
  const auto time = time_of(object, key);
  if (!time) return 0;
  // As numbers: the difference of two hostile times need not fit a Duration.
  return std::clamp(to_seconds(time->time_since_epoch()) - to_seconds(start.time_since_epoch()), -kLongest, kLongest);
}

Time later(Time start, double seconds) {
  const Duration step = from_seconds(seconds);
  const bool fits = step.count() >= 0 ? start <= Time::max() - step : start >= Time::min() - step;
  return fits ? start + step : start;
}

}  // namespace tapestry::app
