#include "app/huge_pages.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <cstdlib>

namespace tapestry::app {

void use_huge_pages(char** words) noexcept {
  // A program with capabilities of its own is told nothing by its environment.
  if (::getauxval(AT_SECURE) != 0 || std::getenv("GLIBC_TUNABLES") != nullptr) return;
  if (::setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1) == 0) (void)::execv("/proc/self/exe", words);
}

}  // namespace tapestry::app
