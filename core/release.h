#pragma once

namespace tapestry {

/// Deleter of a std::unique_ptr to an object of a C library, which that library's `kFree` takes back:
/// `std::unique_ptr<X509, Release<X509_free>>`.
template <auto kFree>
struct Release {
  template <class T>
  void operator()(T* object) const noexcept {
    (void)kFree(object);
  }
};

}  // namespace tapestry
