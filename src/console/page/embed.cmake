# usage: cmake -DINPUT=FILE -DOUTPUT=FILE.cc -DSYMBOL=NAME -P embed.cmake
#
# Writes the file's bytes, the same by gzip, its type and its hash into a C++ source that defines the Asset
# NAME. The same input gives the same output on every machine.
get_filename_component(name ${INPUT} NAME)
string(REGEX REPLACE "^.*\\." "" extension ${name})
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_mjs "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
if(NOT DEFINED type_${extension})
  message(FATAL_ERROR "${INPUT}: no type is known for .${extension}")
endif()

# eic_literal(NAME HEX): sets NAME to a string literal, 20 bytes a line.
function(eic_literal variable hex)
  string(REGEX REPLACE "(........................................)" "\\1\"\n\"" lines "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" lines "${lines}")
  set(${variable} "\"${lines}\"" PARENT_SCOPE)
endfunction()

file(READ ${INPUT} hex HEX)
file(SHA256 ${INPUT} hash)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")

file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.gz PATHS ${INPUT} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
file(READ ${OUTPUT}.gz gzip HEX)
file(REMOVE ${OUTPUT}.gz)
# Octets 4 to 7 of a member are the time of compression (RFC 1952, 2.3), and 0 for none.
string(SUBSTRING "${gzip}" 0 8 gzip_head)
string(SUBSTRING "${gzip}" 16 -1 gzip_rest)
set(gzip "${gzip_head}00000000${gzip_rest}")
string(LENGTH "${gzip}" digits)
math(EXPR gzip_size "${digits} / 2")
if(NOT gzip MATCHES "^1f8b08")
  message(FATAL_ERROR "${INPUT}: CMake has not compressed it by gzip")
endif()

eic_literal(bytes "${hex}")
eic_literal(gzip_bytes "${gzip}")
if(NOT gzip_size LESS size)
  set(gzip_bytes "\"\"")
  set(gzip_size 0)
endif()
file(WRITE ${OUTPUT}.new "// Written by embed.cmake from ${name}.
#include \"console/page/assets.h\"

namespace eic::console::embedded {
namespace {
constexpr char kBytes[] =
${bytes};
constexpr char kGzipBytes[] =
${gzip_bytes};
}  // namespace

extern const Asset ${SYMBOL};
constinit const Asset ${SYMBOL} = {
    \"${name}\",
    \"${type_${extension}}\",
    {kBytes, ${size}},
    {kGzipBytes, ${gzip_size}},
    \"${hash}\"};
}  // namespace eic::console::embedded
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
