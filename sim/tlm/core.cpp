#include "sim/tlm/core.hpp"

#include <algorithm>
#include <limits>

#include "models/error.hpp"

namespace crucible::sim {

Core::Core(sc_core::sc_module_name name, const spec::HardwareConfig& config, Control& control,
           const BoardClock& clock, bool assertions)
    : sc_module(name),
      config_(config),
      control_(control),
      clock_(clock),
      assertions_(assertions),
      initiator_(bus, delay_) {
  SC_HAS_PROCESS(Core);
  SC_THREAD(run);
}

std::span<uint32_t> Core::direct_memory() {
  tlm::tlm_generic_payload transaction;
  transaction.set_address(spec::kWindowMemory);
  tlm::tlm_dmi dmi;
  if (!bus->get_direct_mem_ptr(transaction, dmi) || !dmi.is_read_write_allowed())
    throw Error(ErrorKind::kInternal, "the board's memory gives its core no direct pointer");
  return {
      reinterpret_cast<uint32_t*>(dmi.get_dmi_ptr()),
      static_cast<size_t>(dmi.get_end_address() - dmi.get_start_address() + 1) / sizeof(uint32_t)};
}

void Core::run() {
  core_ = make_core(config_, direct_memory(), assertions_);
  keeper_.reset();
  while (true) {
    control_.catch_up(now());
    models::ControllerModel& control = control_.model();
    if (!control.running()) {
      waiting_ = false;
      rest();
    } else if (control.starts() != starts_) {
      starts_ = control.starts();
      waiting_ = false;
      core_->reset();
      keeper_.inc(clock_.period());
    } else if (waiting_ && control.irq_pending() == 0) {
      rest();
    } else {
      step();
    }
    if (keeper_.need_sync()) sync();
  }
}

void Core::sync() {
  progress_.notify(sc_core::SC_ZERO_TIME);
  keeper_.sync();
}

void Core::rest() {
  if (keeper_.get_local_time() != sc_core::SC_ZERO_TIME) return sync();  // and look again
  const uint64_t from = clock_.now(), until = control_.stable_until();
  if (!control_.model().running() || until == std::numeric_limits<uint64_t>::max())
    wait_for_change();
  else
    wait(clock_.time(until - std::min(until, from)), control_.changed());
  keeper_.reset();
  if (waiting_) core_->skip(clock_.now() - from);
}

void Core::wait_for_change() {
  resting_ = true;
  changes_ = control_.changes();
  progress_.notify(sc_core::SC_ZERO_TIME);
  wait(control_.changed());
  resting_ = false;
}

void Core::step() {
  const uint64_t quantum =
      std::max<uint64_t>(1, clock_.cycles(tlm_utils::tlm_quantumkeeper::get_global_quantum()));
  const uint64_t ahead = clock_.cycles(keeper_.get_local_time());
  const uint64_t cycle = now();
  const uint64_t cycles =
      std::min(quantum - std::min(ahead, quantum - 1), control_.stable_until() - cycle);
  models::ControllerModel& control = control_.model();
  uint64_t used = 0;
  const ICore::Stop stop = core_->run(cycles, control.irq_pending(), used);
  clocked_ += used;
  keeper_.inc(clock_.time(used));
  switch (stop) {
    case ICore::Stop::kBus: {
      const CoreAccess access = core_->access();
      uint32_t word = access.word;
      delay_ = keeper_.get_local_time();
      const models::BusResult result = access.write
                                           ? initiator_.write(access.address, {&word, 1}, 4)
                                           : initiator_.read(access.address, {&word, 1});
      core_->answer(result.status, word);
      break;
    }
    case ICore::Stop::kFault:
      control_.catch_up(now());
      control.fault(core_->access().address, core_->access().status, core_->access().write);
      break;
    case ICore::Stop::kTrap:
      control_.catch_up(now());
      control.trap();
      break;
    case ICore::Stop::kWaiting:
    case ICore::Stop::kAwake:
      control_.catch_up(now());
      waiting_ = stop == ICore::Stop::kWaiting;
      control.set_waiting(waiting_, waiting_ ? kCyclesBeforeWaiting : 0);
      break;
    default:
      break;
  }
}

}  // namespace crucible::sim
