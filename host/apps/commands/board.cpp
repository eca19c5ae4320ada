// `crucible board`: which FPGA boards there are, and a bitstream onto one.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "host/apps/command.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

namespace fs = std::filesystem;

struct BoardOptions {
  std::string action, name, bitstream;
};

/// scripts/board.py of the source tree: it alone knows boards and their programmers.
fs::path find_script() {
  const char* named = std::getenv("CRUCIBLE_SOURCE");
  const fs::path tree =
      named != nullptr && *named != '\0' ? fs::path(named) : fs::path(CRUCIBLE_SOURCE_FOLDER);
  fs::path script = tree / "scripts" / "board.py";
  if (!fs::exists(script)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("board: boards and their programmers are known to the source tree, and "
                            "there is no '{}'; set CRUCIBLE_SOURCE to the folder of the tree",
                            script.string()));
  }
  return script;
}

/// Becomes scripts/board.py, whose words and exit code are the command's. Throws where it cannot.
void run(const BoardOptions& options, bool json) {
  const bool programs = options.action == "program";
  if (programs && options.name.empty())
    throw Error(ErrorKind::kUsage,
                "board: program which board? 'crucible board list' says which there are");
  if (!programs && !(options.name.empty() && options.bitstream.empty()))
    throw Error(ErrorKind::kUsage, "board: list takes neither a board nor a bitstream");
  if (programs && json)
    throw Error(ErrorKind::kUsage, "board: --json goes with list; a programmer talks as it likes");
  const fs::path script = find_script();
  std::vector<std::string> words{script.string(), options.action};
  if (programs) words.push_back(options.name);
  if (!options.bitstream.empty())
    words.insert(words.end(), {"--bitstream", fs::absolute(options.bitstream).string()});
  if (json) words.emplace_back("--json");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(script.c_str(), arguments.data());
  throw Error(ErrorKind::kUsage, fmt::format("board: '{}' cannot be started: {}", script.string(),
                                             std::strerror(errno)));
}

}  // namespace

void add_board(Program& program) {
  auto options = std::make_shared<BoardOptions>();
  CLI::App& command = program.add_command(
      "board", "Which FPGA boards there are; a bitstream onto the one that is plugged in",
      "  crucible board list\n"
      "  crucible board program icebreaker\n"
      "  crucible board program icebreaker --bitstream build/boards/icebreaker/bitstream.bin\n"
      "`make bitstream BOARD=icebreaker` makes the bitstream; another board's, a damaged one or "
      "another tree's is refused.\n"
      "Exit codes: those of crucible, and 77 where the programmer is not installed.",
      [&program, options] { run(*options, program.options().json); });
  command.add_option("action", options->action, "list or program")
      ->required()
      ->check(CLI::IsMember({"list", "program"}))
      ->type_name("WORD");
  command.add_option("name", options->name, "The board, as list names it")->type_name("NAME");
  command
      .add_option("--bitstream", options->bitstream,
                  "With its manifest.json beside it (default: what make bitstream made)")
      ->type_name("FILE");
}

}  // namespace crucible::apps
