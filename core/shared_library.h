#pragma once
#include <bit>
#include <string>
#include <type_traits>

namespace tapestry {

/// A shared library that is loaded when it is first needed: for one that takes long to load and is seldom needed.
/// Once loaded it stays until the process ends. Any thread.
class SharedLibrary {
 public:
  /// `name` as the dynamic linker knows it: `libavcodec.so.59`. Throws std::runtime_error when it cannot be loaded.
  explicit SharedLibrary(const char* name);

  /// A function whose type is taken from what it is assigned to.
  class Function {
   public:
    template <class Type>
      requires std::is_function_v<Type>
    operator Type*() const noexcept {  // NOLINT(google-explicit-constructor): `decltype(::f)* f = library.find("f")`
      return std::bit_cast<Type*>(address_);
    }

   private:
    friend class SharedLibrary;
    explicit Function(void* address) : address_(address) {}
    void* address_;
  };
  /// Throws std::runtime_error when there is none of that name.
  [[nodiscard]] Function find(const char* name) const;

 private:
  std::string name_;
  void* handle_;
};

}  // namespace tapestry
