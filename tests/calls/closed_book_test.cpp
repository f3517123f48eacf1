#include "calls/closed_book.h"

#include <catch2/catch.hpp>

#include "calls/key_index.h"

namespace tapestry::calls {

using namespace std::chrono_literals;

TEST_CASE("a closed conversation is known again by its latest number, for a day") {
  ClosedBook book;
  book.add({"call-id a", "ucid 1"}, 1, 0s);
  book.add({"ucid 1"}, 2, 10s);
  CHECK(book.find({"call-id a"}, 3, 20s) == 1);
  CHECK(book.find({"call-id a", "ucid 1"}, 3, 20s) == 2);
  CHECK_FALSE(book.find({"ucid 2"}, 3, 20s));
  CHECK(book.find({"ucid 1"}, 3, 10s + ClosedBook::kRemembered) == 2);
  CHECK_FALSE(book.find({"ucid 1"}, 3, 11s + ClosedBook::kRemembered));
  CHECK_FALSE(book.find({"ucid 1"}, 3 + kMaxAmendable, 20s));
}

TEST_CASE("nothing is left of closed conversations after a day without any") {
  ClosedBook book;
  book.forget(0s);
  book.add({"call-id a", "ucid 1"}, 1, 0s);
  book.add({"ucid 1"}, 2, 10s);
  book.forget(ClosedBook::kRemembered);
  CHECK(book.size() == 2);
  book.forget(ClosedBook::kRemembered + 1s);
  CHECK(book.size() == 1);
  book.forget(ClosedBook::kRemembered + 11s);
  CHECK(book.size() == 0);
  book.add({"ucid 1"}, 3, ClosedBook::kRemembered + 12s);
  CHECK(book.find({"ucid 1"}, 4, ClosedBook::kRemembered + 12s) == 3);
}

TEST_CASE("a name of too many conversations stands for none") {
  ClosedBook book;
  for (std::uint64_t number = 1; number <= kMaxSharers; ++number) book.add({"icid x"}, number, 1s);
  CHECK(book.find({"icid x"}, 100, 2s) == kMaxSharers);
  book.add({"icid x"}, kMaxSharers + 1, 1s);
  CHECK_FALSE(book.find({"icid x"}, 100, 2s));
}

}  // namespace tapestry::calls
