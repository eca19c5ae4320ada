#include "host/regress/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>

#include "host/base/deadline.hpp"

namespace crucible::regress {
namespace {

constexpr int kLookMs = 500;                        ///< between two looks at `stop`
constexpr std::chrono::milliseconds kGrace{2'000};  ///< from SIGTERM to SIGKILL

class Child {
 public:
  Child(const Task& task, size_t index) : limit_(task.limit), index_(index) { spawn(task); }
  ~Child() {
    if (pid_ > 0) end(SIGKILL);
    if (fd_ >= 0) ::close(fd_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] size_t index() const { return index_; }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
  [[nodiscard]] const TaskEnd& result() const { return end_; }

  /// Whether it is over; reaps it, and ends what is left of its group.
  bool over() {
    if (pid_ <= 0) return true;
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0) {
      return false;
    }
    ::kill(-pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    end_.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    if (forced_ != Ending::kExit) {
      end_.how = forced_;
      if (forced_ == Ending::kTimeout) end_.code = static_cast<int>(limit_.count());
    } else if (WIFSIGNALED(status)) {
      end_ = {Ending::kSignal, WTERMSIG(status), "", end_.seconds};
    } else {
      end_ = {Ending::kExit, WEXITSTATUS(status), "", end_.seconds};
    }
    return true;
  }

  /// Asks the group to end, and insists after a while.
  void force(Ending why) {
    if (pid_ <= 0) return;
    if (forced_ == Ending::kExit) {
      forced_ = why;
      ::kill(-pid_, SIGTERM);
      deadline_ = deadline_in(kGrace);
    } else if (remaining_ms(deadline_) == 0) {
      ::kill(-pid_, SIGKILL);
    }
  }

 private:
  void end(int signal) {
    ::kill(-pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
  }

  void spawn(const Task& task) {
    std::vector<std::string> words = task.command, variables = task.environment;
    std::vector<char*> argv, envp;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    for (std::string& variable : variables) envp.push_back(variable.data());
    for (char** old = environ; *old != nullptr; ++old) {
      const std::string name(*old, std::strcspn(*old, "=") + 1);
      const bool replaced = std::any_of(variables.begin(), variables.end(),
                                        [&](const std::string& v) { return v.starts_with(name); });
      if (!replaced) envp.push_back(*old);
    }
    envp.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, task.out.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (task.err == task.out) {
      posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    } else {
      posix_spawn_file_actions_addopen(&files, STDERR_FILENO, task.err.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0644);
    }
    if (!task.folder.empty()) posix_spawn_file_actions_addchdir_np(&files, task.folder.c_str());
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGUSR1}) sigaddset(&usual, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    begin_ = Clock::now();
    deadline_ = deadline_in(task.limit);
    const int error =
        ::posix_spawnp(&pid_, argv.front(), &files, &attributes, argv.data(), envp.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error == 0) {
      fd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
      return;
    }
    pid_ = -1;
    end_ = {Ending::kNotStarted, error,
            fmt::format("cannot start '{}': {}", argv.front(), std::strerror(error)), 0};
  }

  std::chrono::milliseconds limit_;
  size_t index_;
  pid_t pid_ = -1;
  int fd_ = -1;
  Clock::time_point begin_, deadline_;
  Ending forced_ = Ending::kExit;  ///< kTimeout or kStopped once it was asked to end
  TaskEnd end_;
};

}  // namespace

std::string TaskEnd::text() const {
  switch (how) {
    case Ending::kExit:
      return fmt::format("exit code {}", code);
    case Ending::kSignal:
      return fmt::format("ended by signal {} ({})", code, ::strsignal(code));
    case Ending::kTimeout:
      return fmt::format("time-out: killed after {:g} s", code / 1000.0);
    case Ending::kNotStarted:
      return reason;
    case Ending::kStopped:
      break;
  }
  return "stopped";
}

void run_tasks(const std::vector<Task>& tasks, int jobs, const Stop& stop,
               const std::function<void(size_t, const TaskEnd&)>& ended) {
  std::vector<std::unique_ptr<Child>> running;
  size_t next = 0;
  while (next < tasks.size() || !running.empty()) {
    const bool stopping = stop && stop();
    for (; stopping && next < tasks.size(); ++next) ended(next, TaskEnd{});
    while (next < tasks.size() && running.size() < static_cast<size_t>(std::max(1, jobs))) {
      running.push_back(std::make_unique<Child>(tasks[next], next));
      ++next;
    }
    int wait = kLookMs;
    std::vector<pollfd> sources;
    for (const auto& child : running) {
      if (stopping) child->force(Ending::kStopped);
      if (remaining_ms(child->deadline()) == 0) child->force(Ending::kTimeout);
      wait = std::min(wait, std::max(1, remaining_ms(child->deadline())));
      sources.push_back({child->fd(), POLLIN, 0});
    }
    std::vector<std::unique_ptr<Child>> left;
    bool progress = false;
    for (auto& child : running) {
      if (!child->over()) {
        left.push_back(std::move(child));
        continue;
      }
      progress = true;
      ended(child->index(), child->result());
    }
    running = std::move(left);
    if (!progress && !sources.empty()) ::poll(sources.data(), sources.size(), wait);
  }
}

TaskEnd run_task(const Task& task, const Stop& stop) {
  TaskEnd result;
  run_tasks({task}, 1, stop, [&](size_t, const TaskEnd& end) { result = end; });
  return result;
}

std::string shell_text(const std::vector<std::string>& environment,
                       const std::vector<std::string>& command) {
  std::string text;
  const auto add = [&text](const std::string& word) {
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                            "0123456789_-+=./:,@%") == std::string::npos;
    if (!text.empty()) text += ' ';
    if (plain) {
      text += word;
      return;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  };
  for (const std::string& variable : environment) add(variable);
  for (const std::string& word : command) add(word);
  return text;
}

}  // namespace crucible::regress
