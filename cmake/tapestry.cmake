# What all targets share: warnings, sanitizers, hardening; and one function per kind of target.
add_library(tapestry_options INTERFACE)
target_include_directories(tapestry_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(tapestry_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast
  $<$<BOOL:${TAPESTRY_WERROR}>:-Werror>
  -fstack-protector-strong -fno-omit-frame-pointer)
target_link_options(tapestry_options INTERFACE -Wl,-z,relro,-z,now)
if(TAPESTRY_SANITIZE)
  target_compile_options(tapestry_options INTERFACE -fsanitize=${TAPESTRY_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(tapestry_options INTERFACE -fsanitize=${TAPESTRY_SANITIZE})
  # g++ 12 sees uninitialised members of the standard library where a sanitizer's checks stand between.
  target_compile_options(tapestry_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(tapestry_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(TAPESTRY_FUZZ)
  target_compile_options(tapestry_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# tapestry_stage(NAME [USES ours...] [LIBRARIES foreign...]): the static library of the folder NAME, all its .cpp files.
function(tapestry_stage name)
  cmake_parse_arguments(ARG "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(TRANSFORM ARG_USES PREPEND tapestry_)
  if(NOT sources)
    add_library(tapestry_${name} INTERFACE)
    target_link_libraries(tapestry_${name} INTERFACE tapestry_options ${ARG_USES} ${ARG_LIBRARIES})
    return()
  endif()
  add_library(tapestry_${name} STATIC ${sources})
  target_link_libraries(tapestry_${name} PUBLIC tapestry_options ${ARG_USES} ${ARG_LIBRARIES})
  tapestry_use_headers(tapestry_${name} tapestry_headers)
endfunction()
