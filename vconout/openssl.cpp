#include "vconout/openssl.h"

#include <openssl/err.h>

#include <stdexcept>

namespace tapestry::vconout::openssl {

void fail(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  throw std::runtime_error(reason == nullptr ? what : what + ": " + reason);
}

void require(bool good, const char* what) {
  if (!good) fail(what);
}

}  // namespace tapestry::vconout::openssl
