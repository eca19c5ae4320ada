// Collects what the RTL's assertions say. Verilator reports through C hooks of the thread; the log
// of the model that is being evaluated is installed around each evaluation.
#pragma once

#include <string>

namespace crucible::sim {

class AssertionLog {
 public:
  [[nodiscard]] int failures() const { return failures_; }
  [[nodiscard]] const std::string& report() const { return report_; }

  void add_text(const std::string& text);
  void add_failure(const char* file, int line);

  /// Installs a log as this thread's for as long as the object lives.
  class Scope {
   public:
    explicit Scope(AssertionLog& log);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    AssertionLog* outer_;
  };

 private:
  static constexpr size_t kMaxReport =
      4096;  ///< characters; an assertion that fires every clock must not fill memory
  int failures_ = 0;
  std::string report_;
};

}  // namespace crucible::sim
