#include "app/service_status.h"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>

namespace tapestry::app {

TEST_CASE("each metric is told once, with its help and its type before its values") {
  ServiceStatus status;
  status.drops = {{"kernel", 1}, {"nic", 2}};
  status.lag = 1.5;
  status.counters = {{"sip.messages", 3}, {"rtp.flows", 4}, {"sip.messages", 5}};
  std::istringstream text(to_prometheus(status));
  std::map<std::string, int> types;
  std::string help;
  std::string type;
  for (std::string line; std::getline(text, line);) {
    const std::string name = line.substr(0, line.find_first_of(" {"));
    if (line.starts_with("# HELP ")) {
      help = line.substr(7, line.find(' ', 7) - 7);
    } else if (line.starts_with("# TYPE ")) {
      type = line.substr(7, line.find(' ', 7) - 7);
      CHECK(type == help);
      CHECK(++types[type] == 1);
    } else {
      CHECK(name == type);
      CHECK(name.starts_with("tapestry_"));
    }
  }
  CHECK(types.contains("tapestry_sip_messages_total"));
  CHECK(to_prometheus(status).find("tapestry_sip_messages_total 8\n") != std::string::npos);
}

TEST_CASE("the balance of all packets is a metric") {
  ServiceStatus status;
  status.counters = {
      {"capture.frames", 9}, {"frames.used.rtp", 4}, {"frames.ignored.not_ip", 2}, {"live.ring_drops", 1}};
  const std::string text = to_prometheus(status);
  CHECK(text.find("tapestry_balance_received_total 10\n") != std::string::npos);
  CHECK(text.find("tapestry_balance_ended_total{end=\"ignored\"} 2\n") != std::string::npos);
  CHECK(text.find("tapestry_balance_ended_total{end=\"dropped\"} 1\n") != std::string::npos);
  CHECK(text.find("tapestry_balance_difference 3.000\n") != std::string::npos);
}

}  // namespace tapestry::app
