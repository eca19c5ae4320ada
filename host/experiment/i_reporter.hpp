// Where a long job says how far it is. Implementations may be called from several threads at once.
#pragma once

#include <string>

namespace crucible::experiment {

class IReporter {
 public:
  virtual ~IReporter() = default;
  /// A line that stays.
  virtual void line(const std::string& text) = 0;
  /// How far an activity is, 0 .. 1; activities run side by side, each under its own name.
  virtual void progress(const std::string& activity, double fraction, const std::string& note) = 0;
  /// The activity is over; `summary` stays as a line.
  virtual void finish(const std::string& activity, const std::string& summary) = 0;
  /// The user wants the job to end with what it has so far.
  [[nodiscard]] virtual bool interrupted() const = 0;
};

}  // namespace crucible::experiment
