#include "host/apps/interrupt.hpp"

#include <csignal>

namespace crucible::apps {
namespace {

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t caught_signal = 0;

void remember(int signal) { caught_signal = signal; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);  // mpirun passes it on, and does not kill a second later
}

bool interrupted() { return caught_signal != 0; }

int interrupt_exit_code() { return caught_signal == 0 ? 0 : 128 + caught_signal; }

}  // namespace crucible::apps
