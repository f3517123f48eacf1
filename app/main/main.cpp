#include <malloc.h>

#include <iostream>
#include <string_view>

#include "app/cli.h"
#include "app/huge_pages.h"
#include "app/process_memory.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "run") tapestry::app::use_huge_pages(argv);
  const tapestry::app::MemoryProtection memory = tapestry::app::protect_memory();
  if (!memory.core_excluded) std::cerr << "tapestry: warning: core dumps cannot be switched off\n";
  if (memory.swap_present && !memory.locked) {
    std::cerr << "tapestry: warning: memory may be written to swap: it cannot be locked (RLIMIT_MEMLOCK)\n";
  }
  // Each recording takes and frees the same buffers: without these glibc gives them back to the system in between, and
  // all their pages are cleared again.
  constexpr int kKept = 32 << 20;
  (void)mallopt(M_TRIM_THRESHOLD, kKept);
  (void)mallopt(M_MMAP_THRESHOLD, kKept);
  std::ios::sync_with_stdio(false);
  return tapestry::app::run_program(argc, argv, std::cout, std::cerr, memory);
}
