// The folder of members: root's files, in the order of their names.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "chain/member_file.h"
#include "chain/wrong.h"

namespace eic::chain {

#define EIC_CHAIN_FOLDER "/etc/ec2-instance-connect/chain.d"
inline constexpr const char* kMemberFolder = EIC_CHAIN_FOLDER;

// The owner that files must have, and the topmost folder that is checked. Tests have their own.
struct Trust {
  uid_t owner = 0;
  std::string top = "/";
};

// Why somebody but the owner could change what is at `path`: a folder or file on its real path,
// from `trust.top` on, is not the owner's, or group or others may write to it. Nothing if nobody
// can. sshd requires the same of its own command: sshd_config(5), AuthorizedKeysCommand.
std::optional<std::string> WhoElseCanChange(const std::string& path, const Trust& trust);

struct RefusedFile {
  std::string name;  // of the file
  std::string why;
};

struct MemberFolder {
  std::vector<Member> members;  // in the order of their files' names, as bytes
  std::vector<RefusedFile> refused;
};

// Reads `*.conf`; names that begin with a dot are ignored. A file is refused if somebody else can
// change it or its program, if it is a link or not a regular file, if it does not parse, or if it
// is beyond kMembersMax; the others count. Fails if the folder itself cannot be read, has more than
// kFolderEntriesMax such files, or could be changed by somebody else.
Outcome<MemberFolder> ReadMemberFolder(const std::string& path, const Trust& trust = {});

}  // namespace eic::chain
