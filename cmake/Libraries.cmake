# The libraries of other projects, under the same target names for both values of EIC_LINK.
#
# Bundled, agent and client each have libraries of their own: the agent's can do neither TLS nor
# threads. So each end is a build of its own (EIC_BUILD_AGENT, EIC_BUILD_CLIENT) with a prefix of its
# own, and what both use, src/core, is compiled in each against the libcrypto that it is linked with.
set(EIC_LINK system CACHE STRING
  "system: the libraries of this system. bundled: those of EIC_BUNDLE_PREFIX, all linked in")
set_property(CACHE EIC_LINK PROPERTY STRINGS system bundled)
set(EIC_BUNDLE_PREFIX "" CACHE PATH
  "Where include/ and lib/*.a of the bundled libraries are (./dev payload makes them)")

if(EIC_LINK STREQUAL "system")
  find_package(OpenSSL 1.1.1 REQUIRED COMPONENTS Crypto)
  find_package(CURL 7.64 REQUIRED)
  find_package(nlohmann_json REQUIRED)
  if(EIC_BUILD_AGENT)
    find_package(spdlog REQUIRED)
  endif()
  # Without CLI11 the agent alone is built, without pugixml no client.
  find_package(CLI11 QUIET)
  find_package(pugixml QUIET)
elseif(EIC_LINK STREQUAL "bundled")
  if(EIC_BUILD_AGENT AND EIC_BUILD_CLIENT)
    message(FATAL_ERROR "EIC_LINK=bundled: switch off EIC_BUILD_AGENT or EIC_BUILD_CLIENT; each has libraries of its own")
  endif()
  # Named one by one and searched for nowhere else: a payload that silently took a library of the
  # machine that built it would not start on another.
  set(EIC_BUNDLE lib/libcrypto.a lib/libcurl.a include/openssl/x509.h include/curl/curl.h
    include/nlohmann/json.hpp include/CLI/CLI.hpp)
  if(EIC_BUILD_AGENT)
    list(APPEND EIC_BUNDLE include/spdlog/spdlog.h include/fmt/format.h)
  endif()
  if(EIC_BUILD_CLIENT)
    list(APPEND EIC_BUNDLE lib/libssl.a lib/libpugixml.a include/pugixml.hpp)
  endif()
  foreach(file ${EIC_BUNDLE})
    if(NOT EXISTS ${EIC_BUNDLE_PREFIX}/${file})
      message(FATAL_ERROR "EIC_LINK=bundled: EIC_BUNDLE_PREFIX (${EIC_BUNDLE_PREFIX}) has no ${file}")
    endif()
  endforeach()

  # eic_bundled(TARGET [ARCHIVE]): an imported library, without ARCHIVE one of headers alone.
  function(eic_bundled target)
    if(ARGC GREATER 1)
      add_library(${target} STATIC IMPORTED GLOBAL)
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${EIC_BUNDLE_PREFIX}/lib/${ARGV1})
    else()
      add_library(${target} INTERFACE IMPORTED GLOBAL)
    endif()
    set_target_properties(${target} PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES ${EIC_BUNDLE_PREFIX}/include)
  endfunction()

  eic_bundled(OpenSSL::Crypto libcrypto.a)
  eic_bundled(CURL::libcurl libcurl.a)
  eic_bundled(nlohmann_json::nlohmann_json)
  eic_bundled(CLI11::CLI11)
  set(CLI11_FOUND TRUE)
  target_compile_definitions(CURL::libcurl INTERFACE CURL_STATICLIB)
  if(EIC_BUILD_AGENT)
    eic_bundled(fmt::fmt-header-only)
    eic_bundled(spdlog::spdlog_header_only)
    target_compile_definitions(fmt::fmt-header-only INTERFACE FMT_HEADER_ONLY)
    target_compile_definitions(spdlog::spdlog_header_only INTERFACE SPDLOG_FMT_EXTERNAL)
  endif()
  if(EIC_BUILD_CLIENT)
    eic_bundled(OpenSSL::SSL libssl.a)
    eic_bundled(pugixml::pugixml libpugixml.a)
    set(pugixml_FOUND TRUE)
    # Archives do not say what they need.
    find_package(Threads REQUIRED)
    target_link_libraries(OpenSSL::Crypto INTERFACE Threads::Threads)
    target_link_libraries(OpenSSL::SSL INTERFACE OpenSSL::Crypto)
    target_link_libraries(CURL::libcurl INTERFACE OpenSSL::SSL)
  endif()
  # The emulator is a tool of development and brings further libraries; so does the console, whose
  # libssh has security updates of its own.
  set(EIC_BUILD_EMULATOR OFF)
  set(EIC_BUILD_CONSOLE OFF)

  # The C++ library as well. libc and the loader stay the host's, since its users come through its
  # NSS modules, which must meet the libc that they were made for. No symbol of a bundled library is
  # visible to those modules, which may have brought their own of the same name.
  target_compile_options(eic_flags INTERFACE -ffunction-sections -fdata-sections
    -include ${PROJECT_SOURCE_DIR}/cmake/glibc_2_26.h)
  target_link_options(eic_flags INTERFACE
    -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,--exclude-libs,ALL)
  # See src/host/confinement.cc.
  target_compile_definitions(eic_flags INTERFACE EIC_BUNDLED_OPENSSL)
else()
  message(FATAL_ERROR "EIC_LINK is '${EIC_LINK}': it is system or bundled")
endif()
find_package(Threads REQUIRED)

if(EIC_BUILD_CONSOLE)
  find_path(EIC_BOOST_INCLUDE_DIR boost/beast.hpp)
  find_path(EIC_LIBSSH_INCLUDE_DIR libssh/libssh.h)
  find_library(EIC_LIBSSH_LIBRARY ssh)
  find_path(SECCOMP_INCLUDE_DIR seccomp.h)
  find_library(SECCOMP_LIBRARY seccomp)
  foreach(found EIC_BOOST_INCLUDE_DIR EIC_LIBSSH_INCLUDE_DIR EIC_LIBSSH_LIBRARY SECCOMP_LIBRARY)
    if(EIC_BUILD_CONSOLE AND NOT ${found})
      message(STATUS "eic-console is not built: Boost.Beast, libssh or libseccomp is missing (${found};"
        " ./dev setup installs them)")
      set(EIC_BUILD_CONSOLE OFF)
    endif()
  endforeach()
endif()
if(EIC_BUILD_AGENT)
  # For the build alone (src/host/seccomp_rules.cc), so that of this system in both cases.
  find_path(SECCOMP_INCLUDE_DIR seccomp.h REQUIRED)
  find_library(SECCOMP_LIBRARY seccomp REQUIRED)
endif()
