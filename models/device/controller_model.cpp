#include "models/device/controller_model.hpp"

#include <algorithm>
#include <limits>

#include "models/device/register_rules.hpp"

namespace crucible::models {

using spec::Status;

namespace {

constexpr uint32_t kWatchdogWarning = 1024;  // what is left when IRQ_PENDING.watchdog is set

constexpr size_t mailbox(uint32_t address) { return (address - spec::kRegMailbox0) / 4; }

}  // namespace

ControllerModel::ControllerModel(const spec::HardwareConfig& config) : config_(config) {}

BusResult ControllerModel::read(uint32_t address, std::span<uint32_t> words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const auto* found = existing_register(address + static_cast<uint32_t>(4 * i), config_);
    if (found == nullptr) return {Status::kBadAddress, i};
    if (found->access == spec::Access::kWriteOnly) return {Status::kAccess, i};
  }
  for (uint32_t& word : words) {
    word = value(address);
    address += 4;
  }
  return {};
}

BusResult ControllerModel::write(uint32_t address, std::span<const uint32_t> words, uint32_t step) {
  for (size_t i = 0; i < words.size(); ++i) {
    const auto* found = existing_register(address + static_cast<uint32_t>(i) * step, config_);
    if (found == nullptr) return {Status::kBadAddress, i};
    if (found->access == spec::Access::kReadOnly) return {Status::kAccess, i};
    if (!legal_register_value(*found, words[i])) return {Status::kBadValue, i};
  }
  for (const uint32_t word : words) {
    set(address, word);
    address += step;
  }
  return {};
}

uint32_t ControllerModel::value(uint32_t address) const {
  switch (address) {
    case spec::kRegCoreCtrl:
      return run_ ? spec::kCoreCtrlRunMask : 0;
    case spec::kRegCoreStatus:
      return (running() ? spec::kCoreStatusRunningMask : 0) |
             (running() && waiting_ ? spec::kCoreStatusWaitingMask : 0) |
             (trapped_ ? spec::kCoreStatusTrapMask : 0) |
             (expired_ ? spec::kCoreStatusWatchdogMask : 0);
    case spec::kRegIrqPending:
      return irq_pending_;
    case spec::kRegAttention:
      return attention_;
    case spec::kRegWatchdog:
      return watchdog_;
    case spec::kRegMemoryInfo:
      return static_cast<uint32_t>(config_.memory_bytes);
    case spec::kRegCoreCycles:
      return core_cycles_;
    case spec::kRegWaitCycles:
      return wait_cycles_;
    case spec::kRegFaultAddr:
      return fault_addr_;
    case spec::kRegFaultInfo:
      return fault_info_;
    default:
      return mailbox_[mailbox(address)];
  }
}

void ControllerModel::set(uint32_t address, uint32_t word) {
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
  if (run && !run_) {
    core_cycles_ = wait_cycles_ = 0;
    waiting_ = false;
    ++starts_;
  }
  if (!run) {
    expired_ = trapped_ = false;
    watchdog_ = 0;
  }
  run_ = run;
}

void ControllerModel::fault(uint32_t address, Status status, bool write) {
  if ((irq_pending_ & spec::kIrqPendingFaultMask) == 0) {
    fault_addr_ = address;
    fault_info_ = static_cast<uint32_t>(status) | (write ? spec::kFaultInfoWriteMask : 0);
  }
  irq_pending_ |= spec::kIrqPendingFaultMask;
}

void ControllerModel::trap() {
  if (!trapped_) attention_ |= spec::kAttentionTrapMask;
  trapped_ = true;
}

void ControllerModel::set_waiting(bool waiting, uint32_t counted) {
  waiting_ = waiting;
  wait_cycles_ += counted;
}

uint64_t ControllerModel::quiet_cycles() const {
  if (!watched()) return std::numeric_limits<uint64_t>::max();
  return watchdog_ > kWatchdogWarning ? watchdog_ - kWatchdogWarning : watchdog_;
}

void ControllerModel::advance(uint64_t cycles) {
  if (!running()) return;
  const uint64_t ran = watchdog_ != 0 ? std::min<uint64_t>(cycles, watchdog_) : cycles;
  core_cycles_ += static_cast<uint32_t>(ran);
  if (waiting_) wait_cycles_ += static_cast<uint32_t>(ran);
  if (watchdog_ == 0) return;
  if (watchdog_ > kWatchdogWarning && watchdog_ <= cycles + kWatchdogWarning)
    irq_pending_ |= spec::kIrqPendingWatchdogMask;
  watchdog_ -= static_cast<uint32_t>(ran);
  if (watchdog_ != 0) return;
  expired_ = true;
  attention_ |= spec::kAttentionWatchdogMask;
}

}  // namespace crucible::models
