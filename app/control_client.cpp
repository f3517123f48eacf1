#include "app/control_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "app/control_site.h"
#include "core/release.h"

namespace tapestry::app {
namespace {

constexpr long kConnectMillis = 1000;
constexpr long kAnswerMillis = 5000;

using Handle = std::unique_ptr<CURL, Release<curl_easy_cleanup>>;
using Lines = std::unique_ptr<curl_slist, Release<curl_slist_free_all>>;

std::size_t take(char* data, std::size_t, std::size_t bytes, void* into) {
  auto* body = static_cast<std::string*>(into);
  if (body->size() + bytes > kMostAnswer) return 0;
  body->append(data, bytes);
  return bytes;
}

void add_line(Lines& lines, const std::string& line) {
  curl_slist* longer = curl_slist_append(lines.get(), line.c_str());
  if (longer == nullptr) throw std::runtime_error("no memory for a request");
  (void)lines.release();
  lines.reset(longer);
}

Lines lines_of(const web::LiveRequest& request) {
  Lines lines;
  add_line(lines, "Content-Type: application/json");
  add_line(lines, "Expect:");
  if (request.by.empty()) return lines;
  std::string by = request.by.substr(0, kMostBy);
  std::ranges::replace_if(by, [](char c) { return c < ' ' || c >= '\x7f'; }, '?');
  add_line(lines, fmt::format("{}: {}", kByField, by));
  return lines;
}

}  // namespace

web::LiveAnswer ask_control(const std::filesystem::path& socket, const web::LiveRequest& request) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Handle handle(started == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle) throw std::runtime_error("libcurl cannot be used");
  const Lines lines = lines_of(request);
  web::LiveAnswer answer;
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, ("http://tapestry" + request.target).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kAnswerMillis);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  if (request.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
  }
  if (const CURLcode failed = curl_easy_perform(curl); failed != CURLE_OK) {
    throw std::runtime_error(fmt::format("no service answers on {}: {}", socket.string(), curl_easy_strerror(failed)));
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<unsigned>(status);
  return answer;
}

}  // namespace tapestry::app
