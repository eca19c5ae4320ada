// A crucible-board started by a test with any arguments.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace crucible::sim {

class BoardProgram {
 public:
  /// Starts the program in a temporary folder of its own, {DIR} in an argument stands for it.
  explicit BoardProgram(std::vector<std::string> arguments);
  ~BoardProgram();
  BoardProgram(const BoardProgram&) = delete;
  BoardProgram& operator=(const BoardProgram&) = delete;

  /// The first line on stdout; empty when the program ends without one.
  [[nodiscard]] std::string ready_line();
  /// Exit code; -1 while it still runs after `patience`, 1000 + n after signal n.
  [[nodiscard]] int exit_code(std::chrono::milliseconds patience);
  [[nodiscard]] std::string errors() const;  ///< what it wrote to stderr
  void signal(int number) const;
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::filesystem::path folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  pid_t pid_ = -1;
  int stdout_ = -1;
  int code_ = -1;
};

}  // namespace crucible::sim
