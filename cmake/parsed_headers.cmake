# Headers that most files include, parsed once: g++ and clang need two fifths less for a file. The presets dev, clang and
# bench do without, and so find what a file forgot to include.
option(TAPESTRY_PARSED_HEADERS "headers of the standard library and Catch2 are parsed once, not by each file" OFF)
set(common_headers <algorithm> <array> <charconv> <chrono> <deque> <expected> <filesystem> <fstream> <functional> <map> <memory>
  <optional> <set> <span> <sstream> <string> <string_view> <system_error> <thread> <unordered_map> <variant> <vector> <fmt/format.h>)

# tapestry_parse_headers(NAME TARGET HEADER...): what targets like TARGET, which has the same compile options, use by
# tapestry_use_headers(TARGET NAME).
function(tapestry_parse_headers name)
  if(NOT TAPESTRY_PARSED_HEADERS)
    return()
  endif()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/nothing.cpp CONTENT "")
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/nothing.cpp)
  target_link_libraries(${name} PRIVATE tapestry_options fmt::fmt)
  target_compile_options(${name} PRIVATE -pthread)  # as re2 wants it, and so all that use core
  target_precompile_headers(${name} PRIVATE ${common_headers} ${ARGN})
  # For ccache, which must know from the headers, not from the time, whether the parsed form is the same.
  target_compile_options(${name} PRIVATE $<IF:$<CXX_COMPILER_ID:GNU>,-fpch-preprocess,SHELL:-Xclang -fno-pch-timestamp>)
endfunction()

function(tapestry_use_headers target name)
  if(NOT TAPESTRY_PARSED_HEADERS)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${name})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
