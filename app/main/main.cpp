#include <iostream>

#include "app/cli.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return tapestry::app::run_program(argc, argv, std::cout, std::cerr);
}
