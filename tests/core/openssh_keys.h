// Public keys and fingerprints that ssh-keygen(1) made, so that what is read and printed here is
// held against somebody else's idea of it.
#pragma once

#include <string_view>

namespace eic {

struct OpensshKey {
  const char* name;
  std::string_view line;
  std::string_view sha256;
  std::string_view md5;
};

inline constexpr OpensshKey kOpensshKeys[] = {
    {"Rsa2048",
     "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC8o4HilkvoBBehseHaRj6MTpNoL/l2Nk5DwoQUW+IRqfh1"
     "ifZU/PwpbPbcWjkVntmVUEVgLBu9SGlRHMnTnDwuAYBy32JSaVOOpMo8kJhhymPuCJA0LmrhXVaMghN5fXGZ"
     "BG8RTUxhncjaNo0DLWBwO8OxWluZCY145MMNjAPFUQmuGFW+BdZgpMN1CViF2CopwAS+KJogksSt8Rp32pds"
     "TgTw4ZkU3t3xfZXMWlIFNAWm4SYzu8LAek/Iz6EcnNo9ebd2lAXZrdmBkpeVbdKg+W0j9vACF9Ktzbry48TB"
     "sgF0z/hkRMBVxJsUXt3lSt4shzcu9QOabqdcB1He2jOX",
     "SHA256:YRFgU7NatgnVVXrN0hi3S7KH37PuJOy18X+Wj5wPu/s",
     "MD5:f9:e0:48:81:3c:6c:06:bb:d5:fe:98:9e:58:c3:16:7e"},
    {"Ed25519", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIArPgNlk+jU7qzJupKyub+Rprj6VbleNE0ZIu55mNb27",
     "SHA256:VYQgm9pIPkn490QFP0Ovey0fpizQdRNVwL2neDjOBv8",
     "MD5:01:44:0e:df:18:23:4e:7d:60:cc:86:10:a2:bd:53:fc"},
    {"Ecdsa256",
     "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHApAMRoJ3UR"
     "zYouM8NNuINzkc0e9sigSLHmLGON76i9icqW5q1oHOmlFzgTkHFJvOd3gEoCs5dyFc6bi8t7Xyw=",
     "SHA256:tMKPP2pzPj3bBWetVh30mfdJODeAUfPsQT9PAWjliVo",
     "MD5:06:38:56:be:e9:32:db:d2:dd:05:ec:dd:40:25:a8:32"},
    {"Ecdsa384",
     "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBC3r2j2rP5t/"
     "Us30C9DF50YB9retpNRl4k+XVDEEfCI3vfCvjbFVcIeBvSfnk+XdDyXe2E+tJ1+LoVl7JWX6UqAYiSwRyhce"
     "W/Shm9sJBKALudQz0LmmKeIR3jfw5RvjAg==",
     "SHA256:MHn9Zab/pPcBdiIeTKH+7ag+MPGRLOR/ThZFh86t7nU",
     "MD5:91:ea:01:b4:a4:fd:8f:5d:f6:9e:d8:59:cf:f6:99:2a"},
    {"Ecdsa521",
     "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAG/fKkwXNf+"
     "cSC5yPQvuv79M6v+5ClfAyMSWIBiiPqOj8ivy34K+m8Jymmu3CpNihun5Qu5F82dn2PEsXQUHEuQsgDEmXWF"
     "tpboomscdWgu8KT6JbOYHLEvmII7EV/9DHCFkMD182J29aX5UDuhicGvGV9hXe4URl01XAPW/Xp5jODtqQ==",
     "SHA256:TCQ7g0W1ouDR2B+CTYKFwjpnIZe/E/k372cts8yryK4",
     "MD5:d8:68:e2:21:5e:da:f4:c6:9d:d9:c1:8e:c9:99:1d:a8"},
};

// Keys that sshd would read, and that are never printed here.
inline constexpr std::string_view kOpensshRsa1024 =
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDr2Hhy+bjirDM5xtO6VuzuQ63/VNWGCWeB5t/amrBSu+FA"
    "B6AanG/I+udU2oFBSURS1pWFkVM3RkfU13Xqnjjb73xQVvk/tnO1B7LcK9RgICSq2Z8rx1t2u+aC4lzohliI"
    "PHaXqFQKZGOA6KqW0yB4WDNMmCxf6dOCxIZKDIJL/Q==";
inline constexpr std::string_view kOpensshDsa =
    "ssh-dss AAAAB3NzaC1kc3MAAACBAP8MblnaBubl84JuZzHPEzxapIGMS35c5o6DV1qDVJjxVTJXYBersA2T"
    "iIv1+koxMrlIPk9iNsiztfhGwPNQrOP5tZ8peTEBF67Mc/bp4PQLHcJzAAtARyBVAtvTMqOtJLuEOTlABHH5"
    "wRdytosd6cWTBeL+8KJIP+A4Pe9oWsbFAAAAFQDa/au4hB5jxIQZufLIaSEreIEhOQAAAIBdBTybRyGQIHK6"
    "xbhdtSSM/cEiUetQ0MAoWH5tDsOlULZogOkfdk3ZXk0bKtFvHnpy3Ks81QT72hnp83I4mFobVdawBh7y+8Tu"
    "eGKXRgS/t8/kZhbqgInxkiguCqZ6jasgmCLA/ky2BNVbfOgwnSSI7Z9zK9Ne/dJIwVChXocw0gAAAIEA2lDk"
    "5AGJwAoQg/103gr5wRs51VbkSEg2s1n6By0W3VljppGd68cJKIP/EVMqPEQQSqhSEn3g5VwACTFC9Cb5CjKl"
    "7Ledg+9dnLTrQV/OxzJzk0Jiw3tCX0R8v8ID+8lxK/csg92vRf/8XOgTlwwMGPK1Ii6BAOaG/AFA8ctT4rY=";

}  // namespace eic
