#include "core/shared_library.h"

#include <catch2/catch.hpp>
#include <cmath>

using tapestry::SharedLibrary;

TEST_CASE("a function of a library that is loaded late can be called") {
  const SharedLibrary library("libm.so.6");
  double (*const floor_of)(double) = library.find("floor");
  CHECK(floor_of(2.5) == 2.0);
}

TEST_CASE("a library that is not there is named in the error") {
  CHECK_THROWS_WITH(SharedLibrary("libtapestry-absent.so.1"), Catch::Contains("libtapestry-absent.so.1"));
}

TEST_CASE("a function that is not there is named in the error") {
  const SharedLibrary library("libm.so.6");
  CHECK_THROWS_WITH(library.find("tapestry_absent"), Catch::Contains("tapestry_absent"));
}
