#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vconout/file.h"

// HTTP without sockets: what was asked, and what is answered (RFC 9110).
namespace tapestry::web {

/// A header field as it came, or goes.
struct Field {
  std::string name;
  std::string value;
};

/// All of it comes from outside, but `secure`, `peer`, `subject` and `user`.
struct Request {
  std::string method;
  std::string target;  ///< as sent, with its query and percent-encoding
  std::vector<Field> fields;
  std::size_t head_bytes = 0;  ///< octets of request line and fields
  bool has_body = false;
  std::optional<std::string> body{};     ///< nothing: there is none, it is too long, or its length was not told
  bool secure = false;                   ///< came by TLS
  std::string peer;                      ///< the client's address; `local` on a Unix socket
  std::optional<std::string> subject{};  ///< of a client certificate that was verified, RFC 4514
  std::optional<std::uint32_t> user{};   ///< number of the user on the other end of a Unix socket
};

/// A part of an open regular file.
struct FilePart {
  std::unique_ptr<vconout::File> file;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// The server adds Date, Content-Length and Connection, and leaves the body out where the method or the status says so.
struct Response {
  unsigned status = 200;
  std::vector<Field> fields{};
  std::string body{};
  std::optional<FilePart> part{};  ///< when given, the body is this
};

/// The value of the first field of that name, in either case; it lives as long as `fields`.
[[nodiscard]] std::optional<std::string_view> find_field(const std::vector<Field>& fields, std::string_view name);

/// A response whose body is `{"error":{"code","message"}}`. `code` is one word that programs can rely on; `message`
/// must hold nothing of the request.
[[nodiscard]] Response refusal(unsigned status, std::string_view code, std::string_view message);

/// A response whose body is this JSON text, never to be stored by a cache.
[[nodiscard]] Response json_response(std::string text);

}  // namespace tapestry::web
