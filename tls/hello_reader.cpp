#include "tls/hello_reader.h"

#include <algorithm>

#include "tls/record.h"

namespace tapestry::tls {
namespace {

Bytes take(Bytes& bytes, std::size_t most) noexcept {
  const Bytes taken = bytes.first(std::min(bytes.size(), most));
  bytes = bytes.subspan(taken.size());
  return taken;
}

}  // namespace

const HelloReader::Result& HelloReader::add(Bytes bytes) {
  while (open() && !bytes.empty()) {
    if (record_left_ == 0) {
      const Bytes part = take(bytes, kRecordHeader - header_.size());
      header_.insert(header_.end(), part.begin(), part.end());
      if (header_.size() == kRecordHeader) result_ = read_header();
    } else {
      const Bytes part = take(bytes, record_left_);
      record_left_ -= part.size();
      message_.insert(message_.end(), part.begin(), part.end());
      result_ = read_message();
    }
  }
  if (!open()) std::vector<std::uint8_t>().swap(message_);
  return result_;
}

void HelloReader::lose() noexcept {
  if (open()) result_ = None{};
  std::vector<std::uint8_t>().swap(message_);
}

HelloReader::Result HelloReader::read_header() noexcept {
  const auto header = parse_record_header(header_);
  header_.clear();
  if (!header || header->type != kHandshake || header->length == 0) return None{};
  record_left_ = header->length;
  return Incomplete{};
}

HelloReader::Result HelloReader::read_message() const noexcept {
  Cursor cursor(message_);
  const std::uint8_t type = cursor.u8();
  if (type != kClientHello && type != kServerHello) return None{};
  const std::size_t length = std::size_t{cursor.u8()} << 16U | cursor.u16();
  if (!cursor.ok()) return Incomplete{};
  if (length > kMaxHello) return None{};
  const Bytes body = cursor.take(length);
  if (!cursor.ok()) return Incomplete{};
  if (type == kClientHello) {
    const auto random = parse_client_hello(body);
    return random ? Result(*random) : Result(None{});
  }
  auto hello = parse_server_hello(body);
  if (!hello) return None{};
  hello->mki = {};  // outlived by the result
  return *hello;
}

}  // namespace tapestry::tls
