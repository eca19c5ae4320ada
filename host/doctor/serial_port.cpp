#include "host/doctor/serial_port.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace crucible::doctor {

namespace fs = std::filesystem;

namespace {

/// Whether another program has the port for itself, as open_serial_line() would find.
bool in_use(const fs::path& device) {
  const int fd = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno == EBUSY;
  const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) != 0;
  ::close(fd);
  return locked;
}

std::string group_name(gid_t group) {
  const struct group* known = ::getgrgid(group);
  return known != nullptr ? known->gr_name : std::to_string(group);
}

}  // namespace

std::string permission_advice(gid_t group, mode_t mode) {
  constexpr mode_t kBoth = S_IRGRP | S_IWGRP;
  if (group != 0 && (mode & kBoth) == kBoth)
    return fmt::format("`sudo usermod -aG {} $USER`, then log in again", group_name(group));
  return "give the port to a group by a udev rule, as boards/*/*.rules do, then plug in again";
}

Finding examine_port(const fs::path& device) {
  Finding finding{"port", Verdict::kFail, "", ""};
  struct stat status {};
  if (::stat(device.c_str(), &status) != 0) {
    finding.text = fmt::format("'{}': {}", device.string(), std::strerror(errno));
    finding.advice = "plug the board in and switch it on; `ls /dev/tty*` lists the ports";
    return finding;
  }
  if (!S_ISCHR(status.st_mode)) {
    finding.text = fmt::format("'{}' is no device file", device.string());
    finding.advice = "name the port of the board, such as /dev/ttyUSB1";
    return finding;
  }
  if (::access(device.c_str(), R_OK | W_OK) != 0) {
    finding.text = fmt::format("no permission for '{}', whose group is {} and mode {:03o}",
                               device.string(), group_name(status.st_gid), status.st_mode & 0777U);
    finding.advice = permission_advice(status.st_gid, status.st_mode);
    return finding;
  }
  if (in_use(device)) {
    finding.text = fmt::format("'{}' is in use by another program", device.string());
    finding.advice = fmt::format("end that program; `fuser -v {}` names it", device.string());
    return finding;
  }
  finding.verdict = Verdict::kPass;
  finding.text = fmt::format("'{}' may be read and written", device.string());
  return finding;
}

Finding examine_latency(const fs::path& device, const fs::path& sysfs) {
  constexpr int kShortest = 1;  // ms
  Finding finding{"latency", Verdict::kSkip, "", ""};
  std::error_code none;
  const fs::path real = fs::canonical(device, none);
  const fs::path timer =
      sysfs / "class/tty" / (none ? device : real).filename() / "device/latency_timer";
  int milliseconds = 0;
  if (!(std::ifstream(timer) >> milliseconds)) {
    finding.text = "the port has no latency timer (no FTDI chip)";
    return finding;
  }
  finding.text = fmt::format("the port's latency timer is {} ms", milliseconds);
  if (milliseconds <= kShortest) {
    finding.verdict = Verdict::kPass;
    return finding;
  }
  finding.verdict = Verdict::kFail;
  finding.advice =
      fmt::format("`echo {} | sudo tee {}`, or a udev rule that does it at every plugging in",
                  kShortest, timer.string());
  return finding;
}

}  // namespace crucible::doctor
