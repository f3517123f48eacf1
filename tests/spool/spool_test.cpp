#include "spool/spool.h"

#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "tests/spool/chunks.h"

namespace tapestry::spool {
namespace {

bool same(Bytes left, Bytes right) { return std::ranges::equal(left, right); }

/// How many chunks the track has; each must be the one that was appended.
unsigned count(const Spool& spool, TrackId track) {
  const auto reader = spool.read(track);
  unsigned number = 0;
  for (Bytes bytes = reader->next(); !bytes.empty(); bytes = reader->next(), ++number) {
    if (!same(bytes, make_chunk(track, number).bytes())) throw std::logic_error("not what was appended");
  }
  return number;
}

}  // namespace

TEST_CASE("a track's chunks come back in the order in which they were appended") {
  const Folder folder;
  Spool spool(folder.path);
  for (unsigned number = 0; number < 100; ++number) spool.append(7, make_chunk(7, number));
  CHECK(count(spool, 7) == 100);
  CHECK(count(spool, 7) == 100);
}

TEST_CASE("a track without chunks reads as empty and can be released") {
  const Folder folder;
  Spool spool(folder.path / "made" / "here");
  CHECK(spool.read(1)->next().empty());
  spool.append(1, rtp::Chunk(1));
  CHECK(spool.read(1)->next().empty());
  spool.release(1);
}

TEST_CASE("many interleaved tracks over many blocks stay apart") {
  const Folder folder;
  Spool spool(folder.path, small(64U << 10U));
  for (unsigned number = 0; number < 40; ++number) {
    for (TrackId track = 1; track <= 50; ++track) spool.append(track, make_chunk(track, number));
  }
  for (TrackId track = 1; track <= 50; ++track) CHECK(count(spool, track) == 40);
}

TEST_CASE("a chunk larger than a block is kept, in memory and on disk") {
  const Folder folder;
  Spool spool(folder.path, small(4096));
  const rtp::Chunk large = make_chunk(1, 0, 40, 60'000);
  spool.append(1, make_chunk(1, 0));
  spool.append(1, large);
  spool.append(1, make_chunk(1, 2));
  const auto reader = spool.read(1);
  CHECK(same(reader->next(), make_chunk(1, 0).bytes()));
  CHECK(same(reader->next(), large.bytes()));
  CHECK(same(reader->next(), make_chunk(1, 2).bytes()));
  CHECK(reader->next().empty());
}

TEST_CASE("nothing is to be seen in the folder") {
  const Folder folder;
  Spool spool(folder.path, small(4096));
  for (unsigned number = 0; number < 20; ++number) spool.append(1, make_chunk(1, number));
  CHECK(count(spool, 1) == 20);
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("what fits the memory never goes to disk") {
  const Folder folder;
  Spool spool(folder.path, {.memory_bytes = 1U << 20U, .block_bytes = 64U << 10U, .delay = Duration(0)});
  for (unsigned number = 0; number < 1000; ++number) spool.append(1, make_chunk(1, number));
  CHECK(spool.bytes_on_disk() == 0);
  CHECK(spool.bytes_in_memory() <= 1U << 20U);
  for (unsigned number = 1000; number < 3000; ++number) spool.append(1, make_chunk(1, number));
  CHECK(spool.bytes_on_disk() > 1U << 20U);
  CHECK(spool.bytes_in_memory() <= 1U << 20U);
  CHECK(count(spool, 1) == 3000);
}

TEST_CASE("a chunk that is being read stays where it is") {
  const Folder folder;
  Spool spool(folder.path, small(8192));
  for (unsigned number = 0; number < 4; ++number) spool.append(1, make_chunk(1, number));
  const auto reader = spool.read(1);
  const Bytes held = reader->next();
  for (unsigned number = 0; number < 500; ++number) spool.append(2, make_chunk(2, number));
  CHECK(same(held, make_chunk(1, 0).bytes()));
  for (unsigned number = 1; number < 4; ++number) CHECK(same(reader->next(), make_chunk(1, number).bytes()));
  CHECK(reader->next().empty());
}

TEST_CASE("releasing every track of a block gives its space back") {
  const Folder folder;
  Spool spool(folder.path, small(16U << 10U));
  for (unsigned number = 0; number < 100; ++number) {
    for (const TrackId track : {1U, 2U}) spool.append(track, make_chunk(track, number));
  }
  CHECK(count(spool, 1) == 100);
  CHECK(count(spool, 2) == 100);
  const std::uint64_t full = spool.bytes_on_disk();
  CHECK(full > 180'000);
  spool.release(1);
  CHECK(spool.bytes_on_disk() == full);
  CHECK(count(spool, 2) == 100);
  spool.release(2);
  CHECK(spool.bytes_on_disk() == 0);
  CHECK(spool.bytes_in_memory() <= 16U << 10U);
  for (unsigned number = 0; number < 100; ++number) spool.append(3, make_chunk(3, number));
  CHECK(count(spool, 3) == 100);
  CHECK(spool.bytes_on_disk() < full);
}

TEST_CASE("disk that earlier tracks gave back is used again before the file grows") {
  const Folder folder;
  Spool spool(folder.path, small(16U << 10U));
  const auto add = [&](TrackId track) {
    for (unsigned number = 0; number < 40; ++number) spool.append(track, make_chunk(track, number));
  };
  add(1);
  add(2);
  const std::uint64_t two = spool.bytes_on_disk();
  for (TrackId track = 3; track < 30; ++track) {
    spool.release(track - 2);
    add(track);
    REQUIRE(spool.bytes_on_disk() <= two + (32U << 10U));
    REQUIRE(count(spool, track - 1) == 40);
  }
}

TEST_CASE("a block released while it is still being filled is not kept when it is full") {
  const Folder folder;
  Spool spool(folder.path, small(8192));
  for (TrackId track = 1; track < 1000; ++track) {
    spool.append(track, make_chunk(track, 0));
    spool.release(track);
    REQUIRE(spool.bytes_on_disk() == 0);
  }
}

TEST_CASE("tracks are read and released on other threads while more are appended") {
  const Folder folder;
  Spool spool(folder.path, small(32U << 10U));
  std::atomic<TrackId> done = 0;
  std::atomic<unsigned> wrong = 0;
  const auto read = [&](TrackId first) {
    for (TrackId track = first; track <= 60; track += 2) {
      while (done.load() < track) std::this_thread::yield();
      if (count(spool, track) != 20) ++wrong;
      spool.release(track);
    }
  };
  std::thread odd(read, 1);
  std::thread even(read, 2);
  for (TrackId track = 1; track <= 60; ++track) {
    for (unsigned number = 0; number < 20; ++number) spool.append(track, make_chunk(track, number));
    done = track;
  }
  odd.join();
  even.join();
  CHECK(wrong == 0);
  CHECK(spool.bytes_on_disk() == 0);
}

TEST_CASE("a disk that takes no more is an error that says so, and what was appended stays readable") {
  const Folder folder;
  Spool spool(folder.path, small(64U << 10U));
  for (unsigned number = 0; number < 100; ++number) spool.append(1, make_chunk(1, number));
  CHECK(count(spool, 1) == 100);
  rlimit old{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &old) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{.rlim_cur = 256U << 10U, .rlim_max = old.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  std::string message;
  unsigned number = 100;
  try {
    for (; number < 3000; ++number) spool.append(1, make_chunk(1, number));
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  REQUIRE(setrlimit(RLIMIT_FSIZE, &old) == 0);
  (void)std::signal(SIGXFSZ, old_handler);
  CHECK(message == "spool: cannot write: File too large");
  CHECK(count(spool, 1) == number);
}

TEST_CASE("a folder that cannot be made is an error") {
  CHECK_THROWS_AS(Spool("/proc/nowhere/spool"), std::runtime_error);
}

}  // namespace tapestry::spool
