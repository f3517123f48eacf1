// The spool's log from any bytes: nothing is read that was not written. The first byte tells whether the rest are
// changes to a good log, or files of their own.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "spool/log_reader.h"
#include "spool/log_writer.h"
#include "spool/record_reader.h"
#include "tests/support/fake_disk.h"

namespace {

using namespace tapestry;
using namespace tapestry::spool;

void require(bool good) {
  if (!good) std::abort();
}

Secret master() {
  const std::vector<std::uint8_t> bytes(kKeyBytes, 0x11);
  return Secret{Bytes(bytes)};
}

/// Every payload is this one, so that a wrong record is known.
WipedBytes payload() {
  const Bytes text = as_bytes("what was said");
  return {text.begin(), text.end()};
}

void write_log(Disk& disk, bool by_blocks) {
  KeyTable keys(disk, master());
  const LogLimits small{.segment_bytes = 512};
  const LogLimits blocks{.segment_bytes = 16384, .write_bytes = 128, .block_bytes = 1};
  LogWriter writer(disk, keys, {}, by_blocks ? blocks : small);
  const KeyId gone = keys.create();
  for (const KeyId key : {keys.create(), KeyId{0}, gone, keys.create(), KeyId{0}}) {
    require(writer.append({.kind = 1, .key = key, .payload = payload()}));
    writer.write(false);
  }
  writer.write(true);
  writer.sync();
  keys.destroy({gone});
}

void change(testing::FakeDisk& disk, Cursor cursor) {
  const auto names = disk.list();
  while (cursor.left() >= 4) {
    auto& bytes = disk.file((*names)[cursor.u8() % names->size()]);
    const std::size_t at = cursor.u16();
    const std::uint8_t with = cursor.u8();
    if (bytes.empty()) continue;
    if (with == 0) {
      bytes.resize(at % bytes.size());
    } else {
      bytes[at % bytes.size()] ^= with;
    }
  }
}

void read_log(Disk& disk) {
  KeyTable keys(disk, master());
  LogReader reader(disk, keys);
  LogPlace place;
  std::uint64_t last = 0;
  while (const auto record = reader.next(place)) {
    require(record->payload == payload() && reader.sequence() > last);
    last = reader.sequence();
    const auto again = RecordReader(disk, keys).read(place);
    require(again && again->payload == record->payload);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  testing::FakeDisk disk;
  const Bytes rest = Bytes(data, size).subspan(1);
  if (data[0] % 2 == 0) {
    write_log(disk, data[0] % 4 == 2);
    change(disk, Cursor(rest));
  } else {
    for (const char* name : {"segment-0000000001", "keys-0000000000"}) {
      const auto file = disk.open(name, true);
      (void)write_all(disk, *file, 0, rest);
    }
  }
  try {
    read_log(disk);
  } catch (const std::runtime_error&) {
    // Keys that another master key wrapped.
  }
  return 0;
}
