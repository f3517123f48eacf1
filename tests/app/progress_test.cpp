#include "app/progress.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tapestry::app;

TEST_CASE("the progress line tells packets, calls, speed and time left") {
  CHECK(progress_text({120'000, 35, 25, 100}, 2) == "120,000 packets  35 calls  60,000 packets/s  6 s left");
}

TEST_CASE("the progress line promises nothing that it does not know") {
  CHECK(progress_text({1'000, 1, 25, 100}, 0.1) == "1,000 packets  1 calls");
  CHECK(progress_text({120'000, 35, 25, 0}, 2) == "120,000 packets  35 calls  60,000 packets/s");
}

TEST_CASE("a progress line that is not shown writes nothing, one that is shown is taken away") {
  std::ostringstream quiet;
  Progress hidden(quiet, false);
  hidden.update({1, 1, 1, 1});
  hidden.clear();
  CHECK(quiet.str().empty());

  std::ostringstream terminal;
  Progress shown(terminal, true);
  shown.update({1, 1, 1, 1});
  shown.update({2, 1, 1, 1});  // too soon after the first
  shown.clear();
  CHECK(terminal.str() == "\r\x1b[K1 packets  1 calls\r\x1b[K");
}
