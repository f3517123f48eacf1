#include "core/shared_library.h"

#include <dlfcn.h>

#include <stdexcept>

namespace tapestry {
namespace {

std::string last_error() {
  const char* const text = dlerror();
  return text == nullptr ? "unknown error" : text;
}

}  // namespace

// Never closed: libraries of FFmpeg's size leave threads and exit handlers behind.
SharedLibrary::SharedLibrary(const char* name) : name_(name), handle_(dlopen(name, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw std::runtime_error("cannot load " + name_ + ": " + last_error());
}

SharedLibrary::Function SharedLibrary::find(const char* name) const {
  void* const address = dlsym(handle_, name);
  if (address == nullptr) throw std::runtime_error(name_ + " has no " + name + ": " + last_error());
  return Function(address);
}

}  // namespace tapestry
