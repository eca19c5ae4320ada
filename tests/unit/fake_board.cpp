// Stands for crucible-board in tests of a started process: the same command line, the device model
// behind its socket. FAKE_BOARD says how it behaves: (unset) well; exit: ends at once; mute: is
// never ready; stubborn: ignores SIGTERM and its client's end; dies: ends when the first client's
// second message arrives.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>

#include "tests/unit/link_device.hpp"

namespace {

using crucible::port::LinkDevice;

int serve(int listener, const std::string& mode) {
  const int client = ::accept(listener, nullptr, nullptr);
  LinkDevice device(crucible::spec::kConfigTiny);
  std::array<uint8_t, 4096> bytes;
  ssize_t count = 0;
  for (int message = 0; (count = ::read(client, bytes.data(), bytes.size())) > 0; ++message) {
    if (mode == "dies" && message == 1) {
      std::puts("the fake board dies as it was told");
      return 9;
    }
    const auto answer = device.take(std::span(bytes).first(static_cast<size_t>(count)));
    if (::write(client, answer.data(), answer.size()) < 0) break;
  }
  if (mode == "stubborn") ::pause();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i < argc; ++i) options[argv[i]] = i + 1 < argc ? argv[i + 1] : "";
  const char* named = std::getenv("FAKE_BOARD");
  const std::string mode = named != nullptr ? named : "";
  if (mode == "exit") {
    std::fputs("the fake board cannot start\n", stderr);
    return 3;
  }
  if (mode == "mute") ::pause();
  if (mode == "stubborn") std::signal(SIGTERM, SIG_IGN);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, options["--unix"].c_str(), sizeof address.sun_path - 1);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 1) != 0)
    return 4;
  std::ofstream(options["--ready-file"]) << "{}\n";
  return serve(listener, mode);
}
