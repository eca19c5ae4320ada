// What all ranks but the first report to.
#pragma once

#include "host/apps/interrupt.hpp"
#include "host/experiment/i_reporter.hpp"

namespace crucible::apps {

class SilentReporter final : public experiment::IReporter {
 public:
  void line(const std::string&) override {}
  void progress(const std::string&, double, const std::string&) override {}
  void finish(const std::string&, const std::string&) override {}
  [[nodiscard]] bool interrupted() const override { return apps::interrupted(); }
};

}  // namespace crucible::apps
