#include "host/link/pcie/open_card.hpp"

#include "host/link/pcie/kernel_vfio_device.hpp"
#include "host/link/pcie/sysfs_card.hpp"
#include "host/link/pcie/vfio_card.hpp"
#include "host/link/pcie/vfio_user_device.hpp"
#include "host/link/pcie/xdma_card.hpp"
#include "models/error.hpp"

namespace crucible::link {

std::unique_ptr<ICard> open_card(const Address& address, const KernelRoots& roots) {
  switch (address.scheme) {
    case Scheme::kVfioUser:
      return std::make_unique<VfioCard>(
          std::make_unique<VfioUserDevice>(VfioUserDevice::Options{address.path, address.text}),
          address.text);
    case Scheme::kVfio: {
      PciFunction function(roots, address.path, address.text);
      std::string name = function.describe();
      return std::make_unique<VfioCard>(
          std::make_unique<KernelVfioDevice>(std::move(function), roots), std::move(name));
    }
    case Scheme::kPcie:
      return std::make_unique<SysfsCard>(PciFunction(roots, address.path, address.text));
    case Scheme::kXdma:
      return std::make_unique<XdmaCard>(address.path, address.text);
    default:
      throw Error(ErrorKind::kInternal, address.text + " is no card");
  }
}

}  // namespace crucible::link
