// `crucible record`: another command, with everything that it does to its device kept in a file.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "host/apps/command.hpp"
#include "host/record/recording_port.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct RecordOptions {
  std::string file;
  std::vector<std::string> command;
};

/// The command's words with a recording around its address.
std::vector<std::string> recorded_command(const RecordOptions& options) {
  std::vector<std::string> words{"crucible"};
  words.insert(words.end(), options.command.begin(), options.command.end());
  const auto around = [&](std::string& address) {
    address = record::recorded(options.file, address);
  };
  constexpr std::string_view kJoined = "--address=", kBackend = "board:";
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with(kJoined)) {
      std::string address = words[i].substr(kJoined.size());
      around(address);
      words[i] = std::string(kJoined) + address;
      return words;
    }
    if (i + 1 == words.size()) break;
    if (words[i] == "--address") {
      around(words[i + 1]);
      return words;
    }
    if (words[i] == "--backend" && words[i + 1].starts_with(kBackend)) {
      std::string address = words[i + 1].substr(kBackend.size());
      around(address);
      words[i + 1] = std::string(kBackend) + address;
      return words;
    }
  }
  throw Error(ErrorKind::kUsage,
              "record: the command names no device; give it --address (or, for mvm, --backend "
              "board:ADDRESS), which may be sim:rtl or model");
}

int run(const RecordOptions& options) {
  if (options.command.front() == "record")
    throw Error(ErrorKind::kUsage, "record: a recording of a recording; leave one out");
  std::vector<std::string> words = recorded_command(options);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  Program program;
  add_commands(program);
  return program.run(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

void add_record(Program& program) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App& command = program.add_command(
      "record", "Another command, with all that it does to its device kept in a file",
      "  crucible record bug.rec -- eval --address uart:/dev/ttyUSB1?baud=3000000 --images 2\n"
      "  crucible record good.rec -- mvm --levels l.npy --inputs x.npy --out r.npy --backend "
      "board:sim:rtl:tiny\n"
      "'crucible replay' plays it against another device; an address record:FILE,ADDRESS does the "
      "same.",
      [&program, options] { program.end_with(run(*options)); });
  command.add_option("file", options->file, "The recording")->required()->type_name("FILE");
  command.add_option("command", options->command, "The command with its options, after --")
      ->required()
      ->type_name("COMMAND..");
  command.positionals_at_end(false);
}

}  // namespace crucible::apps
