#pragma once
#include <cstddef>
#include <string>

#include "capture/bpf_program.h"
#include "capture/live_options.h"

namespace tapestry::capture {

/// The name under which a ring's socket is stored (NamedDescriptor), the `ring`th of options.rings: two are alike when
/// sockets, rings, filters and fanout were set up alike, `keep` aside. `filter` is what options.filter was compiled to.
[[nodiscard]] std::string ring_name(const InterfaceOptions& options, const BpfProgram& filter, std::size_t ring);

}  // namespace tapestry::capture
