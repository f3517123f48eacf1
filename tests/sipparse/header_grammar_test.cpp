#include "sipparse/header_grammar.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {
namespace {

Verdict check(std::string_view name, std::string_view value) noexcept {
  return check_header({.name = header_name(name), .raw_name = name, .value = value});
}

struct Sample {
  std::string_view name;
  std::string_view value;
};

}  // namespace

TEST_CASE("header values of the grammar are valid") {
  for (const Sample& sample : std::initializer_list<Sample>{
           {"Call-ID", "a@b"},
           {"Call-ID", "w`~)(><:\\/\"][?}{"},
           {"CSeq", "2147483647 INVITE"},
           {"Max-Forwards", "0068"},
           {"Expires", "4294967295"},
           {"Session-Expires", "90;refresher=uas"},
           {"Retry-After", "120 (in (a) \\) meeting);duration=60"},
           {"Timestamp", "54.2 0.5"},
           {"Date", "Sat, 13 Nov 2010 23:29:00 GMT"},
           {"Warning", "307 isi.edu:5060 \"x, y\", 399 me \"\""},
           {"Content-Type", "multipart/mixed ; boundary=\"a b\""},
           {"Supported", ""},
           {"Require", "a, b"},
           {"Event", "dialog;id=1"},
           {"Reason", "Q.850;cause=16;text=\"x, y\", SIP;cause=200"},
           {"Replaces", "a@b;to-tag=1;from-tag=2"},
           {"Authorization", "NoOneKnowsThis opaque=here"},
           {"RAck", "1 2 INVITE"},
           {"MIME-Version", "1.0"},
           {"X-Own", ";;,,\""},
           {"Subject", ""},
       }) {
    INFO(sample.name << ": " << sample.value);
    CHECK(check(sample.name, sample.value) == Verdict::Valid);
  }
}

TEST_CASE("header values outside the grammar are bad") {
  for (const Sample& sample : std::initializer_list<Sample>{
           {"Call-ID", ""},
           {"Call-ID", "a@b@c"},
           {"Call-ID", "a@"},
           {"CSeq", ""},
           {"CSeq", "2147483648 INVITE"},
           {"CSeq", "1"},
           {"CSeq", "1 IN VITE"},
           {"CSeq", "-1 INVITE"},
           {"Max-Forwards", "256"},
           {"Max-Forwards", ""},
           {"Expires", "4294967296"},
           {"Session-Expires", ""},
           {"Retry-After", "949302838503028349304023988"},
           {"Retry-After", "5 (open"},
           {"Timestamp", ".5"},
           {"Timestamp", ""},
           {"Date", "Fri, 01 Jan 2010 16:00:00 EST"},
           {"Date", "Fri, 32 Jan 2010 16:00:00 GMT"},
           {"Date", "Fri, 01 Foo 2010 16:00:00 GMT"},
           {"Date", "Fri, 01 Jan 2010 24:00:00 GMT"},
           {"Date", ""},
           {"Warning", ""},
           {"Warning", "1812 overture \"In Progress\""},
           {"Warning", "307 a"},
           {"Warning", "307 a \"x"},
           {"Content-Type", "text"},
           {"Content-Type", "text/"},
           {"Content-Type", "text/plain;"},
           {"Content-Type", ""},
           {"Content-Length", "-5"},
           {"Content-Length", ""},
           {"Require", ""},
           {"Allow", "INVITE,,BYE"},
           {"Event", ""},
           {"Reason", ";cause=1"},
           {"Replaces", ";to-tag=1"},
           {"Authorization", "Digest"},
           {"Authorization", "Digest a=\"x"},
           {"RAck", "1 INVITE"},
           {"RSeq", "x"},
           {"MIME-Version", "1"},
           {"Route", "sip:a@b"},
           {"a b", ""},
       }) {
    INFO(sample.name << ": " << sample.value);
    CHECK(check(sample.name, sample.value) != Verdict::Valid);
  }
}

}  // namespace tapestry::sip
