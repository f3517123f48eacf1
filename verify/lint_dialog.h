#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "verify/faults.h"
#include "verify/json.h"

namespace tapestry::verify {

/// How many parties, dialogs and attachments the vCon has: the ranges of its indices.
struct Sizes {
  std::size_t parties = 0;
  std::size_t dialogs = 0;
  std::size_t attachments = 0;
};

/// A `lint:` fault unless `value` is an integer below `size`.
void check_index(Json value, std::size_t size, std::string_view where, Faults& faults);
/// The same when `value` is there at all.
void check_optional_index(Json value, std::size_t size, std::string_view where, Faults& faults);
/// A `lint:` fault unless `value` is a date in normal form.
void check_date(Json value, std::string_view where, Faults& faults);

/// Lints one Dialog Object (vcon-core-04 §4.3); `where` is its path, `dialog/0`.
void check_dialog(Json dialog, const Sizes& sizes, const std::string& where, Faults& faults);

}  // namespace tapestry::verify
