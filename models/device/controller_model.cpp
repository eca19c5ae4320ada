#include "models/device/controller_model.hpp"

namespace crucible::models {

namespace {

constexpr uint32_t kWatchdogWarning = 1024;  // what is left when IRQ_PENDING.watchdog is set

constexpr size_t mailbox(uint32_t address) { return (address - spec::kRegMailbox0) / 4; }

}  // namespace

ControllerModel::ControllerModel(const spec::HardwareConfig& config)
    : memory_bytes_(static_cast<uint32_t>(config.memory_bytes)) {}

uint32_t ControllerModel::read(uint32_t address) const {
  switch (address) {
    case spec::kRegCoreCtrl:
      return run_ ? spec::kCoreCtrlRunMask : 0;
    case spec::kRegCoreStatus:
      return (running() ? spec::kCoreStatusRunningMask : 0) |
             (expired_ ? spec::kCoreStatusWatchdogMask : 0);
    case spec::kRegIrqPending:
      return irq_pending_;
    case spec::kRegAttention:
      return attention_;
    case spec::kRegWatchdog:
      return watchdog_;
    case spec::kRegMemoryInfo:
      return memory_bytes_;
    case spec::kRegCoreCycles:
      return core_cycles_;
    default:
      return address >= spec::kRegMailbox0 ? mailbox_[mailbox(address)] : 0;
  }
}

void ControllerModel::write(uint32_t address, uint32_t word) {
  switch (address) {
    case spec::kRegCoreCtrl:
      set_run((word & spec::kCoreCtrlRunMask) != 0);
      break;
    case spec::kRegIrqPending:
      irq_pending_ &= ~word;
      break;
    case spec::kRegDoorbell:
      if ((word & spec::kDoorbellRingMask) != 0) irq_pending_ |= spec::kIrqPendingDoorbellMask;
      break;
    case spec::kRegAttention:
      attention_ &= ~word;
      break;
    case spec::kRegWatchdog:
      watchdog_ = word;
      break;
    case spec::kRegNotify:
      if ((word & spec::kNotifyDoneMask) != 0) attention_ |= spec::kAttentionDoneMask;
      break;
    default:
      mailbox_[mailbox(address)] = word;
      break;
  }
}

void ControllerModel::set_run(bool run) {
  if (run && !run_) core_cycles_ = 0;
  if (!run) {
    expired_ = false;
    watchdog_ = 0;
  }
  run_ = run;
}

void ControllerModel::advance(uint64_t cycles) {
  if (!running()) return;
  core_cycles_ += static_cast<uint32_t>(cycles);
  if (watchdog_ == 0) return;
  if (watchdog_ > kWatchdogWarning && watchdog_ <= cycles + kWatchdogWarning)
    irq_pending_ |= spec::kIrqPendingWatchdogMask;
  if (watchdog_ > cycles) {
    watchdog_ -= static_cast<uint32_t>(cycles);
    return;
  }
  watchdog_ = 0;
  expired_ = true;
  attention_ |= spec::kAttentionWatchdogMask;
}

}  // namespace crucible::models
