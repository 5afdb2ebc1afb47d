# Flags of every target, through the interface library eic_flags.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(eic_flags INTERFACE)
target_include_directories(eic_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(eic_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2)
if(EIC_WERROR)
  target_compile_options(eic_flags INTERFACE -Werror)
endif()

if(EIC_SANITIZE)
  target_compile_options(eic_flags INTERFACE
    -fsanitize=${EIC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(eic_flags INTERFACE -fsanitize=${EIC_SANITIZE})
else()
  # Hardening that the sanitizers would get in the way of.
  target_compile_options(eic_flags INTERFACE
    -fstack-protector-strong $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
    $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  # Branch protection: the second of x86-64, the third of aarch64.
  foreach(flag -fstack-clash-protection -fcf-protection=full -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "EIC_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(eic_flags INTERFACE ${flag})
    endif()
  endforeach()
  target_link_options(eic_flags INTERFACE
    -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
endif()

if(EIC_COVERAGE)
  target_compile_options(eic_flags INTERFACE --coverage -O0)
  target_link_options(eic_flags INTERFACE --coverage)
endif()
