#include "sim/verilated/assertion_log.hpp"

#include <verilated.h>

#include <cstdarg>
#include <cstdio>

namespace crucible::sim {
namespace {
thread_local AssertionLog* current_log = nullptr;
}

void AssertionLog::add_text(const std::string& text) {
  if (report_.size() < kMaxReport) report_ += text;
}

void AssertionLog::add_failure(const char* file, int line) {
  ++failures_;
  if (report_.find(file) == std::string::npos) {
    add_text(std::string("assertion at ") + file + ":" + std::to_string(line) + "\n");
  }
}

AssertionLog::Scope::Scope(AssertionLog& log) : outer_(current_log) { current_log = &log; }
AssertionLog::Scope::~Scope() { current_log = outer_; }

}  // namespace crucible::sim

// Hooks of Verilator's runtime (see verilator_hooks.h).
int crucible_rtl_printf(const char* format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (crucible::sim::current_log != nullptr) {
    crucible::sim::current_log->add_text(text);
  } else {
    std::fputs(text, stderr);
  }
  return length;
}

void vl_stop_maybe(const char* file, int line, const char*, bool) {
  Verilated::threadContextp()->errorCountInc();
  if (crucible::sim::current_log != nullptr) crucible::sim::current_log->add_failure(file, line);
}
