#pragma once

namespace tapestry::service {

/// The calling thread, and those that it begins later, run when nobody else needs the processors. What is captured is
/// lost when it is late; what is in the spool waits. As far as the system permits it. May be called behind fork().
void leave_processors_to_others() noexcept;

}  // namespace tapestry::service
