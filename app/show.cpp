#include "app/show.h"
namespace tapestry::app {
std::string show(std::string_view, const ShowStyle&) { return {}; }
}  // namespace tapestry::app
