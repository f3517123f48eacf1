#include <malloc.h>

#include <iostream>

#include "app/cli.h"
#include "app/process.h"

int main(int argc, char** argv) {
  if (!tapestry::app::keep_memory_private()) std::cerr << "tapestry: warning: core dumps cannot be switched off\n";
  // Each recording takes and frees the same buffers: without these glibc gives them back to the system in between, and
  // all their pages are cleared again.
  constexpr int kKept = 32 << 20;
  (void)mallopt(M_TRIM_THRESHOLD, kKept);
  (void)mallopt(M_MMAP_THRESHOLD, kKept);
  std::ios::sync_with_stdio(false);
  return tapestry::app::run_program(argc, argv, std::cout, std::cerr);
}
