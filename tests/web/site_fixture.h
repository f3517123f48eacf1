#pragma once
#include <string>
#include <vector>

#include "tests/app/temporary_folder.h"
#include "web/site.h"

namespace tapestry::web::test {

inline const std::string kUuid = "019f15a6-a752-826f-bb82-041452eb905f";
/// Of a conversation that was deleted.
inline const std::string kGone = "019f15a6-a752-826f-bb82-041452eb9060";
inline const std::string kMedia = "/media/2026/11/20/" + kUuid + "/agent-1001.ogg";
inline const std::string kAudio = "0123456789";

/// A request with the test token of that role, `listen` and so on; without one when it is empty.
Request ask(const std::string& target, const std::string& role = "admin", std::vector<Field> fields = {});

/// An output folder with one recording, one vCon with its row in the catalog, keys and quarantine, and a site over it.
struct Fixture {
  Fixture();
  testing::TemporaryFolder folder;
  std::vector<Access> accesses;
  std::vector<std::string> complaints;
  bool log_fails = false;
  std::vector<LiveRequest> lives;  ///< what the running service was asked
  bool live_is_gone = false;
  LiveAnswer live_answer{.status = 200, .body = "{\"calls\":[]}"};
  Site site;

  Response get(const std::string& target, const std::string& role = "admin", std::vector<Field> fields = {});
  /// With JSON content; an empty one is none.
  Response post(const std::string& target, const std::string& body, const std::string& role = "admin");
};

/// One token for each role, whose name it has; the token is `secret-ROLE`.
AccessRules access_rules();
void fill(const std::filesystem::path& out);
std::string field_of(const Response& response, const std::string& name);
/// The body, read from the file where it is one.
std::string body_of(const Response& response);

}  // namespace tapestry::web::test
