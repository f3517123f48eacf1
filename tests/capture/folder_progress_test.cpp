#include "capture/folder_progress.h"

#include <catch2/catch.hpp>

namespace tapestry::capture {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("frames of a folder's file become safe in order, when those before them are") {
  FolderProgress progress;
  for (const int second : {1, 4, 2, 3, 5}) progress.add(Time(seconds(second)));
  CHECK(progress.given().frames == 5);
  CHECK_FALSE(progress.release(Time(milliseconds(900))));
  CHECK(progress.release(Time(seconds(3))));
  CHECK(progress.safe().frames == 1);
  CHECK(progress.release(Time(seconds(4))));
  CHECK(progress.safe().frames == 2);
  CHECK(progress.safe().last == Time(seconds(4)));
  CHECK_FALSE(progress.is_all_safe());
  CHECK(progress.release(Time(seconds(5))));
  CHECK(progress.is_all_safe());
  CHECK_FALSE(progress.release(Time::max()));
}

TEST_CASE("less than a step is marked when it is released") {
  FolderProgress progress({.frames = 10, .last = Time(seconds(1))});
  for (const int ms : {2000, 2100, 2200}) progress.add(Time(milliseconds(ms)));
  CHECK_FALSE(progress.release(Time(milliseconds(1900))));
  CHECK(progress.safe().frames == 10);
  CHECK(progress.release(Time(milliseconds(2200))));
  CHECK(progress.safe().frames == 13);
}

TEST_CASE("when too many steps are not safe they become greater") {
  FolderProgress progress;
  const int most = static_cast<int>(FolderProgress::kMostMarks);
  for (int second = 1; second <= most + 50; ++second) progress.add(Time(seconds(second)));
  CHECK(progress.release(Time(seconds(most + 49))));
  CHECK(progress.safe().frames == FolderProgress::kMostMarks - 1);
  CHECK(progress.release(Time(seconds(most + 50))));
  CHECK(progress.is_all_safe());
}

}  // namespace tapestry::capture
