#include "tests/web/site_fixture.h"

#include <unistd.h>

#include <stdexcept>

#include "vconout/digest.h"
#include "vconout/retention_book.h"

namespace tapestry::web::test {

AccessRules access_rules() {
  AccessRules rules;
  for (const char* name : {"listen", "read", "metrics", "control", "admin"}) {
    Token token{.name = name, .role = *parse_role(name)};
    const auto hash = vconout::digest(vconout::Digest::Kind::Sha256, as_bytes("secret-" + std::string(name)));
    std::copy(hash.begin(), hash.end(), token.sha256.begin());
    rules.tokens.push_back(token);
  }
  return rules;
}

void fill(const std::filesystem::path& out) {
  const std::string day = "2026/11/20/";
  std::filesystem::create_directories(out / ("media/" + day + kUuid));
  std::filesystem::create_directories(out / ("vcon/" + day));
  for (const char* folder : {"keys", "quarantine"}) {
    std::filesystem::create_directories(out / folder);
    testing::write_file(out / folder / "key.pem", "secret");
  }
  testing::write_file(out / kMedia.substr(1), kAudio);
  testing::write_file(out / ("vcon/" + day + kUuid + ".vcon"), "{\"payload\":\"\"}");
  vconout::Catalog catalog(out / "catalog.sqlite");
  const vconout::CatalogRow row{.uuid = kUuid,
                                .fingerprint = "f",
                                .vcon_path = "vcon/" + day + kUuid + ".vcon",
                                .start = "2026-11-20T08:00:00.5Z",
                                .duration = 4.25,
                                .parties = "sip:+15550100@customer.example.net sip:1001@agents.example.com",
                                .agents = "sip:1001@agents.example.com",
                                .disposition = "answered",
                                .recordings = 1,
                                .gaps = 2};
  catalog.add({&row, 1});
  vconout::CatalogRow gone = row;
  gone.uuid = kGone;
  gone.fingerprint = "g";
  catalog.add({&gone, 1});
  vconout::RetentionBook book(out / "catalog.sqlite");
  const vconout::Deletion deletion{.uuid = kGone,
                                   .fingerprint = "g",
                                   .vcon_path = row.vcon_path,
                                   .tombstone_path = "tombstones/" + day + kGone + ".json",
                                   .amends = {},
                                   .deleted = "2026-11-21T08:00:00Z",
                                   .reason = "retention",
                                   .rule = "all",
                                   .who = "root"};
  (void)book.begin({}, {&deletion, 1});
  book.finish(kGone);
}

Request ask(const std::string& target, const std::string& role, std::vector<Field> fields) {
  Request request{.method = "GET", .target = target, .fields = std::move(fields), .peer = "192.0.2.7"};
  if (!role.empty()) request.fields.push_back({"Authorization", "Bearer secret-" + role});
  return request;
}

Fixture::Fixture()
    : site(
          {.out = folder.path(),
           .media_path = "/media/",
           .access = access_rules(),
           .version = "1.2.3",
           .started = *from_rfc3339("2026-11-20T07:00:00Z"),
           .live =
               [this](const LiveRequest& request) {
                 lives.push_back(request);
                 if (live_is_gone) throw std::runtime_error("no service answers on /run/x: gone");
                 return live_answer;
               }},
          [this](const Access& access) {
            if (log_fails) throw std::runtime_error("disk full");
            accesses.push_back(access);
          },
          [this](std::string_view fault) { complaints.emplace_back(fault); }) {
  fill(folder.path());
}

Response Fixture::get(const std::string& target, const std::string& role, std::vector<Field> fields) {
  return site.answer(ask(target, role, std::move(fields)), *from_rfc3339("2026-11-20T09:00:00Z"));
}

Response Fixture::post(const std::string& target, const std::string& body, const std::string& role) {
  Request request = ask(target, role, {{"Content-Type", "application/json"}});
  request.method = "POST";
  request.has_body = !body.empty();
  if (!body.empty()) request.body = body;
  return site.answer(request, *from_rfc3339("2026-11-20T09:00:00Z"));
}

std::string field_of(const Response& response, const std::string& name) {
  return std::string(find_field(response.fields, name).value_or(std::string_view()));
}

std::string body_of(const Response& response) {
  if (!response.part) return response.body;
  std::string body(response.part->bytes, '\0');
  const auto got =
      ::pread(response.part->file->descriptor(), body.data(), body.size(), static_cast<off_t>(response.part->offset));
  if (got != static_cast<ssize_t>(body.size())) throw std::runtime_error("a part is not whole");
  return body;
}

}  // namespace tapestry::web::test
