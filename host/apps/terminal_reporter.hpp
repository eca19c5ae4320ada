// Progress on stderr: a live line with bars on a terminal, plain lines otherwise.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "host/experiment/i_reporter.hpp"

namespace crucible::apps {

class TerminalReporter final : public experiment::IReporter {
 public:
  /// `live`: stderr is a terminal.
  explicit TerminalReporter(bool live);
  ~TerminalReporter() override;

  void line(const std::string& text) override;
  void progress(const std::string& activity, double fraction, const std::string& note) override;
  void finish(const std::string& activity, const std::string& summary) override;
  [[nodiscard]] bool interrupted() const override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Activity {
    double fraction = 0;
    std::string note;
    Clock::time_point printed;
  };
  void erase_live();
  void draw_live(bool now);
  void print(const std::string& text);

  std::mutex mutex_;
  bool live_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_{};
  std::map<std::string, Activity> activities_;
};

}  // namespace crucible::apps
