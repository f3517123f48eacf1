#pragma once
#include "sipparse/message.h"

namespace tapestry::pause {

/// Whether an MSML result in the message's body says that what was asked for was not carried out: anything but 2xx (RFC
/// 5707 §9.5), whatever the message's own status is.
bool is_refused_by_msml(const sip::Message& message);

}  // namespace tapestry::pause
