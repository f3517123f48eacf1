#include "sipparse/identity.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::sip {

TEST_CASE("an Identity header's PASSporT is what stands before its parameters") {
  const std::string token =
      "eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjE0NDMyMDgzNDV9.rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1VOgFWSjHBr8Qjp";
  CHECK(passport_of(token + ";info=<https://biloxi.example.org/biloxi.cer>;alg=ES256;ppt=shaken") == token);
  CHECK(passport_of(" " + token + " ;info=<https://example.org>") == token);
  CHECK(passport_of(token) == token);
}

TEST_CASE("what is no caller's PASSporT in three parts is none") {
  CHECK_FALSE(passport_of(""));
  CHECK_FALSE(passport_of("..sv5CTo05KqpSmtHt3dcEiO_1CWTSZtnG3iV-1nmurLXV;info=<https://example.org>"));
  CHECK_FALSE(passport_of("\"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a1pxAr3VgrB0SsSAa\""));
  CHECK_FALSE(passport_of("YWJj.YWJj"));
  CHECK_FALSE(passport_of("YWJj.YWJj.YWJj.YWJj"));
  CHECK_FALSE(passport_of("YWJj.YW+j.YWJj"));
  CHECK_FALSE(passport_of("YWJj.YWJj.YWJj;ppt=\"div\""));
  CHECK_FALSE(passport_of("YWJj." + std::string(kMaxPassportBytes, 'a') + ".YWJj"));
}

}  // namespace tapestry::sip
