#include "host/apps/terminal_reporter.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "host/apps/interrupt.hpp"

namespace crucible::apps {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kPlainLine{10};

std::string bar(double fraction) {
  constexpr int kWidth = 16;
  const int full = static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * kWidth));
  return std::string(static_cast<size_t>(full), '#') +
         std::string(static_cast<size_t>(kWidth - full), '.');
}

size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

TerminalReporter::TerminalReporter(bool live) : live_(live) {}

TerminalReporter::~TerminalReporter() { erase_live(); }

bool TerminalReporter::interrupted() const { return apps::interrupted(); }

void TerminalReporter::print(const std::string& text) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  fmt::print(stderr, "[{:6.1f} s] {}\n", seconds, text);
}

void TerminalReporter::erase_live() {
  if (live_) fmt::print(stderr, "\r\x1b[K");
}

void TerminalReporter::draw_live(bool now) {
  if (!live_ || (!now && Clock::now() - drawn_ < kRedraw)) return;
  drawn_ = Clock::now();
  std::string text;
  for (const auto& [name, activity] : activities_) {
    text += fmt::format("{}{} [{}] {}", text.empty() ? "" : "  |  ", name, bar(activity.fraction),
                        activity.note);
  }
  const size_t columns = terminal_columns();
  if (text.size() >= columns) text.resize(columns - 1);
  fmt::print(stderr, "\r\x1b[K{}", text);
  std::fflush(stderr);
}

void TerminalReporter::line(const std::string& text) {
  const std::scoped_lock lock(mutex_);
  erase_live();
  print(text);
  draw_live(true);
}

void TerminalReporter::progress(const std::string& activity, double fraction,
                                const std::string& note) {
  const std::scoped_lock lock(mutex_);
  const auto [entry, fresh] = activities_.try_emplace(activity);
  entry->second.fraction = fraction;
  entry->second.note = note;
  if (fresh) entry->second.printed = Clock::now();
  if (!live_ && Clock::now() - entry->second.printed >= kPlainLine) {
    entry->second.printed = Clock::now();
    print(fmt::format("{}: {:.0f} %, {}", activity, 100 * fraction, note));
  }
  draw_live(false);
}

void TerminalReporter::finish(const std::string& activity, const std::string& summary) {
  const std::scoped_lock lock(mutex_);
  activities_.erase(activity);
  erase_live();
  print(summary);
  draw_live(true);
}

}  // namespace crucible::apps
