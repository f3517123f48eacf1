#include "app/control_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "app/control_site.h"
#include "core/release.h"
#include "core/shared_library.h"

namespace tapestry::app {
namespace {

constexpr long kConnectMillis = 1000;
constexpr long kAnswerMillis = 5000;

/// What is used of libcurl. It brings thirty libraries, which most runs of the program do not need.
struct Curl {
  SharedLibrary library{"libcurl.so.4"};
  decltype(::curl_global_init)* global_init = library.find("curl_global_init");
  decltype(::curl_easy_init)* easy_init = library.find("curl_easy_init");
  decltype(::curl_easy_cleanup)* easy_cleanup = library.find("curl_easy_cleanup");
  decltype(::curl_easy_setopt)* set = library.find("curl_easy_setopt");
  decltype(::curl_easy_perform)* perform = library.find("curl_easy_perform");
  decltype(::curl_easy_getinfo)* get = library.find("curl_easy_getinfo");
  decltype(::curl_easy_strerror)* text_of = library.find("curl_easy_strerror");
  decltype(::curl_slist_append)* append = library.find("curl_slist_append");
  decltype(::curl_slist_free_all)* free_all = library.find("curl_slist_free_all");
  CURLcode started = global_init(CURL_GLOBAL_DEFAULT);
};

const Curl& curl() {
  static const Curl loaded;
  return loaded;
}

void clean_up(CURL* handle) { curl().easy_cleanup(handle); }
void free_lines(curl_slist* lines) { curl().free_all(lines); }

using Handle = std::unique_ptr<CURL, Release<clean_up>>;
using Lines = std::unique_ptr<curl_slist, Release<free_lines>>;

std::size_t take(char* data, std::size_t, std::size_t bytes, void* into) {
  auto* body = static_cast<std::string*>(into);
  if (body->size() + bytes > kMostAnswer) return 0;
  body->append(data, bytes);
  return bytes;
}

void add_line(Lines& lines, const std::string& line) {
  curl_slist* longer = curl().append(lines.get(), line.c_str());
  if (longer == nullptr) throw std::runtime_error("no memory for a request");
  (void)lines.release();
  lines.reset(longer);
}

Lines lines_of(const web::LiveRequest& request) {
  Lines lines;
  add_line(lines, "Content-Type: application/json");
  add_line(lines, "Expect:");
  const Time now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  add_line(lines, fmt::format("{}: {}", kUntilField, to_rfc3339(now + std::chrono::milliseconds(kAnswerMillis))));
  if (request.by.empty()) return lines;
  std::string by = request.by.substr(0, kMostBy);
  std::ranges::replace_if(by, [](char c) { return c < ' ' || c >= '\x7f'; }, '?');
  add_line(lines, fmt::format("{}: {}", kByField, by));
  return lines;
}

}  // namespace

web::LiveAnswer ask_control(const std::filesystem::path& socket, const web::LiveRequest& request) {
  const Handle handle(curl().started == CURLE_OK ? curl().easy_init() : nullptr);
  if (!handle) throw std::runtime_error("libcurl cannot be used");
  const Lines lines = lines_of(request);
  web::LiveAnswer answer;
  const auto set = [&handle](CURLoption option, auto value) { curl().set(handle.get(), option, value); };
  set(CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  set(CURLOPT_URL, ("http://tapestry" + request.target).c_str());
  set(CURLOPT_PROTOCOLS_STR, "http");
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
  set(CURLOPT_TIMEOUT_MS, kAnswerMillis);
  set(CURLOPT_HTTPHEADER, lines.get());
  set(CURLOPT_WRITEFUNCTION, &take);
  set(CURLOPT_WRITEDATA, &answer.body);
  if (request.method == "POST") {
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    set(CURLOPT_COPYPOSTFIELDS, request.body.c_str());
  }
  if (const CURLcode failed = curl().perform(handle.get()); failed != CURLE_OK) {
    throw std::runtime_error(fmt::format("no service answers on {}: {}", socket.string(), curl().text_of(failed)));
  }
  long status = 0;
  curl().get(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<unsigned>(status);
  return answer;
}

}  // namespace tapestry::app
