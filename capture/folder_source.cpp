#include "capture/folder_source.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>

#include "capture/file_source.h"

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 100'000;  // of one folder; more are looked at when these are read

/// What tells a file from another one of its name.
struct Version {
  std::uint64_t size = 0;
  std::int64_t changed = 0;  ///< nanoseconds since 1970
  friend bool operator==(const Version&, const Version&) = default;
};

std::optional<Version> version_of(const fs::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const Duration changed = std::chrono::seconds(status.st_mtim.tv_sec) + Duration(status.st_mtim.tv_nsec);
  return Version{static_cast<std::uint64_t>(status.st_size), changed.count()};
}

/// Time of its first packet; one that cannot be read is found out at once.
Time first_packet(const fs::path& file) {
  try {
    const auto source = open_file(file.string());
    Frame frame;
    return source->next(frame) ? frame.time : Time::min();
  } catch (const std::runtime_error&) {
    return Time::min();
  }
}

}  // namespace

struct FolderSource::State {
  FolderOptions options;
  std::string name;
  fs::path list;                         ///< where `taken` is kept
  std::map<std::string, Version> taken;  ///< by name
  std::set<std::string> closed;          ///< by their writers
  std::set<std::pair<Time, std::string>> ready;
  std::set<std::string> listed;  ///< names in `ready`, and the one that is open
  int fd = -1;
  std::unique_ptr<Source> open;
  std::string open_name;
  Version open_version;
  std::vector<std::string> news;
  std::uint64_t frames = 0;
  std::uint64_t files = 0;
  std::uint64_t damaged = 0;

  void watch() {
    fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE;
    if (fd >= 0 && ::inotify_add_watch(fd, options.folder.c_str(), kEvents) >= 0) return;
    const int error = errno;
    if (fd >= 0) ::close(fd);
    throw std::runtime_error(fmt::format("cannot watch {}: {}", name, std::generic_category().message(error)));
  }

  /// False when nothing happened.
  bool read_events() {
    bool any = false;
    alignas(inotify_event) std::array<char, 16'384> buffer{};
    ssize_t count = 0;
    while ((count = ::read(fd, buffer.data(), buffer.size())) > 0) {
      any = true;
      std::size_t at = 0;
      while (at + sizeof(inotify_event) <= static_cast<std::size_t>(count)) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        const char* file = buffer.data() + at + sizeof event;
        if (event.len > 0 && (event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 && closed.size() < kMostFiles) {
          closed.insert(std::string(file, ::strnlen(file, event.len)));
        }
        at += sizeof event + event.len;
      }
    }
    return any;
  }

  /// Lists what is complete and was not read. `now` is the wall clock's.
  void scan(Time now) {
    std::map<std::string, Version> seen;
    std::int64_t newest = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(options.folder, error)) {
      const std::string file = entry.path().filename();
      const bool wanted = ::fnmatch(options.pattern.c_str(), file.c_str(), FNM_PERIOD) == 0;
      if (!wanted || file.find('\n') != std::string::npos) continue;
      const auto version = version_of(entry.path());
      if (!version || seen.size() >= kMostFiles) continue;
      newest = std::max(newest, version->changed);
      seen.emplace(file, *version);
    }
    if (error) return;
    std::erase_if(taken, [&](const auto& one) { return !seen.contains(one.first); });
    std::erase_if(closed, [&](const std::string& one) { return !seen.contains(one); });
    for (const auto& [file, version] : seen) {
      const auto known = taken.find(file);
      if (listed.contains(file) || (known != taken.end() && known->second == version)) continue;
      if (!is_complete(file, version, now, newest)) continue;
      ready.emplace(first_packet(options.folder / file), file);
      listed.insert(file);
    }
  }

  [[nodiscard]] bool is_complete(const std::string& file, const Version& version, Time now, std::int64_t newest) const {
    if (closed.contains(file)) return true;
    const Duration still = now.time_since_epoch() - Duration(version.changed);
    return still >= options.settled || (version.changed < newest && still >= kOvertaken);
  }

  /// False when there is none.
  bool open_next() {
    if (ready.empty()) return false;
    open_name = ready.begin()->second;
    ready.erase(ready.begin());
    const fs::path file = options.folder / open_name;
    open_version = version_of(file).value_or(Version{});
    try {
      open = open_file(file.string());
    } catch (const std::runtime_error& error) {
      ++damaged;
      news.push_back(fmt::format("{}: nothing was read: {}", file.string(), error.what()));
      finish();
    }
    return true;
  }

  /// The next frame of the open file; false at its end.
  bool read(Frame& frame) {
    try {
      return open->next(frame);
    } catch (const std::runtime_error& error) {
      news.emplace_back(error.what());
      return false;
    }
  }

  void finish() {
    const fs::path file = options.folder / open_name;
    if (open && open->info().damage) {
      ++damaged;
      const Damage& damage = *open->info().damage;
      news.push_back(fmt::format("{}: damaged at byte {}: {}; everything before it was used", file.string(),
                                 damage.offset, damage.what));
    }
    ++files;
    const bool whole = open && !open->info().damage;
    open.reset();
    listed.erase(open_name);
    closed.erase(open_name);
    std::error_code error;
    if (options.remove && whole && fs::remove(file, error)) return;
    taken[open_name] = open_version;
    save();
  }

  void load() {
    std::ifstream stream(list);
    Version version;
    std::string file;
    while (stream >> version.size >> version.changed && stream.get() == ' ' && std::getline(stream, file)) {
      taken[file] = version;
    }
    if (fs::exists(list) && !stream.eof()) {
      throw std::runtime_error(fmt::format("{} cannot be read; without it files would be read twice", list.string()));
    }
  }

  /// One that cannot be kept is told of: files would be read twice.
  void save() {
    const fs::path made = list.string() + ".part";
    std::ofstream stream(made);
    for (const auto& [file, version] : taken) stream << version.size << ' ' << version.changed << ' ' << file << '\n';
    stream.close();
    std::error_code error;
    if (stream) fs::rename(made, list, error);
    if (!stream || error) news.push_back(fmt::format("{} cannot be written", list.string()));
  }
};

FolderSource::FolderSource(FolderOptions options, fs::path taken) : state_(std::make_unique<State>()) {
  state_->name = options.folder.string();
  state_->options = std::move(options);
  state_->list = std::move(taken);
  state_->load();
  state_->watch();
}

FolderSource::~FolderSource() { ::close(state_->fd); }

const std::string& FolderSource::name() const noexcept { return state_->name; }
std::vector<int> FolderSource::descriptors() const { return {state_->fd}; }

bool FolderSource::next(Frame& frame) {
  State& state = *state_;
  while (true) {
    if (state.open) {
      if (state.read(frame)) {
        ++state.frames;
        return true;
      }
      state.finish();
    }
    if (state.open_next()) continue;
    if (!state.read_events()) return false;
    state.scan(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
    if (state.ready.empty()) return false;
  }
}

void FolderSource::look(Time now, std::vector<Drops>&, std::vector<std::string>& news) {
  State& state = *state_;
  (void)state.read_events();
  state.scan(now);
  news.insert(news.end(), state.news.begin(), state.news.end());
  state.news.clear();
}

Counters FolderSource::counters() const {
  return {{"live.frames", state_->frames},
          {"live.files", state_->files},
          {"live.files_damaged", state_->damaged},
          {"live.files_waiting", state_->ready.size()}};
}

}  // namespace tapestry::capture
