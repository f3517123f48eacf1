#include "tls/dtls_assembly.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::tls {
namespace {

const std::string kText = "0123456789";

DtlsFragment part(std::size_t offset, std::size_t size, std::uint16_t sequence = 0) {
  return {1, kText.size(), sequence, offset, as_bytes(kText).subspan(offset, size)};
}
std::string text_of(const std::optional<Bytes>& body) { return body ? std::string(as_text(*body)) : "(not yet)"; }

}  // namespace

TEST_CASE("a message is put together from parts in any order, repeated and overlapping") {
  DtlsAssembly assembly;
  CHECK(text_of(assembly.add(part(0, 10))) == kText);
  CHECK(text_of(assembly.add(part(6, 4))) == "(not yet)");
  CHECK(text_of(assembly.add(part(6, 4))) == "(not yet)");
  CHECK(text_of(assembly.add(part(0, 3))) == "(not yet)");
  CHECK(text_of(assembly.add(part(2, 5))) == kText);
}

TEST_CASE("a part of another message begins anew") {
  DtlsAssembly assembly;
  CHECK(text_of(assembly.add(part(0, 5, 0))) == "(not yet)");
  CHECK(text_of(assembly.add(part(5, 5, 1))) == "(not yet)");
  CHECK(text_of(assembly.add(part(0, 5, 1))) == kText);
}

TEST_CASE("parts that do not touch are bounded, and those passed over may come again") {
  const std::string text(4 * DtlsAssembly::kMaxRanges, 'x');
  const auto octet = [&](std::size_t offset) {
    return DtlsFragment{1, text.size(), 0, offset, as_bytes(text).subspan(offset, 1)};
  };
  DtlsAssembly assembly;
  for (std::size_t at = 0; at < text.size(); at += 2) CHECK_FALSE(assembly.add(octet(at)));
  for (std::size_t at = 1; at + 2 < text.size(); ++at) CHECK_FALSE(assembly.add(octet(at)));
  CHECK_FALSE(assembly.add(octet(text.size() - 2)));
  CHECK(text_of(assembly.add(octet(text.size() - 1))) == text);
}

TEST_CASE("a shorter message after a longer one has its own length") {
  DtlsAssembly assembly;
  CHECK(text_of(assembly.add(part(0, 5, 0))) == "(not yet)");
  const DtlsFragment head{1, 4, 1, 0, as_bytes("ab")};
  const DtlsFragment rest{1, 4, 1, 2, as_bytes("cd")};
  CHECK(text_of(assembly.add(head)) == "(not yet)");
  CHECK(text_of(assembly.add(rest)) == "abcd");
}

TEST_CASE("a message that is too long is passed over") {
  DtlsAssembly assembly;
  CHECK_FALSE(assembly.add({1, DtlsAssembly::kMaxMessage + 1, 0, 0, as_bytes(kText)}));
  CHECK_FALSE(assembly.add({1, std::size_t{0xffffff}, 0, 0, as_bytes(kText)}));
}

}  // namespace tapestry::tls
