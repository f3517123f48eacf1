#pragma once
#include <memory>
#include <string>

#include "capture/byte_reader.h"
#include "capture/source.h"

namespace tapestry::capture {

/// Opens a pcap or pcapng file (plain or gzip); `-` is stdin. Read in large blocks, never mapped: memory does not grow
/// with the file. Throws std::runtime_error, with the file's name and the reason, when it cannot be opened or is no
/// capture at all. An empty file, or one cut inside its header, is a Source without frames whose info() has damage.
/// Source::next throws std::runtime_error when reading itself fails.
std::unique_ptr<Source> open_file(const std::string& path);

/// The same for bytes from anywhere; `name` is what info() and errors call them.
std::unique_ptr<Source> open_bytes(std::unique_ptr<ByteReader> bytes, const std::string& name);

}  // namespace tapestry::capture
