#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tapestry::testing {

/// An answer as it came over a connection; names of fields in lower case.
struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;
};

/// Where a client connects to.
struct HttpPlace {
  std::uint16_t port = 0;  ///< on 127.0.0.1
  std::string socket{};    ///< when given: a Unix socket instead
  std::string ca{};        ///< file; when given: TLS, and the server's certificate must be for `localhost`
  std::string identity{};  ///< file with a client certificate and its key
  int most_version = 0;    ///< TLS1_VERSION and its kin; 0: no bound
};

/// One connection, by OpenSSL. Functions throw std::runtime_error when it is closed too early.
class HttpClient {
 public:
  explicit HttpClient(const HttpPlace& place);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Bytes as they are.
  void send(std::string_view bytes);
  /// The next answer; `head_only` when it answers HEAD.
  HttpAnswer receive(bool head_only = false);
  /// Sends a request with these lines of fields (each with its CRLF) and receives the answer.
  HttpAnswer ask(const std::string& method, const std::string& target, const std::string& lines = "");

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A private key and certificate that OpenSSL makes, in `folder`: NAME.pem (certificate, signed by `issuer` or by
/// itself) and NAME-key.pem, both also in NAME-both.pem. For `localhost` and 127.0.0.1.
void make_identity(const std::string& folder, const std::string& name, const std::string& issuer = "");

}  // namespace tapestry::testing
