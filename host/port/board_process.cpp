#include "host/port/board_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include "host/base/deadline.hpp"
#include "host/base/file_descriptor.hpp"
#include "models/error.hpp"

namespace crucible::port {

namespace fs = std::filesystem;

namespace {

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "crucible-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorKind::kDevice, fmt::format("cannot make a folder {}: {}; is TMPDIR writable?",
                                                name, std::strerror(errno)));
  }
  return name;
}

}  // namespace

fs::path find_board() {
  if (const char* named = std::getenv("CRUCIBLE_BOARD"); named != nullptr && *named != '\0') {
    if (::access(named, X_OK) == 0) return named;
    throw Error(
        ErrorKind::kDevice,
        fmt::format("CRUCIBLE_BOARD is '{}', which is no program; unset it or correct it", named));
  }
  fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "crucible-board";
  if (::access(beside.c_str(), X_OK) == 0) return beside;
  throw Error(
      ErrorKind::kDevice,
      fmt::format("there is no '{}'; build the target crucible-board, or set CRUCIBLE_BOARD to it",
                  beside.string()));
}

BoardProcess::BoardProcess(const Options& options) : options_(options), folder_(make_folder()) {
  try {
    spawn();
    wait_until_ready();
  } catch (...) {
    stop();
    throw;
  }
}

BoardProcess::~BoardProcess() { stop(); }

void BoardProcess::spawn() {
  const std::string program = options_.program.string(), log = (folder_ / "board.log").string(),
                    socket = socket_path(), ready = (folder_ / "ready").string();
  std::vector<std::string> words{program,
                                 "--config",
                                 options_.config,
                                 "--model",
                                 options_.model,
                                 options_.card ? "--vfio-user" : "--unix",
                                 socket,
                                 "--ready-file",
                                 ready,
                                 "--parent",
                                 std::to_string(::getpid())};
  if (options_.uart) {
    words.insert(words.end(), {"--pty", uart_path()});
  } else {
    words.emplace_back("--exit-with-client");
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error =
      ::posix_spawn(&pid_, program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    pid_ = -1;
    throw Error(ErrorKind::kDevice,
                fmt::format("cannot start '{}': {}", program, std::strerror(error)));
  }
  pid_fd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pid_fd_ < 0)
    throw Error(ErrorKind::kDevice,
                fmt::format("cannot watch '{}': {}", program, std::strerror(errno)));
}

void BoardProcess::wait_until_ready() {
  const auto deadline = deadline_in(options_.start_timeout);
  const fs::path ready = folder_ / "ready";
  const FileDescriptor watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (::inotify_add_watch(watch.get(), folder_.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
    throw Error(ErrorKind::kDevice,
                fmt::format("cannot watch {}: {}", folder_.string(), std::strerror(errno)));
  }
  for (;;) {
    std::error_code ignored;
    const auto size = fs::file_size(ready, ignored);
    if (!ignored && size > 0) return;
    if (const std::string report = exit_report(); !report.empty()) {
      throw Error(ErrorKind::kDevice, fmt::format("the emulated board did not start: {}", report));
    }
    const int left = remaining_ms(deadline);
    if (left == 0) {
      throw Error(
          ErrorKind::kTimeout,
          fmt::format("the emulated board '{}' was not ready after {} ms (no {}); its output:\n{}",
                      options_.program.string(), options_.start_timeout.count(), ready.string(),
                      last_output()));
    }
    std::array<pollfd, 2> sources{{{watch.get(), POLLIN, 0}, {pid_fd_, POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), left);
    std::array<char, 4096> events;
    while (::read(watch.get(), events.data(), events.size()) > 0) {
    }
  }
}

bool BoardProcess::ended(std::chrono::milliseconds patience) {
  if (reaped_) return true;
  const auto deadline = deadline_in(patience);
  for (;;) {
    if (::waitpid(pid_, &status_, WNOHANG) == pid_) return reaped_ = true;
    const int left = remaining_ms(deadline);
    if (left == 0) return false;
    pollfd source{pid_fd_, POLLIN, 0};
    ::poll(&source, 1, left);
  }
}

std::string BoardProcess::exit_report(std::chrono::milliseconds patience) {
  if (!ended(patience)) return "";
  const std::string how = WIFSIGNALED(status_)
                              ? fmt::format("was ended by signal {}", WTERMSIG(status_))
                              : fmt::format("ended with exit code {}", WEXITSTATUS(status_));
  return fmt::format("'{}' {}; its output:\n{}", options_.program.string(), how, last_output());
}

std::string BoardProcess::last_output() const {
  constexpr size_t kMost = 2000;
  std::ifstream file(folder_ / "board.log", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.empty() ? "(none)" : all.substr(all.size() > kMost ? all.size() - kMost : 0);
}

void BoardProcess::stop() noexcept {
  if (pid_ > 0 && !ended(std::chrono::milliseconds(0))) {
    ::kill(pid_, SIGTERM);
    if (pid_fd_ < 0 || !ended(options_.stop_timeout)) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status_, 0);
      reaped_ = true;
    }
  }
  if (pid_fd_ >= 0) ::close(pid_fd_);
  pid_fd_ = -1;
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace crucible::port
