// The one error type: what went wrong, where, which value, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace crucible {

/// Kind of an error; decides the program's exit code.
enum class ErrorKind {
  kUsage = 2,     ///< command line, configuration or input file
  kData = 3,      ///< a file or array with wrong content, shape or type
  kDevice = 4,    ///< the device refuses, differs from what was asked for, or is missing
  kTimeout = 5,   ///< a deadline passed
  kMismatch = 6,  ///< two worlds that must agree do not
  kInternal = 7,  ///< cannot happen
};

/// Thrown by every part of Crucible. `what()` is the whole sentence for a person.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

}  // namespace crucible
