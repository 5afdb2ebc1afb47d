// The outside of the client's commands, scripted.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "client/outside.h"
#include "tests/client/fake_api.h"
#include "tests/fakes/temp_folder.h"

namespace eic::fakes {

class FakeOutside : public client::Outside {
 public:
  FakeOutside() {
    answers["ssh -V"] = {0, "", "OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15\n"};
    environment["HOME"] = home.path().string();
  }

  aws::Outcome<std::unique_ptr<aws::Api>> OpenApi(const aws::Settings& settings) override {
    cloud.opened.push_back(settings);
    if (open_fails) return *open_fails;
    return std::unique_ptr<aws::Api>(std::make_unique<FakeApi>(cloud));
  }

  aws::Outcome<client::KeptKey> MakeKey(const client::Folder& /*folder*/,
                                        const client::KeyRequest& request) override {
    keys.push_back(request);
    return client::KeptKey{"ssh-ed25519 KEY" + std::to_string(keys.size()), request.type};
  }
  aws::Outcome<Nothing> MarkPushed(const client::Folder& /*folder*/, pid_t ssh_pid) override {
    events.push_back("pushed " + std::to_string(ssh_pid));
    if (keys.size() <= keys_lost) return aws::Failure{"KeyGone", "the keeper was killed"};
    return Nothing{};
  }
  void DropKey(const client::Folder& /*folder*/, pid_t ssh_pid) override {
    events.push_back("dropped " + std::to_string(ssh_pid));
  }
  void RecordFailure(const client::Folder& /*folder*/, const std::string& target,
                     const aws::Failure& failure) override {
    events.push_back("recorded " + target + " " + failure.code);
  }

  std::vector<aws::Outcome<client::Ran>> RunAll(
      const std::vector<std::vector<std::string>>& programs) override {
    std::vector<aws::Outcome<client::Ran>> ran;
    for (const auto& words : programs) {
      const std::string line = Joined(words);
      ran_lines.push_back(line);
      // The longest beginning of the line that has an answer.
      client::Ran answer{0, "", ""};
      std::size_t length = 0;
      for (const auto& [begin, one] : answers) {
        if (line.compare(0, begin.size(), begin) != 0 || begin.size() < length) continue;
        answer = one;
        length = begin.size();
      }
      ran.push_back(answer);
    }
    return ran;
  }

  aws::Failure Become(const std::vector<std::string>& arguments) override {
    became = arguments;
    events.push_back("became " + arguments.at(0));
    return {"Became", "a real one would not be here"};
  }

  void EndAfter(int seconds) override { ends_after_s = seconds; }
  aws::Outcome<client::Folder> OpenFolder() override {
    return client::Folder{home.path().string()};
  }
  std::string Environment(const std::string& name) const override {
    const auto found = environment.find(name);
    return found == environment.end() ? "" : found->second;
  }
  aws::Outcome<std::string> HomeOfPasswd() const override { return home.path().string(); }
  aws::Outcome<std::string> OwnProgram() const override { return std::string("/usr/bin/eic"); }
  std::string StandardInput() override { return input; }
  pid_t Pid() const override { return 4242; }
  pid_t ParentPid() const override { return 4241; }
  std::ostream& Output() override { return output; }
  std::ostream& Errors() override { return errors; }
  bool IsErrorsTerminal() const override { return is_terminal; }
  std::size_t OutputColumns() const override { return columns; }

  static std::string Joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
    return line;
  }

  // The line of Become, with FILE for the -F file.
  std::string BecameLine() const {
    std::vector<std::string> words = became;
    for (std::size_t at = 1; at < words.size(); ++at) {
      if (words[at - 1] == "-F") words[at] = "FILE";
    }
    return Joined(words);
  }

  // What the -F file says.
  std::string ConfigText() const {
    for (std::size_t at = 1; at < became.size(); ++at) {
      if (became[at - 1] != "-F") continue;
      std::ifstream stream(became[at]);
      return {std::istreambuf_iterator<char>(stream), {}};
    }
    return "";
  }

  TempFolder home;
  int ends_after_s = 0;  // 0: whenever
  FakeCloud cloud;
  std::optional<aws::Failure> open_fails;
  std::map<std::string, client::Ran> answers;  // of programs, by the beginning of their line
  std::map<std::string, std::string> environment;
  std::string input;
  bool is_terminal = true;
  std::size_t columns = 0;
  std::size_t keys_lost = 0;  // the first so many are gone before they are pushed

  std::vector<client::KeyRequest> keys;
  std::vector<std::string> events;
  std::vector<std::string> ran_lines;
  std::vector<std::string> became;
  std::ostringstream output;
  std::ostringstream errors;
};

}  // namespace eic::fakes
