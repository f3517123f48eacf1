#include "core/card_numbers.h"

#include <catch2/catch.hpp>

using namespace tapestry;

TEST_CASE("nothing is kept of a card's number") {
  CHECK(mask_card_numbers("4111111111111111") == "XXXXXXXXXXXXXXXX");
  CHECK(mask_card_numbers("pan=378282246310005;cvc") == "pan=XXXXXXXXXXXXXXX;cvc");
  CHECK(mask_card_numbers("30569309025904") == "XXXXXXXXXXXXXX");
  CHECK(mask_card_numbers("4222222222222") == "XXXXXXXXXXXXX");
  CHECK(mask_card_numbers("6304000000000000000") == "XXXXXXXXXXXXXXXXXXX");
  CHECK(mask_card_numbers("a5555555555554444b6011111111111117") == "aXXXXXXXXXXXXXXXXbXXXXXXXXXXXXXXXX");
}

TEST_CASE("single blanks and dashes do not hide a card's number, nor do other numbers beside it") {
  CHECK(mask_card_numbers("4111 1111 1111 1111") == "XXXX XXXX XXXX XXXX");
  CHECK(mask_card_numbers("4111-1111-1111-1111") == "XXXX-XXXX-XXXX-XXXX");
  CHECK(mask_card_numbers("3782 822463 10005") == "XXXX XXXXXX XXXXX");
  const std::string beside = mask_card_numbers("2026-11-20 4111 1111 1111 1111 12/29");
  CHECK(beside.ends_with("XXXX XXXX XXXX XXXX 12/29"));
  CHECK(mask_card_numbers("1-2-3-4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-4").size() == 39);
}

TEST_CASE("a number in the middle of digit groups is found at each of their beginnings") {
  // Both the first three groups and the last three are numbers with a good check digit.
  const std::string masked = mask_card_numbers("55555 4111111111111111 7");
  CHECK(masked.find("4111") == std::string::npos);
}

TEST_CASE("what cannot be a card's number stays as it is") {
  CHECK(mask_card_numbers("4111111111111112") == "4111111111111112");
  CHECK(mask_card_numbers("00001093401581709030") == "00001093401581709030");
  CHECK(mask_card_numbers("56a390f3d2b7310023a2") == "56a390f3d2b7310023a2");
  CHECK(mask_card_numbers("4111  1111 1111 1111") == "4111  1111 1111 1111");
  CHECK(mask_card_numbers("+12025550101") == "+12025550101");
  CHECK(mask_card_numbers("") == "");
  CHECK(mask_card_numbers("4") == "4");
}

TEST_CASE("Luhn's check looks at digits only") {
  CHECK(passes_luhn("4111111111111111"));
  CHECK(passes_luhn("4111 1111-1111 1111"));
  CHECK_FALSE(passes_luhn("4111111111111112"));
}
