// `eic config --install` and `--remove`: the block's file in eic's folder, and the lines in
// ~/.ssh/config that include it.
//
// ~/.ssh/config is a person's: as little as possible is changed in it, in one step, with a backup
// (config.before-eic), and links, mode and owner stay. Then ssh itself is asked what it makes of
// it. Where an earlier setting counts in place of ours:
//  - one for every host (above the first section, or below `Host *`): the block moves to the top of
//    the file. Such a setting was not meant for instances; but aliases of instances below the block
//    do not get it any more, so it is said.
//  - one of a section of its own, such as `Host i-*`: that is a decision about instances, and ours
//    must not overrule it in silence. Everything is put back, and the failure names the line.
//    `--first` puts the block at the top all the same.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "client/ssh/config_writer.h"
#include "client/ssh/run_ssh.h"

namespace eic::client {

struct ConfigPlace {
  std::string ssh_folder;   // ~/.ssh, of passwd's home
  std::string config_file;  // ~/.ssh/config
};

// What `ssh -G ID` says now, with that configuration.
using AskSsh = std::function<aws::Outcome<Ran>(const std::string& host)>;

struct ConfigReport {
  bool has_changed = false;
  std::vector<std::string> notes;  // for people, one line each
};

// Fails with `BadConfiguration`, `BadFile`, `BadPath`; then everything is as it was.
aws::Outcome<ConfigReport> InstallConfig(const ConfigPlace& place, const BlockSpec& spec,
                                         bool goes_first, const AskSsh& ask);

aws::Outcome<ConfigReport> RemoveConfig(const ConfigPlace& place, const Folder& folder);

}  // namespace eic::client
