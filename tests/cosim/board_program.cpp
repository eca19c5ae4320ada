#include "tests/cosim/board_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace crucible::sim {
namespace {
constexpr std::chrono::milliseconds kStart{20'000};
}

BoardProgram::BoardProgram(std::vector<std::string> arguments) {
  std::string name = (std::filesystem::temp_directory_path() / "crucible-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  arguments.insert(arguments.begin(), CRUCIBLE_BOARD_PROGRAM);
  std::vector<char*> argv;
  for (std::string& argument : arguments) {
    if (const size_t at = argument.find("{DIR}"); at != std::string::npos)
      argument.replace(at, 5, folder_.string());
    argv.push_back(argument.data());
  }
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  stdout_ = ends[0];
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, (folder_ / "errors").c_str(),
                                   O_WRONLY | O_CREAT, 0600);
  const int error = ::posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(ends[1]);
  if (error != 0) throw std::runtime_error("cannot start " + arguments.front());
}

BoardProgram::~BoardProgram() {
  if (code_ < 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(stdout_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string BoardProgram::ready_line() {
  std::string line;
  pollfd source{stdout_, POLLIN, 0};
  char character = 0;
  while (::poll(&source, 1, static_cast<int>(kStart.count())) > 0 &&
         ::read(stdout_, &character, 1) == 1) {
    if (character == '\n') return line;
    line += character;
  }
  return {};
}

int BoardProgram::exit_code(std::chrono::milliseconds patience) {
  if (code_ >= 0) return code_;
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd source{descriptor, POLLIN, 0};
  const bool ended = ::poll(&source, 1, static_cast<int>(patience.count())) > 0;
  ::close(descriptor);
  if (!ended) return -1;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  return code_;
}

std::string BoardProgram::errors() const {
  std::ifstream file(folder_ / "errors");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void BoardProgram::signal(int number) const { ::kill(pid_, number); }

}  // namespace crucible::sim
