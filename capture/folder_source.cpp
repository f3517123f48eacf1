#include "capture/folder_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>

#include "capture/folder_file.h"
#include "capture/folder_list.h"
#include "capture/folder_reading.h"
#include "capture/folder_watch.h"

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;
using Step = FolderReading::Step;

constexpr Duration kFirstPause = std::chrono::seconds(5);
constexpr Duration kLongestPause = std::chrono::minutes(5);

bool is_all_safe(const FolderReading& one) { return one.progress().is_all_safe(); }

/// A file that the system did not let be read.
struct PutOff {
  Time until{};
  Duration pause{};
};

}  // namespace

struct FolderSource::State {
  State(FolderOptions given, fs::path taken)
      : options(std::move(given)),
        name(options.folder.string()),
        list(std::move(taken)),
        watch(options.folder, options.pattern) {}

  FolderOptions options;
  std::string name;
  FolderList list;
  FolderWatch watch;
  std::set<std::pair<Time, std::string>> ready;
  std::set<std::string> listed;           ///< names in `ready`, and the one that is open
  std::map<std::string, PutOff> put_off;  ///< of those in the folder
  std::optional<FolderReading> open;
  std::deque<FolderReading> unsafe;  ///< read, in that order
  Time looked{};                     ///< wall clock
  bool unsaved = false;              ///< the list changed
  bool further = false;              ///< more is safe of those that are being read than is kept
  bool kept = false;                 ///< that, since look()
  std::optional<Time> limit;         ///< frames behind it wait until more is kept
  bool writable = true;
  std::string fault;  ///< of the folder
  std::vector<std::string> news;
  std::uint64_t frames = 0;
  std::uint64_t files = 0;
  std::uint64_t damaged = 0;
  std::uint64_t early = 0;

  /// Lists what is complete and was not read.
  void scan() {
    const FolderWatch::Listing listing = watch.list();
    note_fault(listing);
    if (listing.error) return;
    if (!listing.files.empty() && !listing.cut) {
      unsaved |= list.note_listing(listing.files, looked);
      std::erase_if(put_off, [&](const auto& one) { return !listing.files.contains(one.first); });
    }
    for (const auto& [file, state] : listing.files) {
      const ReadFile* known = list.find(file, state);
      if (listed.contains(file)) continue;
      if (known != nullptr && known->ended && is_unchanged(known->state, state)) {
        look_at_read(file, *known, listing);
      } else if (is_complete(file, state, known, listing.newest)) {
        make_ready(file, state, known);
      }
    }
  }

  void note_fault(const FolderWatch::Listing& listing) {
    std::string now = listing.fault();
    if (now == fault) return;
    fault = std::move(now);
    news.push_back(fmt::format("{} {}", name, fault.empty() ? "can be read as a whole again" : fault));
  }

  [[nodiscard]] bool is_complete(const std::string& file, const FileState& state, const ReadFile* known,
                                 std::int64_t newest) const {
    if (const auto waits = put_off.find(file); waits != put_off.end() && waits->second.until > looked) return false;
    if (watch.is_closed(file)) return true;
    if (known != nullptr && known->closed && is_unchanged(known->state, state)) return true;
    const Duration still = looked.time_since_epoch() - Duration(state.changed);
    return still >= options.settled || (state.changed < newest && still >= kOvertaken);
  }

  void make_ready(const std::string& file, const FileState& state, const ReadFile* known) {
    const bool begun = known != nullptr && known->frames > 0 && may_go_on(known->state, state);
    ready.emplace(begun ? known->last : first_packet(options.folder / file), file);
    listed.insert(file);
  }

  /// `known` was read as `file`, or has this name now.
  void look_at_read(const std::string& file, const ReadFile& known, const FolderWatch::Listing& listing) {
    if (known.name != file) {
      const auto still = listing.files.find(known.name);
      const bool linked = still != listing.files.end() && still->second.inode == known.state.inode;
      const ReadFile* replaced = list.named(file);
      if (linked || !known.safe || (replaced != nullptr && !replaced->safe)) return;
      list.swap_names(std::string(known.name), file);
      unsaved = true;
    }
    ReadFile* same = list.named(file);
    if (watch.take_closed(file)) same->closed = true;
    clean_up(*same);
  }

  /// Deletes a file that is to be, once nobody writes into it any more.
  void clean_up(ReadFile& file) {
    if (!file.remove || !file.safe) return;
    const fs::path path = options.folder / file.name;
    const auto state = state_of(path);
    if (!state || !is_unchanged(file.state, *state)) return;
    const Duration still = looked.time_since_epoch() - Duration(state->changed);
    if (!file.closed && still < std::max<Duration>(kAbandoned, options.settled)) return;
    unsaved = true;
    std::error_code error;
    fs::remove(path, error);
    if (!error) return list.erase(std::string(file.name));
    file.remove = false;
    news.push_back(fmt::format("{} cannot be deleted: {}", path.string(), error.message()));
  }

  /// False when there is none.
  bool open_next() {
    if (ready.empty()) return false;
    const std::string file = std::move(ready.extract(ready.begin()).value().second);
    const auto state = state_of(options.folder / file);
    if (state) begin(file, *state);
    if (!state) listed.erase(file);
    return true;
  }

