# What is installed, and the Debian package of it (scripts/package).
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
set(units /lib/systemd/system)

install(TARGETS tapestry RUNTIME DESTINATION bin)
install(FILES packaging/tapestry.toml DESTINATION /etc/tapestry)
install(DIRECTORY DESTINATION /etc/tapestry/keys DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
install(DIRECTORY DESTINATION /etc/tapestry/serve DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
install(FILES systemd/tapestry.service systemd/tapestry-finish.service systemd/tapestry-serve.service systemd/tapestry-retain.service
  systemd/tapestry-retain.timer DESTINATION ${units})
install(FILES systemd/sysusers.conf DESTINATION /usr/lib/sysusers.d RENAME tapestry.conf)
install(FILES systemd/tmpfiles.conf DESTINATION /usr/lib/tmpfiles.d RENAME tapestry.conf)
install(FILES packaging/completion/tapestry.bash DESTINATION share/bash-completion/completions RENAME tapestry)
install(FILES packaging/completion/_tapestry DESTINATION share/zsh/vendor-completions)
install(FILES packaging/completion/tapestry.fish DESTINATION share/fish/vendor_completions.d)
install(FILES README.md DESIGN.md HACKING.md CHANGELOG.md packaging/copyright DESTINATION share/doc/tapestry)
install(DIRECTORY docs/ DESTINATION share/doc/tapestry/docs)

# tapestry_compressed(FILE NAME DESTINATION): installs FILE as NAME.gz, the same bytes each time.
function(tapestry_compressed file name destination)
  set(packed ${CMAKE_CURRENT_BINARY_DIR}/packaging/${name}.gz)
  add_custom_command(OUTPUT ${packed}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/packaging
    COMMAND gzip -9nc ${file} > ${packed} DEPENDS ${file} VERBATIM)
  install(FILES ${packed} DESTINATION ${destination})
  set_property(GLOBAL APPEND PROPERTY tapestry_packed ${packed})
endfunction()
tapestry_compressed(${packaging}/man/tapestry.1 tapestry.1 share/man/man1)
tapestry_compressed(${packaging}/man/tapestry.toml.5 tapestry.toml.5 share/man/man5)
configure_file(packaging/changelog.in ${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog @ONLY)
tapestry_compressed(${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog changelog share/doc/tapestry)
get_property(packed GLOBAL PROPERTY tapestry_packed)
add_custom_target(packaging ALL DEPENDS ${packed})

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME tapestry)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Tapestry maintainers <maintainers@tapestry.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "passive call recorder that writes signed vCons")
set(CPACK_PACKAGE_DESCRIPTION "Reads what a SPAN or TAP port saw, correlates SIP and RTP, and leaves for every
conversation one signed vCon with the audio beside it: one stereo recording
per agent, on the wall clock's timeline, with every gap explained.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Loaded when they are needed (core/shared_library.h), so dpkg-shlibdeps does not see them.
string(REGEX MATCH "^[0-9]+" avcodec_major ${ffmpeg_late_libavcodec_VERSION})
string(REGEX MATCH "^[0-9]+" avformat_major ${ffmpeg_late_libavformat_VERSION})
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "libavcodec${avcodec_major}, libavformat${avformat_major}, libcurl4, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, init-system-helpers (>= 1.52)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ethtool)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${packaging}/conffiles ${packaging}/postinst ${packaging}/prerm ${packaging}/postrm)
include(CPack)
