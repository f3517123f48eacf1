#pragma once
#include <string>

#include "core/bytes.h"

namespace tapestry::vconout {

/// Two lower-case hexadecimal digits for each byte.
std::string hex(Bytes bytes);

}  // namespace tapestry::vconout
