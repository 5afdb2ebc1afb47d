#include "console/front/peer_user.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aws/system/descriptor.h"

namespace eic::console {
namespace {

constexpr char kTable[] =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 "
    "11 1 0 100 0 0 10 0\n"
    "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     5        0 "
    "12 1 0 20 4 30 10 -1\n"
    "   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 "
    "13 1 0 20 4 30 10 -1\n"
    "   3: 0100007F:C351 0100007F:1F90 06 00000000:00000000 03:00000000 00000000     0        0 "
    "0 3 0\n"
    "   4: 0100007F:C352 0100007F:1F90 01\n";

TEST(PeerUser, IsTheOwnerOfTheOtherEnd) {
  EXPECT_EQ(UserInTable(kTable, {"127.0.0.1", 50000, "127.0.0.1", 8080}), uid_t{1000});
}

TEST(PeerUser, IsUnknownWhereTheTableDoesNotSay) {
  const Ends rows[] = {{"127.0.0.1", 50001, "127.0.0.1", 8080},  // closed: nobody's
                       {"127.0.0.1", 50002, "127.0.0.1", 8080},  // cut short
                       {"127.0.0.1", 50003, "127.0.0.1", 8080},
                       {"127.0.0.2", 50000, "127.0.0.1", 8080},
                       {"no address", 50000, "127.0.0.1", 8080}};
  for (const Ends& ends : rows) EXPECT_FALSE(UserInTable(kTable, ends)) << ends.peer_port;
  EXPECT_FALSE(UserInTable("", rows[0]));
}

TEST(PeerUser, OfARealConnectionIsOurselves) {
  const Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener.get(), 1), 0);
  ASSERT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const Descriptor peer(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(connect(peer.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  sockaddr_in own{};
  ASSERT_EQ(getsockname(peer.get(), reinterpret_cast<sockaddr*>(&own), &size), 0);
  EXPECT_EQ(UserOfPeer({"127.0.0.1", ntohs(own.sin_port), "127.0.0.1", ntohs(address.sin_port)}),
            geteuid());
}

}  // namespace
}  // namespace eic::console
