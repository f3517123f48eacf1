#include "tests/bench/linking_clock.h"

#include <ctime>

#include "calls/linker.h"

// The linker's option --wrap sends calls from other objects to __wrap_NAME, and __real_NAME is what they would have
// reached; so the recorder is measured as it is, with nothing in it for the sake of measuring.
namespace tapestry::bench {
namespace {

using calls::Call;
using calls::Linker;

std::int64_t thread_cpu_ns() noexcept {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return used.tv_sec * 1'000'000'000LL + used.tv_nsec;
}

struct Total {
  std::int64_t ns = 0;
  std::uint64_t calls = 0;
};

/// What is wrapped has no place for it. Correlator's thread only.
Total& total() noexcept {
  static Total all;
  return all;
}

class Span {
 public:
  Span() noexcept : began_(thread_cpu_ns()) {}
  ~Span() {
    total().ns += thread_cpu_ns() - began_;
    ++total().calls;
  }
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

 private:
  std::int64_t began_;
};

double clock_ns() {
  constexpr int kLooks = 200'000;
  const std::int64_t began = thread_cpu_ns();
  for (int look = 0; look < kLooks; ++look) (void)thread_cpu_ns();
  return static_cast<double>(thread_cpu_ns() - began) / kLooks;
}

}  // namespace

void real_on_open(Linker*, Call&) asm("__real__ZN8tapestry5calls6Linker7on_openERNS0_4CallE");
void wrap_on_open(Linker*, Call&) asm("__wrap__ZN8tapestry5calls6Linker7on_openERNS0_4CallE");
void wrap_on_open(Linker* self, Call& call) {
  const Span span;
  real_on_open(self, call);
}

void real_on_message(Linker*, Call&, Time) asm(
    "__real__ZN8tapestry5calls6Linker10on_messageERNS0_4CallENSt6chrono10time_pointINS4_3_V212system_clockENS4_"
    "8durationIlSt5ratioILl1ELl1000000000EEEEEE");
void wrap_on_message(Linker*, Call&, Time) asm(
    "__wrap__ZN8tapestry5calls6Linker10on_messageERNS0_4CallENSt6chrono10time_pointINS4_3_V212system_clockENS4_"
    "8durationIlSt5ratioILl1ELl1000000000EEEEEE");
void wrap_on_message(Linker* self, Call& call, Time time) {
  const Span span;
  real_on_message(self, call, time);
}

void real_on_media(Linker*, const Call&, const calls::Track&, const rtp::Chunk&) asm(
    "__real__ZN8tapestry5calls6Linker8on_mediaERKNS0_4CallERKNS0_5TrackERKNS_3rtp5ChunkE");
void wrap_on_media(Linker*, const Call&, const calls::Track&, const rtp::Chunk&) asm(
    "__wrap__ZN8tapestry5calls6Linker8on_mediaERKNS0_4CallERKNS0_5TrackERKNS_3rtp5ChunkE");
void wrap_on_media(Linker* self, const Call& call, const calls::Track& track, const rtp::Chunk& chunk) {
  const Span span;
  real_on_media(self, call, track, chunk);
}

void real_on_over(Linker*, Call&) asm("__real__ZN8tapestry5calls6Linker7on_overERNS0_4CallE");
void wrap_on_over(Linker*, Call&) asm("__wrap__ZN8tapestry5calls6Linker7on_overERNS0_4CallE");
void wrap_on_over(Linker* self, Call& call) {
  const Span span;
  real_on_over(self, call);
}

void real_forget(Linker*, const Call&) asm("__real__ZN8tapestry5calls6Linker6forgetERKNS0_4CallE");
void wrap_forget(Linker*, const Call&) asm("__wrap__ZN8tapestry5calls6Linker6forgetERKNS0_4CallE");
void wrap_forget(Linker* self, const Call& call) {
  const Span span;
  real_forget(self, call);
}

LinkingTime linking_time() {
  const Total& all = total();
  const double look = clock_ns() * 1e-9 * static_cast<double>(all.calls);
  return {static_cast<double>(all.ns) * 1e-9 - look, 2 * look, all.calls};
}

}  // namespace tapestry::bench
