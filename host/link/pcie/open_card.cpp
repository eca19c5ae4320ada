#include "host/link/pcie/open_card.hpp"

#include "host/link/pcie/vfio_card.hpp"
#include "host/link/pcie/vfio_user_device.hpp"
#include "models/error.hpp"

namespace crucible::link {

std::unique_ptr<ICard> open_card(const Address& address) {
  switch (address.scheme) {
    case Scheme::kVfioUser:
      return std::make_unique<VfioCard>(
          std::make_unique<VfioUserDevice>(VfioUserDevice::Options{address.path, address.text}),
          address.text);
    default:
      throw Error(ErrorKind::kInternal, address.text + " is no card");
  }
}

}  // namespace crucible::link