  /// Goes on with what was read of it.
  void begin(const std::string& file, const FileState& state) {
    const ReadFile* known = list.find(file, state);
    const std::string before = known == nullptr ? file : known->name;
    ReadFile now{.name = file, .state = state, .closed = watch.take_closed(file), .safe = false};
    FolderProgress progress;
    if (known != nullptr && may_go_on(known->state, state)) {
      now.first = known->first;
      now.closed |= known->closed && is_unchanged(known->state, state);
      progress = FolderProgress({known->frames, known->last});
      for (const FolderReading& one : unsafe) {
        if (one.file().name == before) progress = one.progress();
      }
    }
    std::erase_if(unsafe, [&](const auto& one) { return one.file().name == before || one.file().name == file; });
    open.emplace(options.folder / file, std::move(now), std::move(progress));
  }

  Step step(Frame& frame) {
    Step step = Step::Ended;
    try {
      step = open->next(frame, limit.value_or(Time::max()));
      if (step == Step::Ended) finish(open->fault());
    } catch (const ReadFailure& error) {
      try_later(error.what());
    } catch (const std::runtime_error& error) {
      finish(fmt::format("nothing was read: {}", error.what()));
    }
    if (step != Step::Given) return step;
    if (!limit) limit = frame.time + kReadAhead;
    ++frames;
    return step;
  }

  void finish(const std::string& why_not_whole) {
    const bool whole = why_not_whole.empty();
    ++files;
    damaged += whole ? 0U : 1U;
    if (!whole) news.push_back(fmt::format("{}: {}", open->path().string(), why_not_whole));
    put_off.erase(open->file().name);
    leave(true, whole && options.remove);
  }

  void try_later(const std::string& why) {
    PutOff& one = put_off[open->file().name];
    if (one.pause == Duration{}) news.push_back(why + "; it is tried again");
    one.pause = std::clamp(one.pause * 2, kFirstPause, kLongestPause);
    one.until = looked + one.pause;
    leave(false, false);
  }

  void leave(bool ended, bool remove) {
    open->close();
    ReadFile file = open->as_given();
    file.ended = ended;
    file.remove = remove;
    listed.erase(file.name);
    list.put(std::move(file));
    unsafe.push_back(std::move(*open));
    open.reset();
    if (unsafe.size() <= kMostUnsafe) return;
    note_safe(unsafe.front());
    unsafe.pop_front();
    ++early;
  }

  void note_safe(const FolderReading& one) {
    ReadFile* file = list.named(one.file().name);
    if (file == nullptr) return;
    file->safe = true;
    unsaved = true;
    clean_up(*file);
  }

  void release(Time safe) {
    if (open) further |= open->release(safe);
    for (FolderReading& one : unsafe) further |= one.release(safe);
    unsaved |= std::ranges::any_of(unsafe, is_all_safe);
    // Before the list, which has nothing any more of a file that has grown and is not safe again.
    if (unsaved || (further && (!kept || safe == Time::max()))) keep_begun();
    if (!kept) limit.reset();
    kept = true;
    for (const FolderReading& one : unsafe) {
      if (is_all_safe(one)) note_safe(one);
    }
    std::erase_if(unsafe, is_all_safe);
    if (unsaved) note_written(list.save());
    unsaved = false;
  }

  void keep_begun() {
    further = false;
    std::vector<ReadFile> begun;
    begun.reserve(unsafe.size() + 1);
    for (const FolderReading& one : unsafe) begun.push_back(one.as_safe());
    if (open) begun.push_back(open->as_safe());
    note_written(list.save_begun(begun));
  }

  /// What cannot be kept is told of: files would be read twice.
  void note_written(bool good) {
    if (!good && writable) news.push_back(fmt::format("what was read of {} cannot be written", name));
    writable = good;
  }
};

FolderSource::FolderSource(FolderOptions options, fs::path taken)
    : state_(std::make_unique<State>(std::move(options), std::move(taken))) {}

FolderSource::~FolderSource() = default;

const std::string& FolderSource::name() const noexcept { return state_->name; }
std::vector<int> FolderSource::descriptors() const { return {state_->watch.descriptor()}; }

bool FolderSource::next(Frame& frame) {
  State& state = *state_;
  while (true) {
    if (state.open) {
      const Step step = state.step(frame);
      if (step != Step::Ended) return step == Step::Given;
      continue;
    }
    if (state.open_next()) continue;
    if (!state.watch.read_events()) return false;
    state.scan();
    if (state.ready.empty()) return false;
  }
}

void FolderSource::release(Time safe) { state_->release(safe); }

void FolderSource::look(Time now, std::vector<Drops>&, std::vector<std::string>& news) {
  State& state = *state_;
  state.looked = now;
  if (!state.kept) state.limit.reset();
  state.kept = false;
  state.watch.renew();
  (void)state.watch.read_events();
  state.scan();
  news.insert(news.end(), state.news.begin(), state.news.end());
  state.news.clear();
}

Counters FolderSource::counters() const {
  return {{"live.frames", state_->frames},
          {"live.files", state_->files},
          {"live.files_damaged", state_->damaged},
          {"live.files_waiting", state_->ready.size()},
          {"live.released_early", state_->early}};
}

}  // namespace tapestry::capture
