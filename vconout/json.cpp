#include "vconout/json.h"

#include <cmath>

#include "vconout/utf8.h"

namespace tapestry::vconout {

void add_text(Json& object, const char* name, std::string_view value) {
  if (!value.empty()) object[name] = to_utf8(value);
}

void add_count(Json& object, const char* name, std::uint64_t value) {
  if (value != 0) object[name] = value;
}

double json_seconds(Duration duration) { return std::round(to_seconds(duration) * 1e6) / 1e6; }

}  // namespace tapestry::vconout
